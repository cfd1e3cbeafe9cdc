import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { usedPercent } from '#lib/hospital/devices/archive/volumes.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** Harmless for now: a full volume is another kind. */
export const volumeFilling = defineFault({
	kind: 'volume-filling',
	title: 'Volume filling up',
	doc: 'Fills a volume of a host to a share of its size that still leaves room; made to distract.',
	mechanism: {
		id: 'volume-filling',
		title: 'Volume is filling up but still has room',
		layer: 'storage',
	},
	parameters: z.strictObject({
		host: idSchema,
		volume: idSchema,
		/** As `df` shows it. A volume that holds more already is left as it is. */
		percent: z.int().min(1).max(97),
	}),
	component: ({ host }) => host,
	refersTo: ({ host }) => [host],
	inject(world, { host, volume: id, percent }) {
		const volume = world.system(host).volumes.find((candidate) => candidate.id === id);
		if (!volume) throw new RangeError(`host "${host}" has no volume "${id}"`);
		const wantedBytes = Math.floor((volume.sizeBytes * percent) / 100);
		const grownBytes = Math.max(0, wantedBytes - volume.usedBytes);
		volume.usedBytes += grownBytes;
		// On an image volume it is studies that grew, and they have their second copy.
		for (const archive of world.devicesOfKind('archive') as Archive[]) {
			if (archive.volume !== volume) continue;
			archive.holdings.bytes += grownBytes;
			archive.holdings.withSecondCopyBytes += grownBytes;
		}
	},
	present(world, { host, volume: id, percent }) {
		const volume = world.system(host).volumes.find((candidate) => candidate.id === id);
		return volume !== undefined && usedPercent(volume) >= percent;
	},
	describe: ({ host, volume, percent }) =>
		`The volume ${volume} of ${host} was ${percent} % full, which did no harm yet.`,
});
