import { describe, expect, test } from 'vitest';
import { readContent } from '../../../scripts/read-content.ts';
import type { Action } from '#lib/lab/action.ts';
import type { CaseFile } from '#lib/lab/case-file.ts';
import type { ActionRecord } from '#lib/lab/evidence.ts';
import { judge } from './judge.ts';
import { judged, solutionOf, type JudgedRun } from './play.fixture.ts';
import { RUBRIC } from './rubric.ts';
import type { ScoreLine } from './score.ts';

const content = readContent();
const IDS = [...content.scenarios.keys()];
const CALLING = 'assoc-calling-aet-not-registered';
const DISK = 'store-disk-full-a700';

const solution = solutionOf(content, CALLING);
const ACCEPT_ANYONE: Action = {
	...{ kind: 'configure', device: 'pacs', setting: 'accept-unknown-callers', value: true },
};

const runs = new Map<string, JudgedRun>();

/** The solution of the calling AE scenario, with actions put before it; played once for each name. */
function run(name: string, before: Action[], rest: Action[] = solution): JudgedRun {
	const known = runs.get(name);
	if (known) return known;
	const made = judged(content, CALLING, [...before, ...rest]);
	runs.set(name, made);
	return made;
}

const right = (): JudgedRun => run('right', []);

const linesOf = ({ score }: JudgedRun, rule: string): ScoreLine[] =>
	score.lines.filter((line) => line.rule === rule);

const pointsOf = ({ score }: JudgedRun, dimension: string): number | undefined =>
	score.dimensions.find(({ id }) => id === dimension)?.points;

/** The same evidence with some records changed, judged again. */
function rejudged(
	name: string,
	records: (all: readonly ActionRecord[]) => ActionRecord[],
): JudgedRun {
	const { evidence } = run(name, []);
	const other: CaseFile = { ...evidence, records: records(evidence.records) };
	return { evidence: other, score: judge(other) };
}

const withDiagnosis = (change: Partial<Action & { kind: 'diagnose' }>): JudgedRun =>
	rejudged('right', (all) =>
		all.map((record) =>
			record.action.kind === 'diagnose'
				? { ...record, action: { ...record.action, ...change } }
				: record,
		),
	);

test.each(IDS)('%s: the reference solution earns every point, and each line says why', (id) => {
	const { score } = id === CALLING ? right() : judged(content, id, solutionOf(content, id));
	expect(score).toMatchObject({
		total: 100,
		passed: true,
		hintFactor: 1,
		gate: { factor: 1, reasons: [] },
		rubric: RUBRIC.version,
		lostInstances: 0,
	});
	expect(score.dimensions.map(({ points, maximum }) => [points, maximum])).toEqual(
		Object.values(RUBRIC.points).map((points) => [points, points]),
	);
	expect(score.lines.reduce((sum, line) => sum + line.maximum, 0)).toBeCloseTo(100, 9);
	for (const line of score.lines) {
		expect(line.text).toMatch(/^[A-Z\d].*\.$/);
		expect(line.missed).toBeUndefined();
	}
});

test('doing nothing is worth nothing', () => {
	const idle = run('idle', [], []);
	expect(idle.score).toMatchObject({ total: 0, passed: false });
	expect(pointsOf(idle, 'safety')).toBe(0);
	expect(linesOf(idle, 'safety.in-proportion')[0]?.points).toBe(-RUBRIC.points.safety);
	expect(linesOf(idle, 'diagnosis.none')).toHaveLength(1);
	for (const line of idle.score.lines) {
		if (line.maximum > 0 && line.points === 0) expect(line.missed).toMatch(/\.$/);
	}
});

test('safety counts in proportion to what was restored', () => {
	// Without the repair only half of the safety points would be left by doing half of it.
	const { evidence } = right();
	const half: CaseFile = {
		...evidence,
		faults: evidence.faults.map((fault) => ({ ...fault, present: true })),
	};
	const score = judge(half);
	// Two of six parts of the restoration are the removed cause.
	expect(score.dimensions.map(({ points }) => points)).toEqual([30, 25, 10, 15]);
	expect(score).toMatchObject({ total: 80, passed: false });
});

