import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import { applyPlattScale, fitPlattScale } from './platt-scaling.ts';
import { brierScore, calibrationError, reliabilityDiagram, type Forecast } from './reliability.ts';

const forecasts = (probability: number, yes: number, no: number): Forecast[] => [
	...Array.from({ length: yes }, () => ({ probability, outcome: true })),
	...Array.from({ length: no }, () => ({ probability, outcome: false })),
];

test('a diagram holds predicted beside observed, and leaves empty bins out', () => {
	const diagram = reliabilityDiagram([...forecasts(0.25, 3, 7), ...forecasts(1, 4, 1)]);
	expect(
		diagram.map(({ low, count, predicted, observed }) => [low, count, predicted, observed]),
	).toEqual([
		[0.2, 10, 0.25, 0.3],
		[0.9, 5, 1, 0.8],
	]);
	expect(calibrationError(diagram)).toBeCloseTo((10 * 0.05 + 5 * 0.2) / 15, 12);
	expect(calibrationError([])).toBeUndefined();
});

test('the Brier score is the mean squared error', () => {
	expect(brierScore(forecasts(0.5, 1, 1))).toBeCloseTo(0.25, 12);
	expect(brierScore(forecasts(0.9, 9, 1))).toBeCloseTo(0.09, 12);
	expect(brierScore([])).toBeUndefined();
});

test('Platt scaling mends overconfident predictions', () => {
	const random = new Random('platt', 'results');
	const results = Array.from({ length: 2_000 }, (): Forecast => {
		const x = (random.below(8_001) - 4_000) / 1_000;
		const truth = 1 / (1 + Math.exp(-(0.5 + 0.6 * x)));
		return { probability: 1 / (1 + Math.exp(-x)), outcome: random.uint32() / 2 ** 32 < truth };
	});
	const scale = fitPlattScale(results);
	expect(scale?.alpha).toBeCloseTo(0.5, 0);
	expect(scale?.beta).toBeGreaterThan(0.5);
	expect(scale?.beta).toBeLessThan(0.7);
	if (!scale) return;
	const mended = results.map(({ probability, outcome }) => ({
		probability: applyPlattScale(probability, scale),
		outcome,
	}));
	expect(brierScore(mended)).toBeLessThan(brierScore(results) ?? 0);
	expect(calibrationError(reliabilityDiagram(mended))).toBeLessThan(0.03);
});

test('few, unanimous or equal results fit nothing; separable ones stay finite', () => {
	expect(fitPlattScale([...forecasts(0.8, 40, 0), ...forecasts(0.3, 0, 9)])).toBeUndefined();
	expect(fitPlattScale(forecasts(0.8, 60, 0))).toBeUndefined();
	expect(fitPlattScale(forecasts(0.8, 40, 20))).toBeUndefined();
	const scale = fitPlattScale([...forecasts(0.8, 40, 0), ...forecasts(0.3, 0, 20)]);
	expect(Number.isFinite(scale?.alpha)).toBe(true);
	expect(applyPlattScale(0.8, scale ?? { alpha: 0, beta: 0 })).toBeGreaterThan(0.9);
	expect(applyPlattScale(0, scale ?? { alpha: 0, beta: 0 })).toBeGreaterThanOrEqual(0);
});
