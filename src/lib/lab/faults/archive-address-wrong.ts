import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { meansSameHost } from './documented.ts';
import { documentedPeer, peerSetting } from './peer-setting.ts';

/** Name or address: the cure is whatever leads to the archive as documented. */
export const archiveAddressWrong = defineFault({
	kind: 'archive-address-wrong',
	title: 'Archive address wrong at a device',
	doc: 'Changes the host name or address that a modality or workstation has set for its archive.',
	mechanism: {
		id: 'peer-address-wrong',
		title: 'Device has a wrong host name or address for its peer',
		layer: 'network',
	},
	parameters: z.strictObject({ device: idSchema, to: z.string().min(1).max(253) }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, to }) {
		peerSetting(world, device, 'archive').host = to;
	},
	present(world, { device }) {
		const { host } = peerSetting(world, device, 'archive');
		return !meansSameHost(world, host, documentedPeer(world, device, 'archive').host);
	},
	describe: ({ device, to }) => `${device} looked for the archive at ${to}, where it is not.`,
});
