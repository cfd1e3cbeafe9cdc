import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** The day before a full volume: nothing fails yet. */
export const purgeDisabled = defineFault({
	kind: 'purge-disabled',
	title: 'Purge job off',
	doc: 'Switches an archive’s purge job off and leaves the volume as it is.',
	mechanism: {
		id: 'purge-disabled',
		title: 'Retention (purge) is switched off, with room left on the volume',
		layer: 'storage',
	},
	parameters: z.strictObject({ archive: idSchema }),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive }) {
		(world.device(archive) as Archive).config.purgeEnabled = false;
	},
	present(world, { archive }) {
		return !(world.device(archive) as Archive).config.purgeEnabled;
	},
	describe: ({ archive }) => `The purge job of ${archive} was disabled; its volume still had room.`,
});
