import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { ModalityConfig } from '#lib/hospital/devices/modality/config.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import type { World } from '#lib/hospital/world.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedAddress, documentedConfig } from './documented.ts';

/**
 * The modality and those it talks to disagree about its AE title. Renaming it back is the cure; so is a
 * renaming carried through: the archive knows the title as this very host and lets it store, and the RIS
 * schedules under it. Half of that, or an archive that lets anybody in, is no cure.
 */
export const ownAeTitleChanged = defineFault({
	kind: 'own-ae-title-changed',
	title: 'Own AE title of a modality changed',
	doc: 'Gives a modality another AE title of its own, as after a service visit or a new installation.',
	mechanism: {
		id: 'own-ae-title-wrong',
		title: 'Device uses another AE title of its own than was agreed',
		layer: 'association',
	},
	parameters: z.strictObject({ device: idSchema, to: z.string().min(1).max(16) }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, to }) {
		(world.device(device) as Modality).config.aeTitle = to;
	},
	present(world, { device }) {
		const { aeTitle } = (world.device(device) as Modality).config;
		const documented = documentedConfig<ModalityConfig>(world, device).aeTitle;
		return aeTitle !== documented && !isKnownEverywhere(world, device, aeTitle);
	},
	describe: ({ device, to }) =>
		`${device} presented itself as ${to}, a name that the systems it talks to do not have for it.`,
});

function isKnownEverywhere(world: World, deviceId: string, aeTitle: string): boolean {
	const addresses = world.device(deviceId).host.nics.map((nic) => nic.address);
	const archivesKnow = (world.devicesOfKind('archive') as Archive[]).every((archive) => {
		const node = archive.node(aeTitle);
		const address = documentedAddress(world, node?.host ?? '') ?? '';
		return node?.mayStore === true && addresses.includes(address);
	});
	return (
		archivesKnow &&
		(world.devicesOfKind('ris') as Ris[]).every((ris) => ris.config.stations[deviceId] === aeTitle)
	);
}
