import { expect, test } from 'vitest';
import { readContent } from '../../../scripts/read-content.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import { arrive } from './play.fixture.ts';
import { leaksIn, secretsOf } from './proof/leaks.ts';
import type { Scenario } from './scenario-schema.ts';
import type { WorkbenchView } from './workbench-view.ts';

const content = readContent();
const IDS = [...content.scenarios.keys()];

/** Texts of faults and checks that would give the scenario away. */
function innerTexts(scenario: Scenario): string[] {
	const faults = [...scenario.faults, ...scenario.distractors].flatMap(
		({ id: _id, kind, at: _at, ...raw }) => {
			const definition = FAULT_DEFINITIONS.get(kind);
			return definition
				? [definition.title, definition.doc, definition.describe(definition.parameters.parse(raw))]
				: [];
		},
	);
	const symptoms = scenario.ticket.symptoms.map(({ says }) => `"${says}"`);
	const lists = ['faults', 'distractors', 'checks', 'solutions', 'wrong', 'debrief', 'mayChange'];
	return [...faults, ...symptoms, ...lists.map((key) => `"${key}":`), 'fault-injected', '"facts":'];
}

function leaksNow(scenario: Scenario, view: WorkbenchView): string[] {
	const sent = JSON.stringify(view);
	return [
		...leaksIn(scenario, view),
		...innerTexts(scenario).filter((text) => sent.includes(text)),
	];
}

test.each(IDS)('%s: the view gives nothing away at any moment', (id) => {
	const attempt = arrive(content, id);
	const { scenario } = attempt;
	expect(secretsOf(scenario).length).toBeGreaterThan(10);
	expect(leaksNow(scenario, attempt.view())).toEqual([]);
	for (const { action } of scenario.ticket.symptoms) attempt.perform(action);
	expect(leaksNow(scenario, attempt.view())).toEqual([]);
	attempt.perform({ kind: 'hint' });
	attempt.perform({ kind: 'look', device: 'pacs' });
	attempt.perform({ kind: 'wait', seconds: 1_200 });
	expect(attempt.view().hints.taken).toEqual([scenario.hints[0]]);
	expect(leaksNow(scenario, attempt.view())).toEqual([]);
	attempt.perform({
		kind: 'close',
		cause: 'I do not know what it was.',
		action: 'I did nothing about it.',
		prevention: 'I have no idea how.',
	});
	expect(leaksNow(scenario, attempt.view())).toEqual([]);
});

test('a secret that did get into a view is found', () => {
	const attempt = arrive(content, IDS[0] ?? '');
	const view = attempt.view();
	const hint = attempt.scenario.hints[1] ?? '';
	expect(leaksIn(attempt.scenario, { ...view, status: hint as 'open' })).toContain(hint);
	const [topic] = Object.values(attempt.scenario.people)[0]?.topics ?? [];
	expect(leaksIn(attempt.scenario, { ...view, status: topic?.says as 'open' })).toEqual([
		topic?.says,
	]);
});

test('all tickets of a hospital offer the same words, commands, map and shells', () => {
	const views = IDS.map((id) => arrive(content, id).view());
	const [first] = views;
	for (const view of views) {
		expect(view.vocabulary).toEqual(first?.vocabulary);
		expect(view.commands).toEqual(first?.commands);
		expect(view.map).toEqual(first?.map);
		expect(view.shells).toEqual(first?.shells);
	}
	const mechanisms = first?.vocabulary.mechanisms.map(({ id }) => id) ?? [];
	expect(new Set(mechanisms).size).toBe(mechanisms.length);
	for (const { mechanism } of FAULT_DEFINITIONS.values())
		expect(mechanisms).toContain(mechanism.id);
});

test('what the healthy hospital would show before the first look is the same', () => {
	for (const id of IDS) {
		const faulty = arrive(content, id).view();
		const healthy = arrive(content, id, 'test', { healthy: true, capture: false }).view();
		expect(faulty).toEqual(healthy);
	}
});

test('the view tells the ticket, who waits, and what was done', () => {
	const attempt = arrive(content, 'assoc-calling-aet-not-registered');
	attempt.perform({ kind: 'inform', person: 'ed-tech', text: 'I look into it.' });
	attempt.perform({ kind: 'inform', person: 'nobody', text: 'Is there somebody?' });
	const view = attempt.view();
	expect(view.ticket).toMatchObject({
		number: 'T-1042',
		from: 'Tomas Quill',
		fromRole: 'Lead technologist at CT 2',
		openedAt: '2026-03-09T07:40:00',
		informed: [
			{
				person: 'ed-tech',
				name: 'Tomas Quill',
				at: '2026-03-09T07:41:00',
				text: 'I look into it.',
			},
		],
	});
	expect(view.people.filter(({ waiting }) => waiting).map((person) => person.id)).toEqual([
		'ed-tech',
		'ed-physician',
	]);
	expect(view.clock.wallTime).toBe('2026-03-09T07:41:00');
	expect(view.shells[0]?.host).toBe('admin');
	expect(view.history.map(({ observation }) => observation.outcome)).toEqual(['done', 'refused']);
	expect(view.files.map(({ path }) => path)).toEqual([
		'/home/you/test-image.dcm',
		'/home/you/test-update.hl7',
	]);
	// Plain data: what the browser gets is what was meant.
	expect(JSON.parse(JSON.stringify(view))).toEqual(view);
});
