import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	estimateEap,
	estimateMap,
	estimateMl,
	estimateWl,
	posterior,
	STANDARD_PRIOR,
	updatedPosterior,
	type AbilityEstimate,
	type ItemResponse,
} from './ability.ts';
import { information, type ItemParameters } from './item-response.ts';

/** The number of points R's catR integrates over, with which the vectors were made. */
const GRID_33 = { low: -4, high: 4, points: 33 };

const FOUR: ItemResponse[] = [
	{ item: { a: 1, b: 0, c: 0, d: 1 }, score: 1 },
	{ item: { a: 1.2, b: -0.5, c: 0.2, d: 1 }, score: 1 },
	{ item: { a: 0.8, b: 1, c: 0.25, d: 1 }, score: 0 },
	{ item: { a: 1.5, b: 0.3, c: 0.2, d: 0.95 }, score: 1 },
];

const rasch = (b: number): ItemParameters => ({ a: 1, b, c: 0, d: 1 });
const NINE: ItemResponse[] = [1, 1, 1, 1, 1, 0, 1, 0, 0].map((score, i) => ({
	item: rasch(-2 + i * 0.5),
	score,
}));

function expectEstimate(
	actual: AbilityEstimate | undefined,
	theta: number,
	se: number,
	tolerance = 1e-9,
): void {
	expect(Math.abs((actual?.theta ?? NaN) - theta)).toBeLessThan(tolerance);
	expect(Math.abs((actual?.standardError ?? NaN) - se)).toBeLessThan(tolerance);
}

test('EAP of four items under two priors', () => {
	expectEstimate(estimateEap(FOUR, STANDARD_PRIOR, GRID_33), 0.6041945208, 0.7773080782);
	const shifted = estimateEap(FOUR, { mean: -0.5, sd: 0.8 }, GRID_33);
	expect(Math.abs(shifted.theta - 0.1016114508)).toBeLessThan(1e-9);
});

test('EAP, MAP, maximum and weighted likelihood of nine Rasch items', () => {
	expectEstimate(estimateEap(NINE, STANDARD_PRIOR, GRID_33), 0.588162934792, 0.630280765629);
	// catR's root finder stops seven digits in; the next test asks for the exact root.
	expectEstimate(estimateMap(NINE), 0.575573487044, 0.623141550506, 1e-6);
	expectEstimate(estimateMl(NINE), 0.949587852153, 0.817536731316, 1e-6);
	expectEstimate(estimateWl(NINE), 0.895090961552, 0.813771570439, 1e-6);
});

test('the score of nine Rasch items equals its expectation, with prior or bias term, to rounding', () => {
	const sums = (theta: number): { residual: number; information: number; third: number } => {
		const out = { residual: 0, information: 0, third: 0 };
		for (const { item, score } of NINE) {
			const p = 1 / (1 + Math.exp(item.b - theta));
			out.residual += score - p;
			out.information += p * (1 - p);
			out.third += p * (1 - p) * (1 - 2 * p);
		}
		return out;
	};
	const ml = estimateMl(NINE)?.theta ?? NaN;
	expect(Math.abs(sums(ml).residual)).toBeLessThan(1e-12);
	const map = estimateMap(NINE).theta;
	expect(Math.abs(sums(map).residual - map)).toBeLessThan(1e-12);
	const wl = sums(estimateWl(NINE)?.theta ?? NaN);
	expect(Math.abs(wl.residual + wl.third / (2 * wl.information))).toBeLessThan(1e-12);
});

test('maximum likelihood ends at the bounds where it has no maximum; the others stay inside', () => {
	const all = (score: number): ItemResponse[] => NINE.map(({ item }) => ({ item, score }));
	const se = (theta: number): number =>
		1 / Math.sqrt(NINE.reduce((sum, { item }) => sum + information(theta, item), 0));
	expectEstimate(estimateMl(all(1)), 4, se(4));
	expectEstimate(estimateMl(all(0)), -4, se(-4));
	for (const score of [0, 1]) {
		for (const estimate of [
			estimateEap(all(score)),
			estimateMap(all(score)),
			estimateWl(all(score)),
		]) {
			expect(Math.abs(estimate?.theta ?? NaN)).toBeLessThan(4);
		}
	}
});