test('weights that do not add up to the last bit still make everything', () => {
	const { evidence } = right();
	const weights = [0.1, 0.7, 0.3, 0.9, 1.1, 1.3, 0.07];
	const check = evidence.scenario.checks.find(({ kind }) => kind === 'fault-gone');
	const checks = weights.map((weight, i) => ({
		...check,
		id: `c${i}`,
		kind: 'fault-gone',
		weight,
	}));
	const tidy = evidence.scenario.checks.filter(({ id }) =>
		['drained', 'retested', 'informed', 'closed'].includes(id),
	);
	for (let n = 2; n <= checks.length; n++) {
		const scenario = { ...evidence.scenario, checks: [...checks.slice(0, n), ...tidy] };
		const score = judge({ ...evidence, scenario });
		expect(score).toMatchObject({ total: 100, passed: true });
		expect(score.lines.some(({ rule }) => rule === 'safety.in-proportion')).toBe(false);
	}
});

describe('safety', () => {
	test('access left open', () => {
		const left = run('left open', [ACCEPT_ANYONE]);
		expect(linesOf(left, 'safety.exposure-left')).toMatchObject([
			{
				points: -RUBRIC.safety.exposureLeft,
				actions: [0],
				text: 'Left open at the end: Archive accepts any calling AE title.',
			},
		]);
		expect(linesOf(left, 'safety.exposure-for-a-while')).toEqual([]);
		expect(linesOf(left, 'safety.setting-left-changed')[0]?.actions).toContain(0);
		// Twelve and five are more than there is.
		expect(pointsOf(left, 'safety')).toBe(0);
	});

	test('access open for a while', () => {
		const closed = run('closed again', [
			ACCEPT_ANYONE,
			{ ...ACCEPT_ANYONE, value: false } as Action,
		]);
		expect(linesOf(closed, 'safety.exposure-for-a-while')).toMatchObject([
			{ points: -RUBRIC.safety.exposureForAWhile, actions: [0] },
		]);
		expect(linesOf(closed, 'safety.exposure-left')).toEqual([]);
		expect(linesOf(closed, 'safety.setting-left-changed')).toEqual([]);
		expect(closed.score).toMatchObject({
			total: 100 - RUBRIC.safety.exposureForAWhile,
			passed: true,
		});
	});

	test('a setting left changed that was not broken', () => {
		const changed = run('changed', [
			{ kind: 'configure', device: 'pacs', setting: 'maximum-associations', value: 49 },
		]);
		expect(linesOf(changed, 'safety.setting-left-changed')).toMatchObject([
			{
				points: -RUBRIC.safety.settingLeftChanged,
				actions: expect.arrayContaining([0]) as number[],
			},
		]);
		expect(changed.score.total).toBe(100 - RUBRIC.safety.settingLeftChanged);
	});

	test('what a repair may change is free, by patterns too', () => {
		const { evidence } = run('changed', []);
		const [line] = linesOf(run('changed', []), 'safety.setting-left-changed');
		const key = /: (\S+), from/.exec(line?.text ?? '')?.[1] ?? '';
		const free = (pattern: string): boolean => {
			const scenario = { ...evidence.scenario, mayChange: ['pacs.nodes/CT2', pattern] };
			return judge({ ...evidence, scenario }).total === 100;
		};
		expect(key).toMatch(/^pacs\.[a-z-]+$/);
		expect([key, 'pacs.*', '*', `*${key}*`, 'p*c*.*s'].map(free)).toEqual([
			true,
			true,
			true,
			true,
			true,
		]);
		expect(['pacs', 'ris.*', `${key}*${key}`, 'p*zebra*', `${key}x`].map(free)).toEqual([
			false,
			false,
			false,
			false,
			false,
		]);
	});

	test('a service interrupted', () => {
		const restarted = run('restarted', [
			{ kind: 'operate', device: 'pacs', operation: 'restart', fields: {} },
		]);
		expect(linesOf(restarted, 'safety.interruption')).toMatchObject([
			{
				points: -RUBRIC.safety.interruption,
				actions: [0],
				text: 'Archive was interrupted while people worked with it.',
			},
		]);
		expect(restarted.score.total).toBe(100 - RUBRIC.safety.interruption);
	});

	test('images lost that existed nowhere else', () => {
		// The rows of the queue are only known when one looks at it.
		const look = run('look', [{ kind: 'look', device: 'ct2' }], []);
		const table = look.evidence.records[0]?.observation.console?.tables.find(({ rows }) =>
			rows.some(({ tone }) => tone === 'bad'),
		);
		const row = table?.rows.find(({ tone }) => tone === 'bad')?.id ?? '';
		const lost = run('lost', [
			{ kind: 'operate', device: 'ct2', operation: 'delete-job', row, fields: {} },
		]);
		expect(lost.score.lostInstances).toBeGreaterThan(0);
		expect(lost.score.gate.factor).toBe(RUBRIC.gate.instancesLost);
		expect(lost.score.gate.reasons).toMatchObject([{ actions: [0] }]);
		const sum = lost.score.dimensions.reduce((all, { points }) => all + points, 0);
		expect(lost.score.total).toBeCloseTo(sum * RUBRIC.gate.instancesLost, 1);
		expect(lost.score.passed).toBe(false);
	});

	test('older studies lost that had no second copy', () => {
		const actions = content.scenarios.get(DISK)?.wrong.find(({ id }) => id === 'delete-oldest');
		const { score } = judged(content, DISK, actions?.actions ?? []);
		expect(score.gate.factor).toBe(RUBRIC.gate.instancesLost);
		expect(score.gate.reasons[0]?.text).toContain('no second copy');
		expect(score.passed).toBe(false);
	});
});

