import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COEFFICIENT_BITS, forwardDct } from './forward-dct.ts';

/** The definition of T.81 A.3.3, in floating point. */
function definition(samples: readonly number[], u: number, v: number): number {
	const c = (n: number): number => (n === 0 ? Math.SQRT1_2 : 1);
	const cosine = (x: number, n: number): number => Math.cos(((2 * x + 1) * n * Math.PI) / 16);
	let sum = 0;
	samples.forEach((sample, i) => (sum += sample * cosine(i & 7, u) * cosine(i >> 3, v)));
	return (c(u) * c(v) * sum) / 4;
}

function expectNear(samples: number[]): void {
	const coefficients = new Int32Array(64);
	forwardDct(Int32Array.from(samples), coefficients);
	for (let i = 0; i < 64; i++) {
		const coefficient = coefficients[i]! / 2 ** COEFFICIENT_BITS;
		expect(Math.abs(coefficient - definition(samples, i & 7, i >> 3))).toBeLessThan(0.15);
	}
}

test('every coefficient is that of the definition', () => {
	const sample = fc.integer({ min: -128, max: 127 });
	const block = fc.array(sample, { minLength: 64, maxLength: 64 });
	fc.assert(fc.property(block, expectNear), { numRuns: 200 });
});

test('the greatest coefficients there can be do not overflow', () => {
	for (let i = 0; i < 64; i++) {
		const sign = (place: number): number => {
			const one = new Array<number>(64).fill(0);
			one[place] = 1;
			return definition(one, i & 7, i >> 3);
		};
		expectNear(Array.from({ length: 64 }, (_, place) => (sign(place) < 0 ? 127 : -128)));
	}
});
