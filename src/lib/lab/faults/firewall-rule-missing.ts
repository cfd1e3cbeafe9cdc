import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { ruleMatches } from '#lib/network/firewall.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const firewallRuleMissing = defineFault({
	kind: 'firewall-rule-missing',
	title: 'Firewall drops a needed flow',
	doc: 'Removes a rule from a firewall; what it let pass now meets the default action.',
	mechanism: {
		id: 'firewall-blocks',
		title: 'Firewall does not let the connection pass',
		layer: 'network',
	},
	parameters: z.strictObject({
		firewall: idSchema,
		rule: idSchema,
		/** The connection the rule was for; the fault is cured when it passes again. */
		source: z.ipv4(),
		destination: z.ipv4(),
		port: z.int().min(1).max(65_535),
	}),
	component: ({ firewall }) => firewall,
	refersTo: ({ firewall }) => [firewall],
	inject(world, { firewall, rule }) {
		const { rules } = world.host(firewall).firewall;
		const index = rules.findIndex((r) => r.id === rule);
		if (index >= 0) rules.splice(index, 1);
	},
	present(world, { firewall, source, destination, port }) {
		const { rules, defaultAction } = world.host(firewall).firewall;
		const flow = {
			protocol: 'tcp',
			source,
			sourcePort: 49_152,
			destination,
			destinationPort: port,
		} as const;
		const decisive = rules.find((rule) => ruleMatches(rule, flow));
		return (decisive?.action ?? defaultAction) !== 'allow';
	},
	describe: ({ rule, source, destination, port }) =>
		`The rule “${rule}” was gone, so connections from ${source} to ${destination} port ${port} were dropped without an answer.`,
});
