import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import { calibrate, type CalibrationData } from './calibration.ts';
import { probabilityCorrect } from './item-response.ts';
import { expand, lsat6, lsat7 } from './lsat.fixture.ts';

function expectAll(actual: number[], expected: number[], tolerance: number): void {
	expect(actual).toHaveLength(expected.length);
	expected.forEach((value, i) =>
		expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThanOrEqual(tolerance),
	);
}

/** The tolerance of R's mirt in its own tests of these data. */
const MIRT = 0.01;

test('two parameters of LSAT section 7', () => {
	const { items, logLikelihood, converged } = calibrate(lsat7, { slopes: 'free' });
	expect(converged).toBe(true);
	const slopes = items.map(({ slope }) => slope);
	expectAll(slopes, [0.988, 1.081, 1.706, 0.765, 0.736], MIRT);
	expectAll(slopes, [0.9875, 1.0808, 1.7075, 0.765, 0.7357], 1e-3);
	expectAll(
		items.map(({ intercept }) => intercept),
		[1.856, 0.808, 1.804, 0.486, 1.855],
		MIRT,
	);
	expect(logLikelihood).toBeCloseTo(-2658.805, 2);
	expect(items[0]?.parameters.b).toBeCloseTo(-1.856 / 0.988, 1);
	expect(items.map(({ answers }) => answers)).toEqual([1000, 1000, 1000, 1000, 1000]);
});

test('equal slopes of LSAT section 7', () => {
	const { items, logLikelihood } = calibrate(lsat7, { slopes: 'equal' });
	expectAll(
		items.map(({ slope }) => slope),
		[1.0113, 1.0113, 1.0113, 1.0113, 1.0113],
		5e-4,
	);
	expectAll(
		items.map(({ intercept }) => intercept),
		[1.868, 0.791, 1.461, 0.521, 1.993],
		MIRT,
	);
	expect(logLikelihood).toBeCloseTo(-2664.9009, 2);
});

test('LSAT section 6: two parameters, and Rasch with its variance', () => {
	expect(calibrate(lsat6, { slopes: 'free' }).logLikelihood).toBeCloseTo(-2466.653, 2);
	const { items, logLikelihood } = calibrate(lsat6, { slopes: 'equal' });
	expectAll(
		items.map(({ intercept }) => intercept),
		[2.73, 0.999, 0.24, 1.306, 2.099],
		MIRT,
	);
	expectAll([items[0]?.slope ?? NaN], [0.7551], 5e-4);
	expectAll([(items[0]?.slope ?? NaN) ** 2], [0.57], MIRT);
	expect(logLikelihood).toBeCloseTo(-2466.9376, 2);
});

test('one row a person gives what a table of patterns gives', () => {
	const byPattern = calibrate(lsat7, { slopes: 'free', maximumIterations: 5 });
	const byPerson = calibrate({ patterns: expand(lsat7) }, { slopes: 'free', maximumIterations: 5 });
	expect(byPerson.logLikelihood).toBeCloseTo(byPattern.logLikelihood, 6);
	expect(byPattern.converged).toBe(false);
	expectAll(
		byPerson.items.map(({ slope }) => slope),
		byPattern.items.map(({ slope }) => slope),
		1e-9,
	);
});

/** 300 persons, each with half of 20 items of a known kind. */
function sparseData(): { data: CalibrationData; difficulties: number[] } {
	const random = new Random('calibration', 'sparse');
	const uniform = (): number => random.uint32() / 2 ** 32;
	const difficulties = Array.from({ length: 20 }, (_, j) => (j - 9.5) / 5);
	const patterns = Array.from({ length: 300 }, () => {
		const theta = Array.from({ length: 12 }, uniform).reduce((sum, u) => sum + u, -6);
		return difficulties.map((b) => {
			if (random.chance(1, 2)) return undefined;
			return uniform() < probabilityCorrect(theta, { a: 1, b, c: 0.2, d: 1 }) ? 1 : 0;
		});
	});
	return { data: { patterns }, difficulties };
}

test('a sparse matrix with guessing and unit slopes gives the difficulties back', () => {
	const { data, difficulties } = sparseData();
	const { items, converged } = calibrate(data, {
		slopes: 'unit',
		guessing: difficulties.map(() => 0.2),
		priors: { slopeLogSd: 0.5, interceptSd: 1, interceptMeans: difficulties.map(() => 0) },
	});
	expect(converged).toBe(true);
	const errors = items.map(({ parameters }, j) => parameters.b - (difficulties[j] ?? NaN));
	expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / 20)).toBeLessThan(0.3);
	expect(items.every(({ slope, parameters }) => slope === 1 && parameters.c === 0.2)).toBe(true);
});

test('priors hold what the data do not: an item nobody met, and one everybody got right', () => {
	const data = { patterns: Array.from({ length: 40 }, (_, n) => [1, undefined, n % 2]) };
	const { items } = calibrate(data, {
		slopes: 'free',
		priors: { slopeLogSd: 0.5, interceptSd: 2, interceptMeans: [0, 0.7, 0] },
	});
	expect(items[1]).toMatchObject({ intercept: expect.closeTo(0.7, 6) as number, answers: 0 });
	// The mode of LN(0, 0.5^2).
	expect(items[1]?.slope).toBeCloseTo(Math.exp(-0.25), 3);
	expect(items[0]?.intercept).toBeGreaterThan(2);
	expect(items[0]?.intercept).toBeLessThan(8);
	const loose = calibrate(data, { slopes: 'equal' });
	for (const { slope, intercept } of loose.items) {
		expect(Number.isFinite(slope)).toBe(true);
		expect(Math.abs(intercept)).toBeLessThanOrEqual(10);
	}
	expect(calibrate({ patterns: [] }, { slopes: 'free' }).items).toEqual([]);
});
