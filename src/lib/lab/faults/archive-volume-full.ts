import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { usedPercent } from '#lib/hospital/devices/archive/volumes.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** PS3.4 table B.2-1: A7xx, refused, out of resources. */
export const archiveVolumeFull = defineFault({
	kind: 'archive-volume-full',
	title: 'Archive volume full, purge job off',
	doc: 'Disables an archive’s purge job and fills its image volume to the last byte.',
	mechanism: {
		id: 'volume-full',
		title: 'Volume is full because retention (purge) does not run',
		layer: 'storage',
	},
	parameters: z.strictObject({ archive: idSchema }),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive }) {
		const device = world.device(archive) as Archive;
		device.config.purgeEnabled = false;
		const grownBytes = device.volume.sizeBytes - device.volume.usedBytes;
		device.volume.usedBytes += grownBytes;
		// What piled up since the job stopped got its second copy all the same.
		device.holdings.bytes += grownBytes;
		device.holdings.withSecondCopyBytes += grownBytes;
		device.log('WARN', 'purge: job is disabled, nothing done');
	},
	present(world, { archive }) {
		const device = world.device(archive) as Archive;
		return !device.config.purgeEnabled || usedPercent(device.volume) >= 98;
	},
	describe: ({ archive }) =>
		`The purge job of ${archive} was disabled, so nothing was removed from the image volume until it was full.`,
});
