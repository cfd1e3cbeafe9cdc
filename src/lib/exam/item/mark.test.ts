import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerKey } from './instance.ts';
import { mark } from './mark.ts';
import { responseSchema, type Response } from './response.ts';

const COMMON = { rationales: {}, explanation: '', references: [], remediate: null };
const SBA: AnswerKey = { ...COMMON, type: 'sba', correct: 'a' };
const MULTI: AnswerKey = { ...COMMON, type: 'multi', correct: ['a', 'b'] };
const ORDER: AnswerKey = { ...COMMON, type: 'order', correct: ['a', 'b', 'c', 'd', 'e'] };
const MATCH: AnswerKey = { ...COMMON, type: 'match', correct: { a: 'r-a', b: 'r-b', c: 'r-c' } };
const HOTSPOT: AnswerKey = { ...COMMON, type: 'hotspot', correct: ['a', 'b'] };
const SCENARIO: AnswerKey = { ...COMMON, type: 'scenario', scenario: 'lab', pass: 80 };
const SIZE: AnswerKey = {
	...{ ...COMMON, type: 'numeric', value: 512, unit: 'MiB', tolerance: 5.12 },
	traps: [4096, 536.870912],
};

const numeric = (text: string): Response => ({ type: 'numeric', text });

test('one choice', () => {
	expect(mark(SBA, { type: 'sba', choice: 'a' })).toEqual({ correct: true, credit: 1, wrong: [] });
	expect(mark(SBA, { type: 'sba', choice: 'b' })).toEqual({
		correct: false,
		credit: 0,
		wrong: ['b'],
	});
	expect(mark(HOTSPOT, { type: 'hotspot', choice: 'b' })).toMatchObject({ correct: true });
	expect(mark(HOTSPOT, { type: 'hotspot', choice: 'c' })).toMatchObject({
		correct: false,
		wrong: ['c'],
	});
});

test.each<[string[], boolean, number, string[]]>([
	[['b', 'a'], true, 1, []],
	[['a', 'a', 'b'], true, 1, []],
	[['a'], false, 0.5, []],
	[['a', 'c'], false, 0, ['c']],
	[['a', 'b', 'c'], false, 0.5, ['c']],
	[['c', 'd'], false, 0, ['c', 'd']],
	[[], false, 0, []],
])('several choices: %j', (choices, correct, credit, wrong) => {
	expect(mark(MULTI, { type: 'multi', choices })).toEqual({ correct, credit, wrong });
});

test.each<[string, boolean, number]>([
	['abcde', true, 1],
	['bcdea', false, 0.75],
	['abdce', false, 0.25],
	['edcba', false, 0],
	['abcd', false, 0.75],
	['abcdea', false, 0.75],
	['', false, 0],
])('order: %s', (given, correct, credit) => {
	expect(mark(ORDER, { type: 'order', order: [...given] })).toMatchObject({ correct, credit });
});

test('matches count by pairs', () => {
	const pairs = { a: 'r-a', b: 'r-c', c: 'r-c' };
	expect(mark(MATCH, { type: 'match', pairs })).toEqual({
		correct: false,
		credit: 2 / 3,
		wrong: ['b'],
	});
	expect(mark(MATCH, { type: 'match', pairs: {} })).toMatchObject({
		credit: 0,
		wrong: ['a', 'b', 'c'],
	});
	expect(mark(MATCH, { type: 'match', pairs: { ...pairs, b: 'r-b' } })).toMatchObject({
		correct: true,
	});
});

test.each<[string, boolean, string[]]>([
	['512', true, []],
	['516', true, []],
	['517.12', true, []],
	['517.13', false, []],
	['0.5 GiB', true, []],
	['0,5 GiB', true, []],
	['524,288 KiB', true, []],
	['536.870912 MB', true, []],
	['512 MB', false, []],
	['536.87', false, ['trap-1']],
	['4096', false, ['trap-0']],
	['4100', false, ['trap-0']],
	['4136', false, ['trap-0']],
	['4138', false, []],
	['512 s', false, ['unit']],
	['512 MiB/s', false, ['unit']],
	['half a gig', false, []],
	['', false, []],
])('a size of 512 MiB: %j', (text, correct, wrong) => {
	expect(mark(SIZE, numeric(text))).toEqual({ correct, credit: correct ? 1 : 0, wrong });
});

test('a key without unit takes the number and ignores words behind it', () => {
	const key: AnswerKey = {
		...COMMON,
		type: 'numeric',
		value: 1234,
		unit: null,
		tolerance: 0,
		traps: [],
	};
	for (const text of ['1234', '1,234', '1 234', '1234 images', '1.234e3']) {
		expect(mark(key, numeric(text)).correct, text).toBe(true);
	}
	for (const text of ['1234.5', '1.234', '-1234'])
		expect(mark(key, numeric(text)).correct, text).toBe(false);
});

test('rounding of binary fractions is forgiven', () => {
	const key: AnswerKey = {
		...COMMON,
		type: 'numeric',
		value: 0.1 + 0.2,
		unit: null,
		tolerance: 0,
		traps: [],
	};
	expect(mark(key, numeric('0.3')).correct).toBe(true);
});

test('a scenario is solved from its pass mark', () => {
	const response: Response = { type: 'scenario', attemptId: 'x' };
	expect(mark(SCENARIO, response, 80)).toMatchObject({ correct: true, credit: 1 });
	expect(mark(SCENARIO, response, 79.9)).toMatchObject({ correct: false });
	expect(mark(SCENARIO, response)).toMatchObject({ correct: false });
});

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'r-a', 'r-b', '__proto__', 'constructor');
const anyResponse: fc.Arbitrary<Response> = fc.oneof(
	fc.record({ type: fc.constantFrom('sba' as const, 'hotspot' as const), choice: ids }),
	fc.record({ type: fc.constant('multi' as const), choices: fc.array(ids, { maxLength: 10 }) }),
	fc.record({ type: fc.constant('order' as const), order: fc.array(ids, { maxLength: 8 }) }),
	fc.record({ type: fc.constant('match' as const), pairs: fc.dictionary(ids, ids) }),
	fc.record({
		type: fc.constant('numeric' as const),
		text: fc.oneof(
			fc.string({ maxLength: 60 }),
			fc.stringMatching(/^[0-9., '-]{0,12} ?[a-zA-Z/%]{0,4}$/),
		),
	}),
	fc.record({ type: fc.constant('scenario' as const), attemptId: ids }),
);

test('no response makes marking throw; credit is 1 exactly when correct', () => {
	const keys = [SBA, MULTI, ORDER, MATCH, HOTSPOT, SCENARIO, SIZE];
	fc.assert(
		fc.property(fc.constantFrom(...keys), anyResponse, (key, response) => {
			const { correct, credit } = mark(key, response);
			expect(credit).toBeGreaterThanOrEqual(0);
			expect(credit).toBeLessThanOrEqual(1);
			expect(credit === 1).toBe(correct);
			if (key.type !== response.type) expect(correct).toBe(false);
		}),
		{ numRuns: 2000 },
	);
});

test('what the browser may send is what marking takes', () => {
	expect(responseSchema.safeParse({ type: 'numeric', text: '5' }).success).toBe(true);
	expect(responseSchema.safeParse({ type: 'order', order: Array(9).fill('a') }).success).toBe(
		false,
	);
});
