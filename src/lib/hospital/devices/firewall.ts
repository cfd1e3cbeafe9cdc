import { z } from 'zod';
import { defineDevice } from '../define-device.ts';
import { Device } from '../device.ts';
import { clockText } from './console-text.ts';

const firewallConfigSchema = z.strictObject({});

/** A rule that lets everything through is not a repair but a hole. */
function isAnyAny(rule: {
	action: string;
	source: string;
	destination: string;
	port?: number;
}): boolean {
	return (
		rule.action === 'allow' &&
		rule.port === undefined &&
		(rule.source === 'any' || rule.destination === 'any')
	);
}

export class Firewall extends Device {
	#ruleCount = 0;

	newRuleId(): string {
		return `r${++this.#ruleCount}`;
	}

	override exposures(): string[] {
		const { rules, defaultAction } = this.host.firewall;
		const open = rules.filter((rule) => isAnyAny(rule) && rule.protocol !== 'icmp');
		return [
			...open.map((rule) => `rule ${rule.id} on ${this.title} lets any traffic pass`),
			...(defaultAction === 'allow' ? [`${this.title} lets pass what no rule matches`] : []),
		];
	}

	protected override onStart(): void {
		// Packets are filtered by the host itself; this is its management.
	}

	protected override onStop(): void {
		// Stopping the management does not stop the filtering.
	}
}

/** The firewall between the subnets: an ordered rule table and the log of what it dropped. */
export const firewall = defineDevice<z.infer<typeof firewallConfigSchema>, Firewall>({
	kind: 'firewall',
	title: 'Firewall',
	doc: 'Routes between the networks; the first rule that matches decides.',
	config: firewallConfigSchema,
	create: (environment) => new Firewall(environment),
	console: {
		status: (device) => [
			{ label: 'Rules', value: String(device.host.firewall.rules.length), tone: 'neutral' },
			{
				label: 'When no rule matches',
				value: device.host.firewall.defaultAction,
				tone: device.host.firewall.defaultAction === 'allow' ? 'bad' : 'good',
			},
		],
		settings: [],
		tables: [
			{
				id: 'rules',
				title: 'Rules, first match wins',
				configuration: true,
				columns: [
					{ id: 'action', label: 'Action' },
					{ id: 'source', label: 'Source', mono: true },
					{ id: 'destination', label: 'Destination', mono: true },
					{ id: 'protocol', label: 'Protocol' },
					{ id: 'port', label: 'Port', align: 'end' },
					{ id: 'comment', label: 'Comment' },
				],
				emptyText: 'There is no rule.',
				rows: (device) =>
					device.host.firewall.rules.map((rule) => ({
						id: rule.id,
						cells: {
							action: rule.action,
							source: rule.source,
							destination: rule.destination,
							protocol: rule.protocol,
							port: rule.port === undefined ? 'any' : String(rule.port),
							comment: rule.comment ?? '',
						},
						tone: 'neutral' as const,
					})),
			},
			{
				id: 'log',
				title: 'Denied traffic, newest first',
				columns: [
					{ id: 'time', label: 'Time', mono: true },
					{ id: 'action', label: 'Action' },
					{ id: 'rule', label: 'Rule' },
					{ id: 'source', label: 'Source', mono: true },
					{ id: 'destination', label: 'Destination', mono: true },
					{ id: 'service', label: 'Service', mono: true },
				],
				emptyText: 'Nothing was denied.',
				rows: (device) =>
					device.host.firewall.log
						.filter((entry) => entry.action !== 'allow')
						.map((entry, index) => ({
							id: String(index),
							cells: {
								time: clockText(device.world.epochUs + entry.timeUs + device.os.clockOffsetUs),
								action: entry.action,
								rule: entry.rule ?? 'default',
								source: entry.source,
								destination: entry.destination,
								service:
									entry.protocol === 'icmp'
										? entry.protocol
										: `${entry.protocol}/${entry.destinationPort}`,
							},
							tone: 'warning' as const,
						}))
						.reverse(),
			},
		],
		operations: [
			{
				id: 'add-rule',
				label: 'Request a new rule',
				help: 'The network engineer puts it at the top of the table.',
				minutes: 12,
				effect: 'change',
				fields: [
					{
						id: 'action',
						label: 'Action',
						kind: 'choice',
						choices: [
							{ value: 'allow', label: 'allow' },
							{ value: 'reject', label: 'reject' },
							{ value: 'drop', label: 'drop' },
						],
						required: true,
						initial: 'allow',
					},
					{ id: 'source', label: 'Source address, network or any', kind: 'text', required: true },
					{
						id: 'destination',
						label: 'Destination address, network or any',
						kind: 'text',
						required: true,
					},
					{
						id: 'protocol',
						label: 'Protocol',
						kind: 'choice',
						choices: ['tcp', 'udp', 'icmp', 'any'].map((value) => ({ value, label: value })),
						required: true,
						initial: 'tcp',
					},
					{
						id: 'port',
						label: 'Destination port (0 for any)',
						kind: 'integer',
						minimum: 0,
						maximum: 65_535,
						required: true,
						initial: 104,
					},
					{ id: 'comment', label: 'Comment', kind: 'text', required: false },
				],
				*run(device, { fields }) {
					const source = addressOrAny(fields['source']);
					const destination = addressOrAny(fields['destination']);
					if (!source || !destination) {
						return {
							text: 'Write source and destination as an address (10.20.10.12), a network (10.20.10.0/24) or any.',
							refused: true,
						};
					}
					const port = Number(fields['port']);
					const rule = {
						id: device.newRuleId(),
						action: fields['action'] as 'allow' | 'reject' | 'drop',
						source,
						destination,
						protocol: fields['protocol'] as 'tcp' | 'udp' | 'icmp' | 'any',
						...(port === 0 ? {} : { port }),
						comment: String(fields['comment'] ?? ''),
					};
					device.host.firewall.rules.unshift(rule);
					device.log('INFO', `rule ${rule.id} added: ${rule.action} ${source} to ${destination}`);
					return { text: `Rule ${rule.id} is active at the top of the table.` };
				},
			},
			{
				id: 'remove-rule',
				label: 'Request removal',
				minutes: 12,
				effect: 'change',
				table: 'rules',
				confirm: 'Ask the network engineer to remove this rule?',
				*run(device, { row }) {
					const { rules } = device.host.firewall;
					const index = rules.findIndex((rule) => rule.id === row);
					if (index < 0) return { text: `There is no rule ${row ?? ''}.`, refused: true };
					rules.splice(index, 1);
					device.log('INFO', `rule ${row ?? ''} removed`);
					return { text: `Rule ${row ?? ''} is removed.` };
				},
			},
		],
	},
});

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** A trimmed address, network or `any`; undefined for anything else. */
function addressOrAny(value: unknown): string | undefined {
	const text = String(value ?? '').trim();
	if (text === 'any') return text;
	const match = ADDRESS.exec(text);
	if (!match || match.slice(1, 5).some((part) => Number(part) > 255)) return undefined;
	return Number(match[5] ?? 32) <= 32 ? text : undefined;
}
