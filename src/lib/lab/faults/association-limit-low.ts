import type { Archive, ArchiveConfig } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedConfig } from './documented.ts';

/**
 * PS3.8 table 9-21: result 2, source 3, reason 2, and only while others are connected. Too low is a limit below
 * the number of nodes that the archive is documented to serve.
 */
export const associationLimitLow = defineFault({
	kind: 'association-limit-low',
	title: 'Association limit too low',
	doc: 'Lowers the number of associations an archive accepts at the same time.',
	mechanism: {
		id: 'association-limit-low',
		title: 'Limit of simultaneous associations is too low',
		layer: 'association',
	},
	parameters: z.strictObject({ archive: idSchema, maximum: z.int().min(1).max(500) }),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive, maximum }) {
		(world.device(archive) as Archive).config.maximumAssociations = maximum;
	},
	present(world, { archive }) {
		const needed = documentedConfig<ArchiveConfig>(world, archive).nodes.length;
		return (world.device(archive) as Archive).config.maximumAssociations < needed;
	},
	describe: ({ archive, maximum }) =>
		`${archive} accepted no more than ${maximum} associations at the same time and rejected all further ones.`,
});
