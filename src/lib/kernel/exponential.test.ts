import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponential } from './exponential.ts';

test('agrees with the engine to 14 digits', () => {
	fc.assert(
		fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
			expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
		}),
	);
});

test('the ends: nothing, everything, no number', () => {
	expect(exponential(0)).toBe(1);
	expect(exponential(-Infinity)).toBe(0);
	expect(exponential(-800)).toBe(0);
	expect(exponential(800)).toBe(Infinity);
	expect(exponential(Infinity)).toBe(Infinity);
	expect(exponential(NaN)).toBeNaN();
});
