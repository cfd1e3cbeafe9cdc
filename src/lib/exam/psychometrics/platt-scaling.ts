import { logistic, logit } from './distributions.ts';
import type { Forecast } from './reliability.ts';

/** logit P' = alpha + beta logit P. */
export interface PlattScale {
	alpha: number;
	beta: number;
}

/** With fewer reported results the correction would be noisier than what it corrects. */
const MINIMUM_RESULTS = 50;

/** Certainty beyond this would let one surprise rule the fit. */
const MARGIN = 1e-6;
const STEPS = 50;

const scaled = (probability: number): number =>
	logit(Math.min(Math.max(probability, MARGIN), 1 - MARGIN));

/**
 * Fits the correction of predicted pass probabilities to reported results by logistic regression with Platt's
 * smoothed targets (N+ + 1)/(N+ + 2) and 1/(N- + 2), which keep it finite (Platt 1999). Undefined below 50
 * results, when all agree, or when the predictions do not differ.
 */
export function fitPlattScale(results: readonly Forecast[]): PlattScale | undefined {
	const passes = results.filter(({ outcome }) => outcome).length;
	const fails = results.length - passes;
	if (results.length < MINIMUM_RESULTS || passes === 0 || fails === 0) return undefined;
	const points = results.map(({ probability, outcome }) => ({
		x: scaled(probability),
		target: outcome ? (passes + 1) / (passes + 2) : 1 / (fails + 2),
	}));
	let alpha = 0;
	let beta = 1;
	for (let step = 0; step < STEPS; step++) {
		const sums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0 };
		for (const { x, target } of points) {
			const p = logistic(alpha + beta * x);
			const weight = p * (1 - p);
			sums.g0 += target - p;
			sums.g1 += (target - p) * x;
			sums.h00 += weight;
			sums.h01 += weight * x;
			sums.h11 += weight * x * x;
		}
		const determinant = sums.h00 * sums.h11 - sums.h01 ** 2;
		if (!(determinant > 1e-9)) return undefined;
		const stepAlpha = (sums.h11 * sums.g0 - sums.h01 * sums.g1) / determinant;
		const stepBeta = (sums.h00 * sums.g1 - sums.h01 * sums.g0) / determinant;
		alpha += stepAlpha;
		beta += stepBeta;
		if (Math.abs(stepAlpha) + Math.abs(stepBeta) < 1e-10) return { alpha, beta };
	}
	return undefined;
}

/** A predicted pass probability, 0..1, corrected by a fitted scale. */
export function applyPlattScale(probability: number, { alpha, beta }: PlattScale): number {
	return logistic(alpha + beta * scaled(probability));
}
