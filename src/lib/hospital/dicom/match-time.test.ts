import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTimeRange, matchesCombined, matchesTime } from './match-time.ts';

test.each([
	// vr, key, value, whether they match
	['DA', '20260309', '2026.03.09', true],
	['DA', '202603', '20260309', false],
	['TM', '1015', '101530', true],
	['TM', '101530', '1015', false],
	['TM', '101530.000', '101530', true],
	['TM', '10:15:30', '101530', true],
	['TM', '101500-101530', '101530.5', true],
	['DT', '20260309', '20260309101500', true],
	['DT', '2026', '20260309101500', true],
	['DT', '202604', '20260309101500', false],
	['DT', '20260309101500+0100', '20260309091500+0000', true],
	['DT', '20260309101500-0500', '20260309151500+0000', true],
	['DT', '20260309-20260310', '20260310235959.999', true],
	['DT', '20260309-20260310', '20260311', false],
	['DT', '20260309-', '20260308235959', false],
	['DT', '-20260309', '20260309120000', true],
	['DT', '20260309100000-0500-20260309110000-0500', '20260309153000+0000', true],
	['DT', '20260309100000-0500-20260309110000-0500', '20260309163000+0000', false],
	['DT', '202512-202602', '20260228235959', true],
	['DT', 'nonsense', '20260309', false],
	['DT', '2026', 'nonsense', false],
	['DT', '2026', '', false],
] as const)('%s key %j, value %j: %s', (vr, key, value, matched) => {
	expect(matchesTime(vr, key, value)).toBe(matched);
});

test('a hyphen that begins an offset from UTC makes no range', () => {
	expect(isTimeRange('DT', '20260309101500-0500')).toBe(false);
	expect(isTimeRange('DT', '2025-2026')).toBe(true);
	expect(isTimeRange('DT', '20260309101500-0500-')).toBe(true);
	expect(isTimeRange('DA', '20260309-')).toBe(true);
	expect(isTimeRange('TM', '1015')).toBe(false);
});

const hour = fc.integer({ min: 0, max: 23 }).map((n) => String(n).padStart(2, '0'));
const day = fc.integer({ min: 1, max: 28 }).map((n) => `202603${String(n).padStart(2, '0')}`);

test('a combined range is a range of moments', () => {
	fc.assert(
		fc.property(day, hour, day, hour, day, hour, (d1, h1, d2, h2, date, time) => {
			const key = { date: `${d1}-${d2}`, time: `${h1}-${h2}` };
			const inside = date + time >= d1 + h1 && date + time <= d2 + h2;
			expect(matchesCombined(key, { date, time: `${time}0000` })).toBe(inside);
		}),
	);
	const open = { date: '20260309-', time: '1200-' };
	expect(matchesCombined(open, { date: '20260309', time: '1100' })).toBe(false);
	expect(matchesCombined(open, { date: '20260310', time: '1100' })).toBe(true);
	expect(matchesCombined(open, { date: '', time: '1300' })).toBe(false);
});

test('no key and no value make it throw', () => {
	const text = fc.string({ unit: fc.constantFrom(...'0123456789-+.:  '), maxLength: 40 });
	fc.assert(
		fc.property(fc.constantFrom('DA', 'TM', 'DT'), text, text, (vr, key, value) => {
			expect(typeof matchesTime(vr, key, value)).toBe('boolean');
			expect(typeof isTimeRange(vr, key)).toBe('boolean');
		}),
		{ numRuns: 2_000 },
	);
});
