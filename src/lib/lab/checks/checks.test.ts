import { minutes } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { readContent } from '../../../../scripts/read-content.ts';
import type { Action } from '../action.ts';
import type { CaseFile } from '../case-file.ts';
import type { CheckResult } from '../define-check.ts';
import type { ActionRecord } from '../evidence.ts';
import { playToEnd } from '../play.fixture.ts';
import { CHECK_DEFINITIONS } from './catalogue.ts';

const CALLING = 'assoc-calling-aet-not-registered';
const content = readContent();
const solution = content.scenarios.get(CALLING)?.solutions[0]?.actions ?? [];

const solved = playToEnd(content, CALLING, solution).evidence();
const idle = playToEnd(content, CALLING, []).evidence();

function evaluate(evidence: CaseFile, kind: string, raw: object): CheckResult {
	const definition = CHECK_DEFINITIONS.get(kind);
	if (!definition) throw new Error(`no check kind "${kind}"`);
	return definition.evaluate(evidence, definition.parameters.parse(raw));
}

/** The sequence numbers of the solution's actions that are like this. */
const steps = (like: (action: Action) => boolean): number[] =>
	solution.flatMap((action, i) => (like(action) ? [i] : []));

function withRecords(change: (records: ActionRecord[]) => ActionRecord[]): CaseFile {
	return { ...solved, records: change([...solved.records]) };
}

const CASES: [kind: string, raw: object, actions: number[]][] = [
	['study-arrives', { from: 'ct2' }, steps(({ kind }) => kind === 'operate')],
	['fault-gone', { fault: 'f1' }, steps(({ kind }) => kind === 'operate')],
	[
		'queue-drained',
		{ device: 'ct2' },
		steps((action) => action.kind === 'call' && action.topic === 'send-again'),
	],
	[
		'retested',
		{ device: 'ct2' },
		steps((action) => action.kind === 'call' && action.topic === 'verify-archive'),
	],
	[
		'people-informed',
		{ people: ['ed-tech', 'ed-physician'] },
		steps(({ kind }) => kind === 'inform'),
	],
	['ticket-closed', {}, steps(({ kind }) => kind === 'close')],
];

test('every kind is tested here', () => {
	expect(CASES.map(([kind]) => kind).sort()).toEqual([...CHECK_DEFINITIONS.keys()].sort());
});

test.each(CASES)('%s holds for the solution and fails for doing nothing', (kind, raw, actions) => {
	const held = evaluate(solved, kind, raw);
	expect(held).toMatchObject({ holds: true, actions });
	expect(held.missed).toBeUndefined();
	const failed = evaluate(idle, kind, raw);
	expect(failed).toMatchObject({ holds: false, actions: [] });
	expect(failed.missed).toMatch(/^[A-Z].*\.$/);
	for (const { text } of [held, failed]) expect(text).toMatch(/^[A-Z\d].*\.$/);
});

test.each(CASES)('%s has strict parameters', (kind, raw) => {
	const definition = CHECK_DEFINITIONS.get(kind);
	expect(definition?.parameters.safeParse(raw).success).toBe(true);
	expect(definition?.parameters.safeParse({ ...raw, surprise: 1 }).success).toBe(false);
	expect(definition?.doc).toMatch(/\?$/);
});

test('study-arrives wants new studies after the last change, all of them complete', () => {
	const { orders } = solved.world.records;
	const since = solved.records.findLast(({ changed }) => changed)?.observation.endedUs ?? 0;
	const fresh = orders.filter(
		({ device, acquiredUs = 0 }) =>
			device === 'ct2' && acquiredUs >= since && acquiredUs <= solved.watchedUntilUs - minutes(6),
	);
	expect(fresh.length).toBeGreaterThan(0);
	expect(evaluate(solved, 'study-arrives', { from: 'ct2' }).text).toContain(
		`${fresh.length} of ${fresh.length} new studies`,
	);
	const [one] = fresh;
	const { archivedUs } = one ?? {};
	if (!one || archivedUs === undefined) throw new Error('no new study');
	delete one.archivedUs;
	expect(evaluate(solved, 'study-arrives', { from: 'ct2' }).holds).toBe(false);
	one.archivedUs = archivedUs;
	const early = { ...solved, watchedUntilUs: since + minutes(6) };
	expect(evaluate(early, 'study-arrives', { from: 'ct2' })).toMatchObject({
		holds: false,
		text: 'No new study of CT 2 was there to prove that sending works.',
	});
});

test('queue-drained tells of the device it asks about only', () => {
	// CT 1 never failed; the call was to the technologist of CT 2.
	expect(evaluate(solved, 'queue-drained', { device: 'ct1' })).toMatchObject({
		holds: true,
		actions: [],
	});
	expect(evaluate(idle, 'queue-drained', { device: 'ct2' }).text).toMatch(
		/^[1-9]\d* studies of CT 2 never reached the archive; [1-9]\d* still stand as failed/,
	);
});

test('retested wants the proof after the last change, from that device', () => {
	const before = withRecords((records) =>
		records.map((record) =>
			record.action.kind === 'inform' ? { ...record, changed: true } : record,
		),
	);
	expect(evaluate(before, 'retested', { device: 'ct2' }).holds).toBe(false);
	expect(evaluate(solved, 'retested', { device: 'ct1' }).holds).toBe(false);
	const facts = ['told ct2 Send queue: good'];
	expect(evaluate(solved, 'retested', { device: 'ct2', facts }).holds).toBe(false);
	const nothingChanged = withRecords((records) =>
		records.map((record) => ({ ...record, changed: false })),
	);
	expect(evaluate(nothingChanged, 'retested', { device: 'ct2' }).holds).toBe(false);
});

test('people-informed names who was left out', () => {
	const missing = withRecords((records) =>
		records.filter(({ action }) => action.kind !== 'inform' || action.person === 'ed-tech'),
	);
	const people = ['ed-tech', 'ed-physician'];
	expect(evaluate(missing, 'people-informed', { people })).toMatchObject({
		holds: false,
		text: 'Not told: Dr. Owen Tarn.',
	});
});

test('ticket-closed wants a sentence on each', () => {
	const short = withRecords((records) =>
		records.map((record) =>
			record.action.kind === 'close'
				? { ...record, action: { ...record.action, cause: 'dunno', prevention: 'x' } }
				: record,
		),
	);
	expect(evaluate(short, 'ticket-closed', {})).toMatchObject({
		holds: false,
		text: 'The closing note says too little about: cause, prevention.',
	});
});

test('fault-gone holds only for a fault of the scenario', () => {
	expect(evaluate(solved, 'fault-gone', { fault: 'f9' }).holds).toBe(false);
});
