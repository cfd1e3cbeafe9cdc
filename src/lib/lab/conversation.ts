import type { Process } from '#lib/kernel/process.ts';
import type { OperationResult } from '#lib/hospital/define-device.ts';
import type { Device } from '#lib/hospital/device.ts';
import type { World } from '#lib/hospital/world.ts';
import { consoleFacts } from './console-facts.ts';
import type { Scenario } from './scenario-schema.ts';

/** Something one can ask on the phone. */
export interface Topic {
	id: string;
	label: string;
	/** What it does to the hospital, as for operations of a console. */
	effect: 'none' | 'work';
	answer(): Process<{ text: string; facts: string[]; traffic?: OperationResult['traffic'] }>;
}

/** What one can ask anybody; a scenario says what they know, otherwise they do not know. */
const GENERAL_TOPICS: { id: string; label: string; unknown: string }[] = [
	{
		id: 'what-changed',
		label: 'Has anything been changed recently?',
		unknown: 'Not that I know of.',
	},
	{ id: 'who-else', label: 'Who else has the problem?', unknown: 'I don’t know about others.' },
	{ id: 'since-when', label: 'Since when, and what worked last?', unknown: 'I can’t say exactly.' },
];

/**
 * What a person can be asked: what the scenario lets them know, and, for those who sit at a device, to read
 * out its screen and to press its buttons. They only ever tell what is true.
 */
export function topicsOf(world: World, scenario: Scenario, personId: string): Topic[] {
	const authored = scenario.people[personId]?.topics ?? [];
	const said = (says: string, id: string): Topic['answer'] =>
		function* () {
			return { text: says, facts: [`${personId} about ${id}`] };
		};
	const general = GENERAL_TOPICS.map(({ id, label, unknown }): Topic => {
		const known = authored.find((topic) => topic.asks === id);
		return { id, label, effect: 'none', answer: said(known?.says ?? unknown, id) };
	});
	const special = authored
		.filter((topic) => !GENERAL_TOPICS.some(({ id }) => id === topic.asks))
		.map((topic): Topic => ({
			id: topic.asks,
			label: topic.label ?? topic.asks,
			effect: 'none',
			answer: said(topic.says, topic.asks),
		}));
	const device = [...world.devices.values()].find((d) => d.operator === personId);
	return [...general, ...special, ...(device ? deviceTopics(world, device) : [])];
}

function deviceTopics(world: World, device: Device): Topic[] {
	const topics: Topic[] = [
		{
			id: 'read-screen',
			label: `What does the screen of ${device.title} say?`,
			effect: 'none',
			*answer() {
				return readScreen(world, device);
			},
		},
	];
	const press = (operationId: string, id: string, label: string, effect: Topic['effect']): void => {
		const operation = world.operation(device, operationId);
		if (!operation) return;
		topics.push({
			id,
			label,
			effect,
			*answer() {
				const result = yield* world.operate(device, operation, { row: undefined, fields: {} });
				return {
					text: `I pressed “${operation.label}”. It says: ${result.text}`,
					facts: result.facts ?? [],
					...(result.traffic ? { traffic: result.traffic } : {}),
				};
			},
		});
	};
	press('verify-archive', 'verify-archive', 'Please press Verify for the archive.', 'none');
	press('verify-worklist', 'verify-worklist', 'Please press Verify for the worklist.', 'none');
	press('query-worklist', 'refresh-worklist', 'Please refresh the worklist.', 'none');
	press('refresh-list', 'refresh-list', 'Please refresh your reading list.', 'none');
	press('send-all-failed', 'send-again', 'Please send all failed studies again.', 'work');
	return topics;
}

/** The status lines, and the newest rows that are not in order, as somebody reads them out. */
function readScreen(world: World, device: Device): { text: string; facts: string[] } {
	const view = world.console(device);
	const lines = view.status.map(({ label, value }) => `${label}: ${value}.`);
	for (const table of view.tables) {
		const row = table.rows.find((r) => r.tone === 'bad');
		if (!row) continue;
		const cells = table.columns
			.map((column) => row.cells[column.id] ?? '')
			.filter((cell) => cell !== '');
		lines.push(`Under “${table.title}” the newest one in red says: ${cells.join(', ')}.`);
	}
	return { text: lines.join('\n'), facts: consoleFacts(view, 'told') };
}
