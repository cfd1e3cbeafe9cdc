import { expect, test } from 'vitest';
import { angoffCut, intraclassCorrelation } from './standard-setting.ts';

test('ICC(2,k) of the worked example of Shrout and Fleiss', () => {
	const targets = [
		[9, 2, 5, 8],
		[6, 1, 3, 2],
		[8, 4, 6, 8],
		[7, 1, 2, 6],
		[10, 5, 6, 9],
		[6, 2, 4, 7],
	];
	const byJudge = [0, 1, 2, 3].map((judge) => targets.map((row) => row[judge] ?? 0));
	expect(intraclassCorrelation(byJudge)).toBeCloseTo(0.62, 2);
});

test('the cut of three raters on four items', () => {
	const result = angoffCut([
		[0.6, 0.7, 0.5, 0.8],
		[0.5, 0.6, 0.5, 0.8],
		[0.7, 0.8, 0.6, 0.9],
	]);
	expect(result).toMatchObject({ raters: 3, items: 4 });
	expect(result?.raterSums.map((sum) => sum.toFixed(9))).toEqual([
		'2.600000000',
		'2.400000000',
		'3.000000000',
	]);
	expect(result?.cut).toBeCloseTo(8 / 3, 12);
	expect(result?.cutShare).toBeCloseTo(2 / 3, 12);
	expect(result?.standardError).toBeCloseTo(0.305505 / Math.sqrt(3), 6);
	expect(result?.icc).toBeGreaterThan(0.8);
});

test('one rater has no standard error and no agreement; no rater has no cut', () => {
	expect(angoffCut([[0.5, 0.7]])).toMatchObject({ standardError: undefined, icc: undefined });
	expect(angoffCut([])).toBeUndefined();
	expect(angoffCut([[]])).toBeUndefined();
	expect(
		intraclassCorrelation([
			[0.5, 0.5],
			[0.5, 0.5],
		]),
	).toBeUndefined();
});

test('raters who agree fully have an agreement of 1', () => {
	const row = [0.2, 0.5, 0.9];
	expect(intraclassCorrelation([row, row, row])).toBeCloseTo(1, 12);
});
