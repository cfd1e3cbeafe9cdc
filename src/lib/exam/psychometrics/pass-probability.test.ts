import fc from 'fast-check';
import { expect, test } from 'vitest';
import { posterior, posteriorMean } from './ability.ts';
import { normalCdf } from './distributions.ts';
import { probabilityCorrect, uncalibratedItem } from './item-response.ts';
import {
	abilityCut,
	credibleInterval,
	passProbability,
	passProbabilityNormal,
	predictionVariance,
} from './pass-probability.ts';

const NORMAL = posterior([], { mean: 0.3, sd: 0.35 });

test('the normal form, and the grid of the same distribution', () => {
	const estimate = { theta: 0.3, standardError: 0.35 };
	expect(passProbabilityNormal(estimate, 0)).toBeCloseTo(0.804317, 6);
	expect(passProbability(NORMAL, 0)).toBeCloseTo(0.804317, 3);
});

test('a node on the cut counts half', () => {
	const coarse = posterior([], { mean: 0, sd: 0.5 }, { low: -4, high: 4, points: 17 });
	expect(passProbability(coarse, 0)).toBeCloseTo(0.5, 12);
});

test('the probability falls continuously with the cut, from 1 to 0', () => {
	fc.assert(
		fc.property(fc.double({ min: -4.5, max: 4.5, noNaN: true }), (cut) => {
			const here = passProbability(NORMAL, cut);
			const above = passProbability(NORMAL, cut + 1e-4);
			expect(here >= 0 && here <= 1).toBe(true);
			expect(above).toBeLessThanOrEqual(here + 1e-12);
			expect(here - above).toBeLessThan(3e-4);
			expect(Math.abs(here - normalCdf((0.3 - cut) / 0.35))).toBeLessThan(2e-3);
		}),
	);
	expect(passProbability(NORMAL, -4)).toBeCloseTo(1, 12);
	expect(passProbability(NORMAL, 4)).toBe(0);
});

test("an exam's own error and drift draw the probability towards one half", () => {
	const errorVariance = predictionVariance({
		formInformation: 25,
		daysToExam: 30,
		driftVariancePerDay: 0.001,
	});
	expect(errorVariance).toBeCloseTo(0.04 + 0.03, 12);
	const expected = normalCdf(0.3 / Math.sqrt(0.35 ** 2 + 0.07));
	expect(passProbability(NORMAL, 0, errorVariance)).toBeCloseTo(expected, 6);
	const estimate = posteriorMean(NORMAL);
	expect(passProbabilityNormal(estimate, 0, errorVariance)).toBeCloseTo(expected, 6);
});

test('the central 80 % of a normal posterior', () => {
	const { low, high } = credibleInterval(NORMAL, 0.8);
	expect(low).toBeCloseTo(0.3 - 1.2815515655 * 0.35, 2);
	expect(high).toBeCloseTo(0.3 + 1.2815515655 * 0.35, 2);
	expect(passProbability(NORMAL, low)).toBeCloseTo(0.9, 9);
	expect(passProbability(NORMAL, high)).toBeCloseTo(0.1, 9);
});

test('the ability cut is where the expected score meets the panel', () => {
	const parameters = [-1, 0, 0.5, 1.5].map((b) => uncalibratedItem(b, 4));
	const items = parameters.map((item) => ({
		parameters: item,
		angoff: probabilityCorrect(0.4, item),
	}));
	expect(abilityCut(items)).toBeCloseTo(0.4, 9);
	// Estimates of single items may disagree with the model; only the sum matters.
	const [first, second, ...others] = items.map((item, i) => ({
		...item,
		angoff: item.angoff + ([0.1, -0.1][i] ?? 0),
	}));
	expect(abilityCut([first, second, ...others].filter((item) => item !== undefined))).toBeCloseTo(
		0.4,
		9,
	);
});

test('a panel beyond the scale has no cut', () => {
	const parameters = uncalibratedItem(0, 4);
	expect(abilityCut([{ parameters, angoff: 0.1 }])).toBeUndefined();
	expect(abilityCut([{ parameters, angoff: 1 }])).toBeUndefined();
	expect(abilityCut([])).toBeUndefined();
});
