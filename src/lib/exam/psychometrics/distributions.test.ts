import { expect, test } from 'vitest';
import { logistic, logit, normalCdf, wilsonInterval } from './distributions.ts';

test.each([
	[0, 0.5],
	[1, 0.8413447460685429],
	[-1.96, 0.024997895148220435],
	[3, 0.9986501019683699],
	[-5, 2.866515718791939e-7],
	[6, 0.9999999990134124],
	[-10, 7.619853024160527e-24],
	[Infinity, 1],
	[-Infinity, 0],
])('the normal distribution at %d is %d', (z, phi) => {
	expect(Math.abs(normalCdf(z) - phi)).toBeLessThanOrEqual(1e-13 * Math.max(phi, 1e-3));
});

test('the two forms of the normal distribution meet without a step', () => {
	expect(normalCdf(4 + 1e-9) - normalCdf(4 - 1e-9)).toBeCloseTo(2e-9 * 1.338e-4, 14);
});

test('logit undoes the logistic function', () => {
	for (const x of [-20, -1, 0, 0.3, 15]) expect(logit(logistic(x))).toBeCloseTo(x, 6);
	expect(logistic(-1e6)).toBe(0);
	expect(logistic(1e6)).toBe(1);
});

test('the Wilson interval of 8 in 10, of all, of none and of nothing', () => {
	const { low, high } = wilsonInterval(8, 10);
	expect(low).toBeCloseTo(0.4901625, 6);
	expect(high).toBeCloseTo(0.9433178, 6);
	expect(wilsonInterval(10, 10).high).toBeCloseTo(1, 12);
	expect(wilsonInterval(0, 10).low).toBeCloseTo(0, 12);
	expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});
