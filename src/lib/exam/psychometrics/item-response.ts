import { logistic } from './distributions.ts';

/**
 * An item of the four-parameter logistic model (Barton and Lord 1981) in the logistic metric, D = 1:
 * slope `a` > 0 per logit, difficulty `b` in logits, lower asymptote `c` (guessing) and upper asymptote
 * `d` (slips), 0 <= c < d <= 1. The Rasch model is a = 1, c = 0, d = 1.
 */
export interface ItemParameters {
	a: number;
	b: number;
	c: number;
	d: number;
}

/**
 * What is assumed of an item whose difficulty `b` alone is known: a = 1, d = 1 and c = 1/options; c = 0 where
 * nothing can be guessed (no options).
 */
export function uncalibratedItem(b: number, options?: number): ItemParameters {
	return { a: 1, b, c: options === undefined || options < 2 ? 0 : 1 / options, d: 1 };
}

/** Probabilities keep this distance from 0 and 1, so that their logarithms stay finite. */
const MARGIN = 1e-10;

/** Keeps c + (d-c)s off 0 and 1, and mends its rounding beyond d. */
function bounded(p: number, d: number): number {
	return Math.max(Math.min(p, d, 1 - MARGIN), MARGIN);
}

/**
 * The probability of a right answer at ability `theta` (logits):
 * P = c + (d-c)/(1+exp(-a(theta-b))), kept in [1e-10, 1-1e-10] (Barton and Lord 1981).
 */
export function probabilityCorrect(theta: number, { a, b, c, d }: ItemParameters): number {
	return bounded(c + (d - c) * logistic(a * (theta - b)), d);
}

/** Probability with the first two derivatives by ability. */
export interface ResponseCurve {
	p: number;
	/** P' = a(P-c)(d-P)/(d-c), per logit. */
	slope: number;
	/** P'' = aP'(c+d-2P)/(d-c), per logit squared. */
	bend: number;
}

/** P, P' and P'' of an item at `theta`. */
export function responseCurve(theta: number, item: ItemParameters): ResponseCurve {
	const { a, b, c, d } = item;
	// The slope comes from the logistic itself, because P - c and d - P cancel at the clamps.
	const s = logistic(a * (theta - b));
	const p = bounded(c + (d - c) * s, d);
	const slope = a * (d - c) * s * (1 - s);
	return { p, slope, bend: a * slope * (1 - 2 * s) };
}

/**
 * Fisher's information of one answer about ability, I = P'^2/(P(1-P)), per squared logit (Birnbaum 1968;
 * Magis 2013 for four parameters). Never negative.
 */
export function information(theta: number, item: ItemParameters): number {
	const { p, slope } = responseCurve(theta, item);
	return (slope * slope) / (p * (1 - p));
}

/** The information of a whole test: the sum over its items, per squared logit. */
export function testInformation(theta: number, items: readonly ItemParameters[]): number {
	return items.reduce((sum, item) => sum + information(theta, item), 0);
}

/** The expected share of right answers, 0..1, at `theta`: the test characteristic curve over its length. */
export function expectedScoreShare(theta: number, items: readonly ItemParameters[]): number {
	if (items.length === 0) return 0;
	return items.reduce((sum, item) => sum + probabilityCorrect(theta, item), 0) / items.length;
}
