import { expect, test } from 'vitest';
import { ByteReader, uint, uint16s } from './byte-reader.ts';

test('reads what is there, and past the end nothing', () => {
	const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5, 6));
	expect([reader.uint(1), reader.uint(2), reader.uint(3)]).toEqual([1, 0x0203, 0x040506]);
	expect(reader.complete).toBe(true);
	expect([...reader.take(1)]).toEqual([]);
	expect([reader.failed, reader.complete]).toEqual([true, false]);
});

test.each([
	['a list of numbers', [0, 4, 1, 2, 3, 4], [0x0102, 0x0304], true],
	['an empty list', [0, 0], [], true],
	['an odd list', [0, 3, 1, 2, 3], [0x0102, 0], false],
	['a list that is cut', [0, 4, 1, 2], [], false],
])('%s', (_, bytes, numbers, complete) => {
	const reader = new ByteReader(Uint8Array.from(bytes));
	expect(reader.uint16s(2)).toEqual(numbers);
	expect(reader.complete).toBe(complete);
});

test('a list of vectors ends with the first one that is cut', () => {
	const whole = new ByteReader(Uint8Array.of(0, 7, 0, 1, 9, 0, 2, 8, 7));
	expect(whole.vectors(2, 2).map((part) => [...part])).toEqual([[9], [8, 7]]);
	expect(whole.complete).toBe(true);
	const cut = new ByteReader(Uint8Array.of(0, 5, 0, 1, 9, 0, 2));
	cut.vectors(2, 2);
	expect(cut.failed).toBe(true);
});

test('writes big-endian', () => {
	expect([...uint(0x0102, 3), ...uint16s([0xc02c])]).toEqual([0, 1, 2, 0xc0, 0x2c]);
	expect([...uint(2 ** 40 + 1, 8)]).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
});
