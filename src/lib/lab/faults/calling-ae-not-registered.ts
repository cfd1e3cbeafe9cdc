import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** PS3.8 table 9-21: result 1, source 1, reason 3. */
export const callingAeNotRegistered = defineFault({
	kind: 'calling-ae-not-registered',
	title: 'Calling AE title not registered',
	doc: 'Removes an entry from an archive’s table of known nodes, so that this AE title is rejected.',
	mechanism: {
		id: 'calling-ae-unknown',
		title: 'Calling AE title is not registered at the acceptor',
		layer: 'association',
	},
	parameters: z.strictObject({ archive: idSchema, aeTitle: z.string().min(1).max(16) }),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive, aeTitle }) {
		const { nodes } = (world.device(archive) as Archive).config;
		const index = nodes.findIndex((node) => node.aeTitle === aeTitle);
		if (index >= 0) nodes.splice(index, 1);
	},
	present(world, { archive, aeTitle }) {
		return (world.device(archive) as Archive).node(aeTitle) === undefined;
	},
	describe: ({ archive, aeTitle }) =>
		`The table of known nodes of ${archive} had no entry for the AE title ${aeTitle}.`,
});
