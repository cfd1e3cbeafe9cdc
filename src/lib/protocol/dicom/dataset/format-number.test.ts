import { expect, test } from 'vitest';
import { formatNumber } from './format-number.ts';

// Expected text: what dcmdump 3.6.7 printed for these values.
test.each([
	[0, '0'],
	[0.1, '0.1'],
	[17.3, '17.300000000000001'],
	[0.488281, '0.48828100000000001'],
	[511.66667, '511.66667000000001'],
	[123456.789, '123456.789'],
	[1 / 3, '0.3333333333333333'],
	[1e-5, '1e-05'],
	[-113.25, '-113.25'],
	[1e10, '10000000000'],
	[1e21, '1e+21'],
	[1.23456789e-10, '1.2345678900000001e-10'],
	[Number.NaN, 'nan'],
	[-Infinity, '-inf'],
])('FD %d', (value, text) => {
	expect(formatNumber(value, 17)).toBe(text);
});

test.each([
	[0.1, '0.100000001'],
	[1e10, '1e+10'],
	[123456789, '123456792'],
	[Math.PI, '3.14159274'],
	[1e21, '1.00000002e+21'],
	[0.00012, '0.000119999997'],
])('FL %d', (value, text) => {
	expect(formatNumber(Math.fround(value), 9)).toBe(text);
});

test('rounding carries into a new digit', () => {
	expect(formatNumber(9.9999999999, 9)).toBe('10');
	expect(formatNumber(0.99999999999, 9)).toBe('1');
});
