import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	expectedScoreShare,
	information,
	probabilityCorrect,
	testInformation,
	uncalibratedItem,
	type ItemParameters,
} from './item-response.ts';

const ITEMS: ItemParameters[] = [
	{ a: 1, b: 0, c: 0, d: 1 },
	{ a: 1.2, b: -0.5, c: 0.2, d: 1 },
	{ a: 0.8, b: 1, c: 0.25, d: 1 },
	{ a: 1.5, b: 0.3, c: 0.2, d: 0.95 },
];

/** Computed with R's catR. */
const VECTORS = [
	{
		theta: -2,
		p: [0.119202922, 0.3134808519, 0.3123795224, 0.2230766445],
		i: [0.104993585404, 0.063455508632, 0.009745582057, 0.006494568118],
	},
	{
		theta: 0,
		p: [0.5, 0.716525045, 0.4825191392, 0.4920205745],
		i: [0.25, 0.2374917931, 0.06597123399, 0.286252602],
	},
	{
		theta: 1,
		p: [0.7310585786, 0.8865191481, 0.625, 0.7555811744],
		i: [0.1966119332, 0.1357445165, 0.096, 0.2527061919],
	},
	{
		theta: 2,
		p: [0.880797078, 0.9620593015, 0.7674808608, 0.895680136],
		i: [0.1049935854, 0.05153040248, 0.09230754135, 0.06113312413],
	},
];

test.each(VECTORS)('probability and information at theta $theta', ({ theta, p, i }) => {
	ITEMS.forEach((item, j) => {
		expect(Math.abs(probabilityCorrect(theta, item) - (p[j] ?? NaN))).toBeLessThan(1e-10);
		expect(Math.abs(information(theta, item) - (i[j] ?? NaN))).toBeLessThan(1e-10);
	});
	const sum = i.reduce((total, value) => total + value, 0);
	expect(testInformation(theta, ITEMS)).toBeCloseTo(sum, 9);
});

const item = fc
	.record({
		a: fc.double({ min: 0.05, max: 4, noNaN: true }),
		b: fc.double({ min: -6, max: 6, noNaN: true }),
		c: fc.double({ min: 0, max: 0.5, noNaN: true }),
		d: fc.double({ min: 0.6, max: 1, noNaN: true }),
	})
	.map((parameters): ItemParameters => parameters);
const ability = fc.double({ min: -1e4, max: 1e4, noNaN: true });

test('a probability stays between its asymptotes and inside 0 and 1, and rises with ability', () => {
	fc.assert(
		fc.property(item, ability, ability, (parameters, x, y) => {
			const p = probabilityCorrect(x, parameters);
			expect(p).toBeGreaterThanOrEqual(parameters.c);
			expect(p).toBeLessThanOrEqual(parameters.d);
			expect(p > 0 && p < 1).toBe(true);
			if (x <= y) expect(p).toBeLessThanOrEqual(probabilityCorrect(y, parameters) + 1e-15);
		}),
	);
});

test('information is finite and never negative, even a thousand logits away', () => {
	fc.assert(
		fc.property(item, ability, (parameters, theta) => {
			const value = information(theta, parameters);
			expect(value >= 0 && Number.isFinite(value)).toBe(true);
		}),
	);
});

test('the information of two parameters is a^2 P(1-P)', () => {
	fc.assert(
		fc.property(item, fc.double({ min: -4, max: 4, noNaN: true }), ({ a, b }, theta) => {
			const p = 1 / (1 + Math.exp(-a * (theta - b)));
			expect(information(theta, { a, b, c: 0, d: 1 })).toBeCloseTo(a * a * p * (1 - p), 9);
		}),
	);
});

test('an uncalibrated item guesses at one in its options, and not at all without options', () => {
	expect(uncalibratedItem(0.75, 5)).toEqual({ a: 1, b: 0.75, c: 0.2, d: 1 });
	expect(uncalibratedItem(-1)).toEqual({ a: 1, b: -1, c: 0, d: 1 });
});

test('the expected share is the mean probability, and nothing is expected of no items', () => {
	expect(expectedScoreShare(1, ITEMS)).toBeCloseTo(
		(0.7310585786 + 0.8865191481 + 0.625 + 0.7555811744) / 4,
		9,
	);
	expect(expectedScoreShare(1, [])).toBe(0);
});