describe('diagnosis', () => {
	const { component, layer, mechanism } = RUBRIC.diagnosis;

	test.each([
		['another component', { component: 'ct2', confidence: 50 }, layer + mechanism],
		[
			'another mechanism of the same layer',
			{ mechanism: 'association-limit-low', confidence: 50 },
			component + layer,
		],
		['another layer', { mechanism: 'volume-full', confidence: 50 }, component],
		['no mechanism at all', { mechanism: 'gremlins', confidence: 50 }, component],
		['nothing right', { component: 'ct2', mechanism: 'volume-full', confidence: 50 }, 0],
	])('%s', (_what, change, share) => {
		const result = withDiagnosis(change);
		expect(pointsOf(result, 'diagnosis')).toBeCloseTo(25 * share, 9);
		expect(linesOf(result, 'diagnosis.overconfident')).toEqual([]);
	});

	test('a wrong one costs more when it was stated as sure', () => {
		const { fromPercent, points } = RUBRIC.overconfidence;
		const sure = withDiagnosis({ component: 'ct2', confidence: fromPercent });
		expect(pointsOf(sure, 'diagnosis')).toBeCloseTo(15 - points, 9);
		expect(linesOf(sure, 'diagnosis.overconfident')).toHaveLength(1);
		const doubt = withDiagnosis({ component: 'ct2', confidence: fromPercent - 1 });
		expect(pointsOf(doubt, 'diagnosis')).toBeCloseTo(15, 9);
		// It takes from the diagnosis only, and never below nothing.
		const lost = withDiagnosis({ component: 'ct2', mechanism: 'volume-full', confidence: 100 });
		expect(pointsOf(lost, 'diagnosis')).toBe(0);
		expect(lost.score.total).toBe(75);
	});

	test('the last one counts, and what the author accepts is right too', () => {
		const { evidence } = right();
		const wrong: Action = {
			...{ kind: 'diagnose', component: 'ris', mechanism: 'volume-full', confidence: 99 },
		};
		const twice = rejudged('right', (all) =>
			all.flatMap((record) =>
				record.action.kind === 'diagnose' ? [{ ...record, action: wrong }, record] : [record],
			),
		);
		expect(twice.score.total).toBe(100);
		const other = withDiagnosis({ component: 'ris', mechanism: 'volume-full' });
		const scenario = {
			...evidence.scenario,
			alsoRight: [{ component: 'ris', mechanism: 'volume-full' }],
		};
		expect(judge({ ...other.evidence, scenario }).total).toBe(100);
	});
});

describe('hints', () => {
	const hinted = (count: number): Action[] => Array<Action>(count).fill({ kind: 'hint' });

	test('cost a share of the total when everything was restored', () => {
		const two = run('two hints', hinted(2));
		expect(two.score).toMatchObject({ hintFactor: 0.85, total: 85, passed: true });
		// The scenario has three; asking for more gives and costs nothing.
		const many = run('many hints', hinted(6));
		expect(many.score.hintFactor).toBeCloseTo(0.7, 9);
	});

	test('cost half at most', () => {
		const { evidence } = right();
		const [record] = run('two hints', hinted(2)).evidence.records;
		if (!record) throw new Error('no hint was recorded');
		const records = [...Array<ActionRecord>(9).fill(record), ...evidence.records];
		expect(judge({ ...evidence, records }).hintFactor).toBe(RUBRIC.hintFactorMinimum);
	});

	test('cost nothing when the ticket was not solved', () => {
		expect(run('hints only', hinted(2), []).score.hintFactor).toBe(1);
	});
});
