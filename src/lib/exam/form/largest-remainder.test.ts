import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestRemainder } from './largest-remainder.ts';

test('shares by weight, the largest remainders and then the first getting what is left', () => {
	expect(largestRemainder([5, 7, 16, 7, 5, 23, 16, 20, 13, 18], 130)).toEqual([
		...[5, 7, 16, 7, 5, 23, 16, 20, 13, 18],
	]);
	expect(largestRemainder([5, 7, 16, 7, 5, 23, 16, 20, 13, 18], 20)).toEqual([
		...[1, 1, 2, 1, 1, 4, 2, 3, 2, 3],
	]);
	expect(largestRemainder([1, 1, 1], 2)).toEqual([1, 1, 0]);
	expect(largestRemainder([0, 3], 4)).toEqual([0, 4]);
	expect(largestRemainder([0, 0], 4)).toEqual([0, 0]);
});

test('the shares are whole, near what is due, and sum to the total', () => {
	const weights = fc.array(fc.nat(30), { minLength: 1 }).filter((all) => all.some((w) => w > 0));
	fc.assert(
		fc.property(weights, fc.nat(300), (all, total) => {
			const shares = largestRemainder(all, total);
			const whole = all.reduce((sum, w) => sum + w, 0);
			expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
			shares.forEach((share, i) => {
				expect(Math.abs(share - ((all[i] ?? 0) * total) / whole)).toBeLessThan(1);
			});
		}),
	);
});
