import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import { microsFromCivil } from '#lib/kernel/time.ts';
import {
	accessionNumber,
	fillerOrderNumber,
	newUid,
	performedProcedureStepId,
	placerOrderNumber,
	requestedProcedureId,
	scheduledProcedureStepId,
} from './identifiers.ts';

const DAY_US = microsFromCivil({
	year: 2026,
	month: 3,
	day: 9,
	hour: 7,
	minute: 40,
	second: 0,
	microsecond: 0,
});

test('a UID is a version 4 UUID in decimal under 2.25', () => {
	fc.assert(
		fc.property(fc.string(), (seed) => {
			const uid = newUid(new Random(seed, 'uid'));
			expect(uid).toMatch(/^2\.25\.[1-9]\d*$/);
			expect(uid.length).toBeLessThanOrEqual(64);
			const value = BigInt(uid.slice(5));
			expect(value < 1n << 128n).toBe(true);
			expect((value >> 76n) & 0xfn).toBe(4n);
			expect((value >> 62n) & 0b11n).toBe(0b10n);
		}),
	);
});

test('UIDs are reproducible, and different within a stream', () => {
	const stream = (): string[] => {
		const random = new Random('seed', 'uid');
		return Array.from({ length: 2_000 }, () => newUid(random));
	};
	expect(stream()).toEqual(stream());
	expect(new Set(stream()).size).toBe(2_000);
	expect(stream()[0]).toBe('2.25.242897218889417548958520259322432592000');
});

test('every bit of a UID but the fixed six varies', () => {
	const random = new Random('bits', 'uid');
	let ones = 0n;
	let zeros = 0n;
	for (let i = 0; i < 500; i++) {
		const value = BigInt(newUid(random).slice(5));
		ones |= value;
		zeros |= ~value & ((1n << 128n) - 1n);
	}
	const fixed = (0xfn << 76n) | (0b11n << 62n);
	expect(ones & zeros).toBe(((1n << 128n) - 1n) ^ fixed);
});

test('identifiers carry the date and the count', () => {
	expect(accessionNumber(DAY_US, 1)).toBe('A2603090001');
	expect(requestedProcedureId(DAY_US, 12)).toBe('RP2603090012');
	expect(scheduledProcedureStepId(DAY_US, 9_999)).toBe('SPS2603099999');
	expect(performedProcedureStepId(DAY_US, 3)).toBe('PPS2603090003');
	expect(placerOrderNumber(DAY_US, 7)).toBe('P260309000007');
	expect(fillerOrderNumber(DAY_US, 123_456)).toBe('F260309123456');
});

test('identifiers stay within 16 characters, or say so', () => {
	const makers = [
		accessionNumber,
		requestedProcedureId,
		scheduledProcedureStepId,
		performedProcedureStepId,
		placerOrderNumber,
		fillerOrderNumber,
	];
	for (const make of makers) {
		expect(make(DAY_US, 999_999).length).toBeLessThanOrEqual(16);
		expect(() => make(DAY_US, 10 ** 12)).toThrow(RangeError);
		expect(() => make(DAY_US, -1)).toThrow(RangeError);
		expect(() => make(DAY_US, 0.5)).toThrow(RangeError);
	}
});
