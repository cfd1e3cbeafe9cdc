import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** PS3.7 annex C: 0124, not authorized, though the association was accepted. Removing the entry is no cure. */
export const nodeMayNotStore = defineFault({
	kind: 'node-may-not-store',
	title: 'Node may not store',
	doc: 'Takes the right to store from an entry of an archive’s node table.',
	mechanism: {
		id: 'node-right-missing',
		title: 'Node is registered but lacks the right to this service',
		layer: 'service',
	},
	parameters: z.strictObject({ archive: idSchema, aeTitle: z.string().min(1).max(16) }),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive, aeTitle }) {
		const node = (world.device(archive) as Archive).node(aeTitle);
		if (node) node.mayStore = false;
	},
	present(world, { archive, aeTitle }) {
		return (world.device(archive) as Archive).node(aeTitle)?.mayStore !== true;
	},
	describe: ({ archive, aeTitle }) =>
		`The entry of ${aeTitle} in the node table of ${archive} did not allow storing.`,
});
