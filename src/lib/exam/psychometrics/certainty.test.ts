import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	certaintyCalibration,
	certaintyScore,
	knownGivenRight,
	possiblyGuessed,
	type Certainty,
} from './certainty.ts';

const LEVELS = [1, 2, 3] as const;

test('marks of right and wrong answers', () => {
	expect(LEVELS.map((level) => certaintyScore(level, true))).toEqual([1, 2, 3]);
	expect(LEVELS.map((level) => certaintyScore(level, false))).toEqual([0, -2, -6]);
});

test('honesty pays: within its band no level earns more than the band says', () => {
	const expected = (level: Certainty, p: number): number =>
		p * certaintyScore(level, true) + (1 - p) * certaintyScore(level, false);
	fc.assert(
		fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p) => {
			const own = certaintyCalibration([]).find(({ band }) => p >= band.low && p <= band.high);
			const best = Math.max(...LEVELS.map((level) => expected(level, p)));
			expect(expected(own?.certainty ?? 1, p)).toBeCloseTo(best, 12);
		}),
	);
});

test('calibration names a level only when its interval leaves the band', () => {
	const answers = (certainty: Certainty, right: number, wrong: number) => [
		...Array.from({ length: right }, () => ({ certainty, right: true })),
		...Array.from({ length: wrong }, () => ({ certainty, right: false })),
	];
	const rows = certaintyCalibration([
		...answers(1, 38, 2),
		...answers(2, 3, 1),
		...answers(3, 20, 20),
	]);
	expect(rows.map(({ answers: n, rightShare, verdict }) => [n, rightShare, verdict])).toEqual([
		[40, 0.95, 'underconfident'],
		[4, 0.75, undefined],
		[40, 0.5, 'overconfident'],
	]);
	expect(certaintyCalibration([])[2]).toMatchObject({ rightShare: undefined, verdict: undefined });
});

test('a right answer far above the ability was probably guessed', () => {
	expect(knownGivenRight(0, 0, 0.25)).toBeCloseTo(0.8, 12);
	expect(knownGivenRight(-3, 1, 0.25)).toBeLessThan(0.1);
	expect(knownGivenRight(-900, 0, 0)).toBe(1);
	// P_k = 0.2727 is where 0.6 is crossed for four options.
	expect(possiblyGuessed(Math.log(0.2727 / 0.7273) + 0.01, 0, 0.25)).toBe(false);
	expect(possiblyGuessed(Math.log(0.2727 / 0.7273) - 0.01, 0, 0.25)).toBe(true);
});
