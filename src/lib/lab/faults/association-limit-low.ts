import type { Archive, ArchiveConfig } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedConfig } from './documented.ts';
import { holdAssociation } from './hold-association.ts';

/**
 * PS3.8 table 9-21: result 2, source 3, reason 2, and only while others are connected. Too low is a limit below
 * the number of nodes that the archive is documented to serve.
 */
export const associationLimitLow = defineFault({
	kind: 'association-limit-low',
	title: 'Association limit too low',
	doc: 'Lowers the number of associations an archive accepts at the same time; a node may keep one of them in use for good.',
	mechanism: {
		id: 'association-limit-low',
		title: 'Limit of simultaneous associations is too low',
		layer: 'association',
	},
	parameters: z.strictObject({
		archive: idSchema,
		maximum: z.int().min(1).max(500),
		/** A node that keeps an association open. Without one a low limit shows only when two meet by chance. */
		occupant: z.strictObject({ host: idSchema, aeTitle: z.string().min(1).max(16) }).optional(),
	}),
	component: ({ archive }) => archive,
	refersTo: ({ archive, occupant }) => [archive, ...(occupant ? [occupant.host] : [])],
	inject(world, { archive, maximum, occupant }) {
		const device = world.device(archive) as Archive;
		device.config.maximumAssociations = maximum;
		if (!occupant) return;
		const target = {
			host: device.host.nics[0]?.address ?? '',
			port: device.config.port,
			calledAeTitle: device.config.aeTitle,
			callingAeTitle: occupant.aeTitle,
			implementation: PRODUCTS.workstation,
		};
		world.kernel.spawn(
			`fault.${occupant.host}.association`,
			holdAssociation(world, occupant.host, target),
		);
	},
	present(world, { archive }) {
		const needed = documentedConfig<ArchiveConfig>(world, archive).nodes.length;
		return (world.device(archive) as Archive).config.maximumAssociations < needed;
	},
	describe: ({ archive, maximum }) =>
		`${archive} accepted no more than ${maximum} ${maximum === 1 ? 'association' : 'associations'} at the same time and rejected any further one.`,
});
