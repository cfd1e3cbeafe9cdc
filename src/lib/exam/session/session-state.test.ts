import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionPlan, SlotPlan } from './plan.ts';
import { sessionResult } from './session-result.ts';
import { sessionState } from './session-state.ts';
import type { Step, StepBody } from './step.ts';

const START = 1_000_000;

function planOf(count: number, overrides: Partial<SessionPlan> = {}): SessionPlan {
	const slots = Array.from({ length: count }, (_, i): SlotPlan => {
		const section = i % 2 === 0 ? 'A' : 'B';
		return { itemId: `i${i}`, version: 1, seed: 'v0', section, objective: `o${i}`, scored: true };
	});
	return {
		...{ mode: 'practice', outline: 'ciip-2024', title: 'Practice', feedback: 'at-once' },
		...{ certainty: true, accommodation: '1', startedMs: START, deadlineMs: null, slots },
		...overrides,
	};
}

let next = 0;
const at = (seconds: number, body: StepBody, key = `key-number-${next++}`): Step => ({
	...{ key, body, atMs: START + seconds * 1_000 },
});
const view = (seconds: number, slot: number) => at(seconds, { kind: 'view', slot });
const answer = (seconds: number, slot: number, choice: string) =>
	at(seconds, { kind: 'answer', slot, response: { type: 'sba', choice } });
const check = (seconds: number, slot: number) => at(seconds, { kind: 'check', slot });
const finish = (seconds: number) => at(seconds, { kind: 'finish' });

test('after the verdict the answer is final, while notes and flags may still be made', () => {
	const late = answer(3, 0, 'b');
	const state = sessionState(planOf(2), [
		...[check(0, 0), answer(1, 0, 'a'), check(2, 0), late],
		at(4, { kind: 'certainty', slot: 0, certainty: 'low' }),
		at(5, { kind: 'flag', slot: 0, flagged: true }),
	]);
	expect(state.slots[0]).toMatchObject({
		...{ response: { choice: 'a' }, checked: true, flagged: true, certainty: null },
	});
	expect(state.ignored.map(({ reason }) => reason)).toEqual([
		...['There is no answer yet.', 'The verdict was shown already.'],
		'The verdict was shown already.',
	]);
	expect(state.ignored[1]?.key).toBe(late.key);
});

test('with feedback at the end there is no verdict before', () => {
	const plan = planOf(1, { mode: 'mock', feedback: 'at-end' });
	const state = sessionState(plan, [answer(1, 0, 'a'), check(2, 0), answer(3, 0, 'b')]);
	expect(state.slots[0]).toMatchObject({ checked: false, response: { choice: 'b' } });
	expect(state.ignored).toHaveLength(1);
});

test('after the deadline answers are kept beside those given in time', () => {
	const plan = planOf(2, { deadlineMs: START + 60_000 });
	const steps = [answer(10, 0, 'a'), answer(61, 0, 'b'), answer(62, 1, 'c'), finish(70)];
	const state = sessionState(plan, steps);
	expect(state.slots[0]).toMatchObject({
		response: { choice: 'a' },
		lateResponse: { choice: 'b' },
	});
	expect(state.slots[1]).toMatchObject({ response: null, lateResponse: { choice: 'c' } });
	expect(state.finishedMs).toBe(plan.deadlineMs);
	expect(state.ignored).toHaveLength(2);
	// The server's own finish at the deadline stands before what comes in later.
	const closed = sessionState(plan, [steps[0] as Step, finish(60), ...steps.slice(1, 3)]);
	expect(closed.slots[1]?.lateResponse).toMatchObject({ choice: 'c' });
	expect(sessionResult(plan, state).score).toMatchObject({ scored: 1, late: 1 });
	expect(sessionResult({ ...plan, mode: 'mock' }, state).score.scored).toBe(2);
});

test('nothing is taken after the candidate has finished, not even as late', () => {
	const plan = planOf(1, { deadlineMs: START + 60_000 });
	const state = sessionState(plan, [finish(5), answer(6, 0, 'a'), answer(61, 0, 'b'), finish(62)]);
	expect(state.slots[0]).toMatchObject({ response: null, lateResponse: null, seen: false });
	expect(state.finishedMs).toBe(START + 5_000);
	expect(state.ignored).toHaveLength(3);
});

test('a placement goes one way, and an answer is final with the look at the next question', () => {
	const plan = (count: number) => planOf(count, { mode: 'placement', feedback: 'at-end' });
	const early = view(0, 1);
	const steps = [early, view(1, 0), answer(2, 0, 'a')];
	expect(sessionState(plan(1), steps)).toMatchObject({ wantsNext: false });
	expect(sessionState(plan(1), [...steps, check(3, 0)])).toMatchObject({ wantsNext: true });
	const gone = [...steps, view(3, 1)];
	expect(sessionState(plan(1), gone)).toMatchObject({ wantsNext: true });
	// With the question that was added, the same log must not mean another thing.
	const grown = sessionState(plan(2), [...gone, answer(4, 0, 'b'), view(5, 0), answer(6, 1, 'c')]);
	expect(grown.slots.map(({ response }) => response)).toMatchObject([
		{ choice: 'a' },
		{ choice: 'c' },
	]);
	expect(grown.wantsNext).toBe(false);
	expect(grown.ignored.map(({ key }) => key)).toContain(early.key);
	expect(grown.ignored).toHaveLength(3);
});

