import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { ruleMatches } from '#lib/network/firewall.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

/** Shares its mechanism with the missing rule: from outside, and for the repair, they are one cause. */
export const firewallRejects = defineFault({
	kind: 'firewall-rejects',
	title: 'Firewall denies a needed flow by a new rule',
	doc: 'Puts a rule on top of a firewall’s table that rejects or drops a connection, as after a change.',
	mechanism: {
		id: 'firewall-blocks',
		title: 'Firewall does not let the connection pass',
		layer: 'network',
	},
	parameters: z.strictObject({
		firewall: idSchema,
		/** The id of the new rule. */
		rule: idSchema,
		/** `reject` answers with an ICMP error, `drop` with silence. */
		action: z.enum(['reject', 'drop']).default('reject'),
		source: z.ipv4(),
		destination: z.ipv4(),
		port: z.int().min(1).max(65_535),
		comment: z.string().max(80).default(''),
	}),
	component: ({ firewall }) => firewall,
	refersTo: ({ firewall }) => [firewall],
	inject(world, { firewall, rule, action, source, destination, port, comment }) {
		world.host(firewall).firewall.rules.unshift({
			id: rule,
			action,
			source,
			destination,
			protocol: 'tcp',
			port,
			comment,
		});
	},
	present(world, { firewall, source, destination, port }) {
		const { rules, defaultAction } = world.host(firewall).firewall;
		const decisive = rules.find((candidate) =>
			ruleMatches(candidate, {
				protocol: 'tcp',
				source,
				sourcePort: 49_152,
				destination,
				destinationPort: port,
			}),
		);
		return (decisive?.action ?? defaultAction) !== 'allow';
	},
	describe: ({ rule, action, source, destination, port }) =>
		`The new rule “${rule}” ${action === 'drop' ? 'dropped' : 'rejected'} connections from ${source} to ${destination} port ${port} before the older rules were asked.`,
});
