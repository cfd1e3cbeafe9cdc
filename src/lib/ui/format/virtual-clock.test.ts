import { expect, test } from 'vitest';
import { clockText, dateText, durationText, instantText, wallTimeAt } from './virtual-clock.ts';

const clock = { nowUs: 600_000_000, wallTime: '2026-03-09T00:05:00' };

test('an earlier instant may lie on the day before', () => {
	expect(wallTimeAt(clock, 0)).toBe('2026-03-08T23:55:00');
});

test('a broken wall time is shown as it is', () => {
	expect(wallTimeAt({ nowUs: 0, wallTime: '?' }, 5)).toBe('?');
});

test('clock and date', () => {
	expect(clockText('2026-03-09T07:40:05')).toBe('07:40:05');
	expect(clockText('2026-03-09T07:40:05', false)).toBe('07:40');
	expect(dateText('2026-03-09T07:40:05')).toBe('Mon 9 Mar 2026');
	expect(instantText('2026-11-22T09:05:00Z')).toBe('22 Nov 2026, 09:05 UTC');
});

test('durations grow from seconds to hours', () => {
	expect([0, 4, 89, 90, 3_600, 3_900].map((s) => durationText(s * 1_000_000))).toEqual([
		'0 s',
		'4 s',
		'89 s',
		'2 min',
		'1 h 00 min',
		'1 h 05 min',
	]);
});
