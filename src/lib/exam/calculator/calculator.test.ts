import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calculate } from './calculator.ts';

test.each([
	['1 + 2 * 3', '7'],
	['-2^2', '-4'],
	['(1+2)*3', '9'],
	['1,024 / 8', '128'],
	['7 % 4', '3'],
	['0xFF + 0b101 in dec', '260'],
	['255 in hex', 'FF'],
	['10 in bin', '1010'],
	['512*512*2*300 B in MiB', '150 MiB'],
	['150 MiB in MB', '157.2864 MB'],
	['3 GB / 100 Mbit/s in min', '4 min'],
	['100 Mbit/s * 1 min in MB', '750 MB'],
	['2 h + 30 min', '9000 s'],
	['8 bit', '1 B'],
	['0.1 + 0.2', '0.3'],
])('%s is %s', (typed, text) => {
	expect(calculate(typed)).toEqual({ text });
});

test.each([
	['', 'Type a calculation.'],
	['1 +', 'The calculation stops too early.'],
	['(1', 'A closing bracket is missing.'],
	['1 GB + 1 s', 'Different kinds of amounts can’t be added.'],
	['3 GB in min', 'The result can’t be told in min.'],
	['1 / 0', 'There is no such number.'],
	['3 apples', '“apples” is no unit of data, rate or time.'],
	['1 $ 2', '“$” can’t be calculated with.'],
])('%s is answered with what to mend', (typed, problem) => {
	expect(calculate(typed)).toEqual({ problem });
});

test('nothing typed makes it throw', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom(...'0123456789+-*/^%() .,GMiBbits') }),
			(typed) => {
				const answer = calculate(typed);
				expect('text' in answer || 'problem' in answer).toBe(true);
			},
		),
	);
});
