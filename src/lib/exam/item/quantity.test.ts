import { expect, test } from 'vitest';
import { readQuantity } from './quantity.ts';
import { convert } from './units.ts';

test.each<[string, number[], string]>([
	['512', [512], ''],
	[' 0.5 GiB ', [0.5], 'GiB'],
	['.5', [0.5], ''],
	['5.', [5], ''],
	['0,5 s', [0.5], 's'],
	['1,234', [1234, 1.234], ''],
	['0,123', [0.123], ''],
	['12,34', [12.34], ''],
	['1,234,567', [1_234_567], ''],
	['1,234.5 MB', [1234.5], 'MB'],
	['1.234,5', [1234.5], ''],
	['1.234.567', [1_234_567], ''],
	['1.234', [1.234], ''],
	['1 234 567 B', [1_234_567], 'B'],
	['1\u202f234,5', [1234.5], ''],
	["1'234'567", [1_234_567], ''],
	['-3', [-3], ''],
	['\u22123', [-3], ''],
	['2.5e6 B', [2_500_000], 'B'],
	['2 x 10^3', [2000], ''],
	['2\u00d710^3 s', [2000], 's'],
	['50%', [50], '%'],
	['$ 12', [12], '$'],
	['12 USD', [12], 'USD'],
	['= 42', [42], ''],
	['100 Mbit/s', [100], 'Mbit/s'],
	['80 cd/m2', [80], 'cd/m2'],
])('%s', (text, readings, unit) => {
	expect(readQuantity(text)).toEqual({ readings, unit });
});

test.each(['', 'many', '1,23,4', '12,3456.7,8', 'MB 5', '10.0.0.1', '1 2', '--3', '3 4 MB'])(
	'%j is no quantity',
	(text) => expect(readQuantity(text)).toBeUndefined(),
);

test.each<[number, string, string, number | undefined]>([
	[0.5, 'GiB', 'MiB', 512],
	[10, 'MB', 'MiB', 10e6 / 2 ** 20],
	[1, 'MB', 'kB', 1000],
	[8, 'bit', 'B', 1],
	[100, 'Mb', 'MB', 12.5],
	[100, 'mb', 'MB', 100],
	[1, 'Gbps', 'MB/s', 125],
	[1, 'h', 's', 3600],
	[1, 'day', 'h', 24],
	[90, 'minutes', 'h', 1.5],
	[5, 'mm', 'cm', 0.5],
	[1, 'GBq', 'MBq', 1000],
	[3, 'Images', 'images', 3],
	[3, 'nits', 'cd/m2', 3],
	[3, 'cd/m²', 'cd/m2', 3],
	[3, 'percent', '%', 3],
	[3, 'MB', 's', undefined],
	[3, 'MB', 'MB/s', undefined],
	[3, 'images', 'frames', undefined],
	[3, 'MIN', 'min', 3],
	[3, 'kb', 'kB', 0.375],
])('%d %s in %s', (value, from, to, expected) => {
	const converted = convert(value, from, to);
	if (expected === undefined) expect(converted).toBeUndefined();
	else expect(converted).toBeCloseTo(expected, 9);
});
