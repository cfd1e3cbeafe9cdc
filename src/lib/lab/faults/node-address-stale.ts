import type { Archive, ArchiveConfig } from '#lib/hospital/devices/archive/archive.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedConfig, meansSameHost } from './documented.ts';

/**
 * The node may call the archive, but the archive does not find it: C-MOVE ends with A702, unable to perform
 * sub-operations (PS3.4 table C.4-2). Removing the entry is no cure.
 */
export const nodeAddressStale = defineFault({
	kind: 'node-address-stale',
	title: 'Node table has an old address',
	doc: 'Changes host or port of an entry of an archive’s node table, so that images cannot be sent there.',
	mechanism: {
		id: 'node-address-wrong',
		title: 'Node table has a wrong address or port for the node',
		layer: 'service',
	},
	parameters: z
		.strictObject({
			archive: idSchema,
			aeTitle: z.string().min(1).max(16),
			host: z.string().min(1).max(253).optional(),
			port: z.int().min(1).max(65_535).optional(),
		})
		.refine(({ host, port }) => host !== undefined || port !== undefined, {
			message: 'say what is wrong: host, port or both',
		}),
	component: ({ archive }) => archive,
	refersTo: ({ archive }) => [archive],
	inject(world, { archive, aeTitle, host, port }) {
		const node = (world.device(archive) as Archive).node(aeTitle);
		if (!node) return;
		node.host = host ?? node.host;
		node.port = port ?? node.port;
	},
	present(world, { archive, aeTitle }) {
		const documented = documentedConfig<ArchiveConfig>(world, archive).nodes.find(
			(node) => node.aeTitle === aeTitle,
		);
		if (!documented) return false;
		const node = (world.device(archive) as Archive).node(aeTitle);
		return node?.port !== documented.port || !meansSameHost(world, node.host, documented.host);
	},
	describe: ({ archive, aeTitle, host, port }) =>
		`The node table of ${archive} had ${[host, port === undefined ? undefined : `port ${port}`].filter(Boolean).join(', ')} for ${aeTitle}, where nothing waits for its images.`,
});
