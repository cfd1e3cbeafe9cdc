import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlation, itemStatistics, randomGuessScore, testStatistics } from './classical.ts';
import { expand, lsat6, lsat7 } from './lsat.fixture.ts';

/** Expected figures computed with R 4.2.2 and psych 2.2.9. */
const TEN =
	'11111111 11111110 11111100 11110100 11101000 11010010 10100000 11000000 01001000 10000000'
		.split(' ')
		.map((row) => [...row].map(Number));

function expectAll(actual: (number | undefined)[], expected: number[], tolerance: number): void {
	expect(actual).toHaveLength(expected.length);
	expected.forEach((value, i) =>
		expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(tolerance),
	);
}

test('items of ten persons by eight items', () => {
	const items = itemStatistics(TEN);
	expectAll(
		items.map(({ facility }) => facility),
		[0.9, 0.8, 0.6, 0.5, 0.5, 0.4, 0.3, 0.1],
		1e-12,
	);
	const corrected = [
		0.183339699406, 0.438633160946, 0.52015648661, 0.754829412424, 0.398014876084, 0.795883838914,
		0.504429632802, 0.476731294623,
	];
	expectAll(
		items.map((item) => item.correctedPointBiserial),
		corrected,
		1e-11,
	);
	expectAll(
		items.map((item) => item.discriminationIndex),
		corrected.map((r) => 100 * r),
		1e-9,
	);
	expectAll(
		items.map((item) => item.pointBiserial),
		[
			0.310269545, 0.5762148693, 0.6695256314, 0.8421601936, 0.5762148693, 0.868573792,
			0.6480466414, 0.5762148693,
		],
		1e-10,
	);
	expectAll(
		items.map((item) => item.discriminativeEfficiency),
		[37.5, 78.26086957, 62.5, 87.5, 44.44444444, 100, 60.52631579, 100],
		1e-8,
	);
	expectAll(
		items.map((item) => item.upperLowerDifference),
		[1 / 3, 1 / 3, 1, 1, 2 / 3, 1, 2 / 3, 1 / 3],
		1e-12,
	);
	expect(items[0]?.facilityInterval.low).toBeCloseTo(0.5958, 4);
});

test('reliability of ten persons by eight items', () => {
	const statistics = testStatistics(TEN);
	expectAll(
		[statistics.alpha, statistics.kr20, statistics.kr21, statistics.standardErrorOfMeasurement],
		[0.799326410328, 0.799326410328, 0.694078024137, 1.0653265391],
		1e-10,
	);
	expect(statistics.coefficientOfInternalConsistency).toBeCloseTo(79.9326410328, 9);
	expect(statistics.errorRatio).toBeCloseTo(100 * Math.sqrt(1 - 0.799326410328), 8);
	// Moodle's standard error, error ratio x SD / 100, is the same figure.
	expect(
		((statistics.errorRatio ?? NaN) * (statistics.standardDeviation ?? NaN)) / 100,
	).toBeCloseTo(1.0653265391, 9);
	expect(statistics).toMatchObject({ persons: 10, items: 8 });
	expect(statistics.mean).toBeCloseTo(4.1, 12);
});

test('alpha of LSAT sections 6 and 7, and the discrimination of section 7', () => {
	expectAll(
		[testStatistics(expand(lsat6)).alpha, testStatistics(expand(lsat7)).alpha],
		[0.29499719, 0.45340874],
		5e-9,
	);
	expectAll(
		itemStatistics(expand(lsat7)).map((item) => item.correctedPointBiserial),
		[0.245732, 0.246674, 0.313179, 0.222751, 0.174786],
		5e-7,
	);
});

test('effective weights share out 100 %, leaving out an item that works against the test', () => {
	const scores = [
		[1, 1, 0],
		[1, 1, 0],
		[1, 0, 1],
		[0, 0, 1],
		[0, 0, 0.5],
	];
	const [first, second, third] = itemStatistics(scores);
	expect(third?.effectiveWeight).toBeUndefined();
	expect((first?.effectiveWeight ?? NaN) + (second?.effectiveWeight ?? NaN)).toBeCloseTo(100, 9);
});

test('skewness and kurtosis by k-statistics', () => {
	// Worked by hand for 0,0,0,4: m2 = 3, m3 = 6, m4 = 21.
	const { skewness, kurtosis } = testStatistics([[0], [0], [0], [4]]);
	expect(skewness).toBeCloseTo(2, 12);
	expect(kurtosis).toBeCloseTo(4, 12);
	expect(testStatistics([[0], [1], [3]]).kurtosis).toBeUndefined();
	expect(testStatistics([[0], [1]]).skewness).toBeUndefined();
});

test('figures that do not exist are undefined, never infinite', () => {
	expect(testStatistics([])).toMatchObject({ persons: 0, mean: 0, alpha: undefined });
	expect(testStatistics([[1, 1]])).toMatchObject({
		alpha: undefined,
		standardDeviation: undefined,
	});
	expect(itemStatistics([])).toEqual([]);
	for (const { correctedPointBiserial, discriminativeEfficiency } of itemStatistics([
		[1, 0],
		[1, 1],
	])) {
		expect([correctedPointBiserial, discriminativeEfficiency]).toEqual([undefined, undefined]);
	}
	expect(correlation([1], [1])).toBeUndefined();
});

test('a blind choice earns the mean of the options', () => {
	expect(randomGuessScore([0, 1, 0, 0, 0])).toBeCloseTo(0.2, 12);
	expect(randomGuessScore([1, 0.5, 0, 0])).toBeCloseTo(0.375, 12);
	expect(randomGuessScore([])).toBe(0);
});

test('no figure leaves its range', () => {
	const matrix = fc
		.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 6 }))
		.chain(([persons, items]) =>
			fc.array(fc.array(fc.constantFrom(0, 0.5, 1), { minLength: items, maxLength: items }), {
				minLength: persons,
				maxLength: persons,
			}),
		);
	fc.assert(
		fc.property(matrix, (scores) => {
			for (const item of itemStatistics(scores)) {
				const { facility, facilityInterval } = item;
				expect(facilityInterval.low).toBeLessThanOrEqual(facility + 1e-12);
				expect(facilityInterval.high).toBeGreaterThanOrEqual(facility - 1e-12);
				for (const r of [item.correctedPointBiserial, item.pointBiserial]) {
					expect(Math.abs(r ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
				}
				expect(item.discriminativeEfficiency ?? 0).toBeLessThanOrEqual(100 + 1e-9);
				expect(Math.abs(item.upperLowerDifference ?? 0)).toBeLessThanOrEqual(1);
			}
			expect(testStatistics(scores).alpha ?? 0).toBeLessThanOrEqual(1 + 1e-9);
		}),
	);
});