test('of two maxima of the likelihood the higher one is taken', () => {
	// A right guess on hard items with wrong answers on easy ones has a second, lower hill.
	const responses: ItemResponse[] = [
		...[-2, -1.5, -1, -0.5].map((b) => ({ item: { a: 2, b, c: 0.25, d: 1 }, score: 0 })),
		...[1, 1.5, 2].map((b) => ({ item: { a: 3, b, c: 0.25, d: 1 }, score: 1 })),
	];
	const likelihood = (theta: number): number =>
		responses.reduce((sum, { item, score }) => {
			const p = item.c + (1 - item.c) / (1 + Math.exp(-item.a * (theta - item.b)));
			return sum + Math.log(score ? p : 1 - p);
		}, 0);
	const best = Array.from({ length: 801 }, (_, i) => -4 + i / 100).reduce((a, b) =>
		likelihood(b) > likelihood(a) ? b : a,
	);
	expect(Math.abs((estimateMl(responses)?.theta ?? NaN) - best)).toBeLessThan(0.01);
});

test('no answers: the prior remains, and methods without a prior know nothing', () => {
	expectEstimate(estimateMap([], { mean: 0.4, sd: 0.7 }), 0.4, 0.7);
	expect(estimateEap([], { mean: 0.4, sd: 0.5 }).theta).toBeCloseTo(0.4, 6);
	expect(estimateMl([])).toBeUndefined();
	expect(estimateWl([])).toBeUndefined();
});

test('five thousand answers underflow nothing', () => {
	const responses = Array.from({ length: 5_000 }, (_, i) => ({
		item: { a: 1, b: ((i % 61) - 30) / 10, c: 0.2, d: 1 },
		score: i % 3 === 0 ? 0 : 1,
	}));
	const estimates = [
		estimateEap(responses),
		estimateMap(responses),
		estimateMl(responses),
		estimateWl(responses),
	];
	for (const estimate of estimates) {
		expect(Number.isFinite(estimate?.theta)).toBe(true);
		expect(estimate?.standardError).toBeGreaterThan(0);
		expect(estimate?.standardError).toBeLessThan(0.06);
		expect(Math.abs((estimate?.theta ?? NaN) - (estimates[0]?.theta ?? NaN))).toBeLessThan(0.01);
	}
});

const response = fc.record({
	item: fc.record({
		a: fc.double({ min: 0.3, max: 2.5, noNaN: true }),
		b: fc.double({ min: -3, max: 3, noNaN: true }),
		c: fc.constantFrom(0, 0.2, 0.25),
		d: fc.constantFrom(0.95, 1),
	}),
	score: fc.constantFrom(0, 0.5, 1),
});

test('masses are a distribution, and a better answer never lowers EAP', () => {
	fc.assert(
		fc.property(fc.array(response, { maxLength: 40 }), response, (responses, { item }) => {
			const { nodes, masses } = posterior(responses);
			expect(nodes).toHaveLength(161);
			expect(masses.every((mass) => mass >= 0)).toBe(true);
			expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12);
			const [wrong, half, right] = [0, 0.5, 1].map(
				(score) => estimateEap([...responses, { item, score }]).theta,
			);
			expect(half).toBeGreaterThanOrEqual((wrong ?? NaN) - 1e-12);
			expect(right).toBeGreaterThanOrEqual((half ?? NaN) - 1e-12);
			expect(right).toBeGreaterThanOrEqual(estimateEap(responses).theta - 1e-12);
		}),
	);
});

test('answers one by one lead to the posterior of all at once', () => {
	fc.assert(
		fc.property(fc.array(response, { maxLength: 30 }), (responses) => {
			let running = posterior([]);
			for (const one of responses) running = updatedPosterior(running, [one]);
			posterior(responses).masses.forEach((mass, i) =>
				expect(Math.abs(mass - (running.masses[i] ?? NaN))).toBeLessThan(1e-12),
			);
		}),
	);
});

test('every estimate solves its equation or lies at a bound', () => {
	fc.assert(
		fc.property(fc.array(response, { minLength: 1, maxLength: 30 }), (responses) => {
			const { theta } = estimateMap(responses);
			const height = (at: number): number =>
				responses.reduce(
					(sum, { item, score }) => {
						const p = item.c + (item.d - item.c) / (1 + Math.exp(-item.a * (at - item.b)));
						return sum + score * Math.log(p) + (1 - score) * Math.log(1 - p);
					},
					-0.5 * at * at,
				);
			for (let at = -4; at <= 4; at += 0.125) {
				expect(height(theta)).toBeGreaterThanOrEqual(height(at) - 1e-9);
			}
		}),
	);
});
