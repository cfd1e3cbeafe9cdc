/** The logistic and normal distributions and the Wilson interval: the arithmetic under the rest of this folder. */

/** The logistic function 1/(1+e^-x); finite for every x. */
export function logistic(x: number): number {
	return 1 / (1 + Math.exp(-x));
}

/** ln(p/(1-p)), the inverse of the logistic function, for p in (0,1); -Infinity and Infinity at the ends. */
export function logit(p: number): number {
	return Math.log(p / (1 - p));
}

const SERIES_LIMIT = 4;
const FRACTION_TERMS = 40;

/**
 * Phi(z), the standard normal distribution function, to about 1e-14: Marsaglia's 2004 series in the middle,
 * Laplace's continued fraction in the tails, where the series would cancel.
 */
export function normalCdf(z: number): number {
	if (Number.isNaN(z)) return NaN;
	const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
	const distance = Math.abs(z);
	if (distance <= SERIES_LIMIT) {
		let term = z;
		let sum = z;
		for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
			term *= (z * z) / k;
			sum += term;
		}
		return 0.5 + sum * density;
	}
	if (distance === Infinity) return z > 0 ? 1 : 0;
	let fraction = distance;
	for (let k = FRACTION_TERMS; k >= 1; k--) fraction = distance + k / fraction;
	const tail = density / fraction;
	return z > 0 ? 1 - tail : tail;
}

/** An interval, both ends included. */
export interface Interval {
	low: number;
	high: number;
}

const Z_95 = 1.959963984540054;

/**
 * The 95 % score interval of a proportion (Wilson 1927), as shares in 0..1. `successes` may be a sum of
 * partial scores. Without a trial every share is possible.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
	if (!(trials > 0)) return { low: 0, high: 1 };
	const share = successes / trials;
	const z2 = Z_95 * Z_95;
	const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
	const half =
		(Z_95 / (1 + z2 / trials)) *
		Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
	return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