test('time counts for the question that is looked at, until its answer is final', () => {
	const state = sessionState(planOf(3), [
		...[view(0, 0), answer(20, 0, 'a'), check(30, 0), view(90, 1)],
		...[
			at(95, { kind: 'flag', slot: 2, flagged: true }),
			view(100, 0),
			view(10_000, 2),
			finish(10_005),
		],
	]);
	expect(state.slots.map(({ lookedMs }) => lookedMs / 1_000)).toEqual([30, 10, 5]);
	const idle = sessionState(planOf(1), [view(0, 0), finish(86_400)]);
	expect(idle.slots[0]?.lookedMs).toBe(1_800_000);
});

test('the result counts what is scored', () => {
	const plan = planOf(4, { mode: 'mock', feedback: 'at-end', deadlineMs: START + 100_000 });
	const unscored = { ...plan.slots[3], scored: false } as SlotPlan;
	const steps = [answer(1, 0, 'a'), answer(2, 1, 'a'), answer(3, 3, 'a'), finish(40)];
	const marks = new Map([
		[0, { correct: true, credit: 1, wrong: [] }],
		[1, { correct: false, credit: 0, wrong: ['a'] }],
		[3, { correct: false, credit: 0, wrong: ['a'] }],
	]);
	const mock = { ...plan, slots: [...plan.slots.slice(0, 3), unscored] };
	const result = sessionResult(mock, sessionState(mock, steps, marks));
	expect(result.score).toEqual({ correct: 1, scored: 3, unscored: 1, answered: 3, late: 0 });
	expect(result.sections).toEqual([
		{ code: 'A', correct: 1, scored: 2 },
		{ code: 'B', correct: 0, scored: 1 },
	]);
	expect(result.interval.low).toBeCloseTo(0.0615, 3);
	expect(result.interval.high).toBeCloseTo(0.7923, 3);
	expect(result.seconds).toMatchObject({ used: 40, allowed: 100 });
	expect(result.missed.map(({ objective }) => objective)).toEqual(['o1', 'o2', 'o3']);
	expect(result.slots.map(({ correct }) => correct)).toEqual([true, false, null, false]);
});

const bodies = fc.oneof(
	fc.record({ kind: fc.constant('view' as const), slot: fc.nat(3) }),
	fc.record({
		kind: fc.constant('answer' as const),
		slot: fc.nat(3),
		response: fc.option(
			fc.record({ type: fc.constant('sba' as const), choice: fc.constantFrom('a', 'b') }),
		),
	}),
	fc.record({ kind: fc.constant('check' as const), slot: fc.nat(3) }),
	fc.record({ kind: fc.constant('flag' as const), slot: fc.nat(3), flagged: fc.boolean() }),
	fc.record({ kind: fc.constant('finish' as const) }),
);
const plans = fc
	.record({
		mode: fc.constantFrom('practice' as const, 'mock' as const, 'placement' as const),
		feedback: fc.constantFrom('at-once' as const, 'at-end' as const),
		deadlineMs: fc.constantFrom(null, START + 30_000),
	})
	.map((overrides) => planOf(3, overrides));
/** Steps in the order of the log, a second or so apart. */
const logs = fc.array(fc.tuple(bodies, fc.nat(3)), { maxLength: 30 }).map((rows) => {
	let seconds = 0;
	return rows.map(([body, gap], i) => at((seconds += gap), body, `step-${i}`));
});

test('repeated steps, however late they come again, change nothing', () => {
	fc.assert(
		fc.property(plans, logs, fc.infiniteStream(fc.nat(40)), (plan, log, draws) => {
			const replayed = [...log];
			for (const step of log) {
				const first = replayed.indexOf(step);
				const place = first + 1 + ((draws.next().value ?? 0) % (replayed.length - first));
				// A retry arrives later than the first time.
				replayed.splice(place, 0, { ...step, atMs: step.atMs + 500 });
			}
			expect(sessionState(plan, replayed)).toEqual(sessionState(plan, log));
		}),
	);
});

test('no answer is lost: the last one that was taken stands, and every other one is explained', () => {
	fc.assert(
		fc.property(plans, logs, (plan, log) => {
			const state = sessionState(plan, log);
			const ignored = new Set(state.ignored.map(({ key }) => key));
			for (const [position, slot] of state.slots.entries()) {
				const answers = log.filter(({ body }) => body.kind === 'answer' && body.slot === position);
				const taken = answers.findLast(({ key }) => !ignored.has(key));
				const expected = taken?.body.kind === 'answer' ? taken.body.response : null;
				expect(slot.response).toEqual(expected);
				if (plan.deadlineMs === null) expect(slot.lateResponse).toBeNull();
			}
		}),
	);
});

test('what is final stays final, whatever comes after it', () => {
	fc.assert(
		fc.property(plans, logs, fc.nat(30), (plan, log, cut) => {
			const before = sessionState(plan, log.slice(0, cut));
			const after = sessionState(plan, log);
			for (const [position, slot] of before.slots.entries()) {
				if (!slot.checked && before.finishedMs === null) continue;
				expect(after.slots[position]?.response).toEqual(slot.response);
				expect(after.slots[position]?.lookedMs).toBe(slot.lookedMs);
			}
			if (before.finishedMs !== null) expect(after.finishedMs).toBe(before.finishedMs);
		}),
	);
});
