import { seconds } from '#lib/kernel/time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Firewall } from './firewall.ts';
import type { FirewallRule } from './network-spec.ts';
import { reverseFlow, type Flow } from './packet.ts';

const flow: Flow = {
	protocol: 'tcp',
	source: '10.20.10.12',
	sourcePort: 50_000,
	destination: '10.20.20.10',
	destinationPort: 104,
};

const nothing = (): void => undefined;

const rule = fc.record({
	id: fc.string(),
	action: fc.constantFrom('allow' as const, 'reject' as const, 'drop' as const),
	source: fc.constantFrom('any', '10.20.10.0/24', '10.20.10.12', '10.20.30.0/24', 'nonsense'),
	destination: fc.constantFrom('any', '10.20.20.10', '10.20.20.0/24', '10.0.0.0/8', '1.2.3.4'),
	protocol: fc.constantFrom('any' as const, 'tcp' as const, 'icmp' as const, 'udp' as const),
});

const MATCHING = {
	source: ['any', '10.20.10.0/24', '10.20.10.12'],
	destination: ['any', '10.20.20.10', '10.20.20.0/24', '10.0.0.0/8'],
	protocol: ['any', 'tcp'],
};

test('the first rule that matches decides, else the default', () => {
	fc.assert(
		fc.property(fc.array(rule, { maxLength: 6 }), (rules) => {
			const firewall = new Firewall(rules, 'drop', nothing);
			const first = rules.find(
				(r) =>
					MATCHING.source.includes(r.source) &&
					MATCHING.destination.includes(r.destination) &&
					MATCHING.protocol.includes(r.protocol),
			);
			const decision = firewall.decide(flow, 'open', 0);
			expect(decision.pass ? 'allow' : decision.action).toBe(first?.action ?? 'drop');
		}),
	);
});

test('a port narrows a rule', () => {
	const rules: FirewallRule[] = [
		{ id: 'r', action: 'allow', source: 'any', destination: 'any', protocol: 'tcp', port: 104 },
	];
	const firewall = new Firewall(rules, 'reject', nothing);
	expect(firewall.decide(flow, 'open', 0).pass).toBe(true);
	const other = { ...flow, destinationPort: 11112 };
	expect(firewall.decide(other, 'open', 0)).toMatchObject({ action: 'reject', rule: 'default' });
	expect(firewall.log).toHaveLength(1);
});

test('replies pass because of their flow, and only then', () => {
	const rules: FirewallRule[] = [
		{ id: 'out', action: 'allow', source: '10.20.10.0/24', destination: 'any', protocol: 'tcp' },
	];
	const firewall = new Firewall(rules, 'drop', nothing);
	expect(firewall.decide(reverseFlow(flow), 'established', 0)).toMatchObject({ action: 'drop' });
	expect(firewall.decide(flow, 'open', 0).pass).toBe(true);
	expect(firewall.decide(reverseFlow(flow), 'established', 1).pass).toBe(true);
	expect(firewall.decide(reverseFlow(flow), 'open', 1)).toMatchObject({ pass: false });
});

test('a SYN that was not answered is judged anew; an answered flow is not', () => {
	const allow: FirewallRule[] = [
		{ id: 'r', action: 'allow', source: 'any', destination: 'any', protocol: 'any' },
	];
	const firewall = new Firewall(allow, 'drop', nothing);
	firewall.decide(flow, 'open', 0);
	firewall.rules = [];
	expect(firewall.decide(flow, 'open', seconds(1)).pass).toBe(false);
	firewall.rules = allow;
	firewall.decide(flow, 'open', seconds(3));
	firewall.decide(reverseFlow(flow), 'established', seconds(3));
	firewall.rules = [];
	expect(firewall.decide(flow, 'established', seconds(4)).pass).toBe(true);
	expect(firewall.sessions(seconds(4))).toHaveLength(1);
	firewall.clearSessions();
	expect(firewall.decide(flow, 'established', seconds(5)).pass).toBe(false);
});

test('the log is bounded', () => {
	const firewall = new Firewall([], 'drop', nothing);
	for (let port = 1; port <= 1_500; port++) {
		firewall.decide({ ...flow, destinationPort: port }, 'open', port);
	}
	expect(firewall.log).toHaveLength(1_000);
	expect(firewall.log.at(-1)).toMatchObject({ destinationPort: 1_500, rule: 'default' });
});
