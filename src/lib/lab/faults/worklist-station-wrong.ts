import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedConfig } from './documented.ts';

/**
 * The query asks for Scheduled Station AE Title (0040,0001) and matches nothing: a success without entries
 * (PS3.4 K.4). Renaming the modality is no cure: the archive would not know it.
 */
export const worklistStationWrong = defineFault({
	kind: 'worklist-station-wrong',
	title: 'Worklist under another station',
	doc: 'Gives the RIS another AE title for a station, so that the modality finds no orders of its own.',
	mechanism: {
		id: 'worklist-station-wrong',
		title: 'Worklist has the orders under another station AE title',
		layer: 'service',
	},
	parameters: z.strictObject({
		ris: idSchema,
		/** The station: a modality. */
		device: idSchema,
		to: z.string().min(1).max(16),
	}),
	component: ({ ris }) => ris,
	refersTo: ({ ris, device }) => [ris, device],
	inject(world, { ris, device, to }) {
		(world.device(ris) as Ris).config.stations[device] = to;
	},
	present(world, { ris, device }) {
		const documented = documentedConfig<Ris['config']>(world, ris).stations[device];
		return (world.device(ris) as Ris).config.stations[device] !== documented;
	},
	describe: ({ ris, device, to }) =>
		`${ris} scheduled the orders of ${device} under the station AE title ${to}, which ${device} does not ask for.`,
});
