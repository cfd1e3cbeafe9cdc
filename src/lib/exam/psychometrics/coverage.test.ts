import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverage, memoryReadiness } from './coverage.ts';

const WEIGHTS = [
	{ domain: 'a', weight: 0.75 },
	{ domain: 'b', weight: 0.25 },
];

test('coverage counts objectives with two first answers, domains by their weight', () => {
	const objectives = [
		{ domain: 'a', firstAnswers: 2 },
		{ domain: 'a', firstAnswers: 1 },
		{ domain: 'b', firstAnswers: 7 },
		{ domain: 'elsewhere', firstAnswers: 9 },
	];
	expect(coverage(objectives, WEIGHTS)).toBeCloseTo(0.75 * 0.5 + 0.25, 12);
	// Weights may be item counts.
	expect(
		coverage(objectives, [
			{ domain: 'a', weight: 30 },
			{ domain: 'b', weight: 10 },
		]),
	).toBeCloseTo(0.625, 12);
});

test('memory readiness averages retrievability, the unseen at the guess rate', () => {
	const objectives = [
		{ domain: 'a', retrievability: 0.9 },
		{ domain: 'a', retrievability: undefined },
	];
	expect(memoryReadiness(objectives, WEIGHTS, 0.2)).toBeCloseTo(0.75 * 0.55 + 0.25 * 0.2, 12);
});

test('a learner who has seen nothing covers nothing and remembers by guessing', () => {
	expect(coverage([], WEIGHTS)).toBe(0);
	expect(memoryReadiness([], WEIGHTS, 0.25)).toBeCloseTo(0.25, 12);
	expect(coverage([{ domain: 'a', firstAnswers: 3 }], [])).toBe(0);
});

test('another answer never lowers coverage', () => {
	const objective = fc.record({ domain: fc.constantFrom('a', 'b'), firstAnswers: fc.nat(4) });
	fc.assert(
		fc.property(fc.array(objective, { minLength: 1 }), fc.nat(), (objectives, pick) => {
			const more = objectives.map((one, i) => ({
				...one,
				firstAnswers: one.firstAnswers + (i === pick % objectives.length ? 1 : 0),
			}));
			const before = coverage(objectives, WEIGHTS);
			expect(before >= 0 && before <= 1).toBe(true);
			expect(coverage(more, WEIGHTS)).toBeGreaterThanOrEqual(before);
		}),
	);
});
