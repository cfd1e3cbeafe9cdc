import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	civilFromMicros,
	formatDicomDate,
	formatDicomTime,
	formatIsoLocal,
	hours,
	microsFromCivil,
	milliseconds,
	minutes,
	parseDuration,
	parseIsoLocal,
	seconds,
} from './time.ts';

/** The years in which a microsecond is exact: 2^53 of them either way from 1970. */
const instantMs = fc.integer({
	min: Date.parse('1685-01-01T00:00:00Z'),
	max: Date.parse('2254-12-31T23:59:59Z'),
});

test('civil time agrees with the calendar of JavaScript, and back', () => {
	fc.assert(
		fc.property(instantMs, fc.integer({ min: 0, max: 999 }), (ms, extraUs) => {
			const us = ms * 1_000 + extraUs;
			const date = new Date(ms);
			const civil = civilFromMicros(us);
			expect(civil).toEqual({
				year: date.getUTCFullYear(),
				month: date.getUTCMonth() + 1,
				day: date.getUTCDate(),
				hour: date.getUTCHours(),
				minute: date.getUTCMinutes(),
				second: date.getUTCSeconds(),
				microsecond: date.getUTCMilliseconds() * 1_000 + extraUs,
			});
			expect(microsFromCivil(civil)).toBe(us);
			expect(formatIsoLocal(us)).toBe(date.toISOString().slice(0, 19));
			expect(parseIsoLocal(formatIsoLocal(us))).toBe(us - civil.microsecond);
		}),
		{ numRuns: 2_000 },
	);
});

test.each([
	['2026-03-09T07:40', '2026-03-09T07:40:00Z'],
	['2026-03-09T07:40:59', '2026-03-09T07:40:59Z'],
	['2024-02-29T00:00', '2024-02-29T00:00:00Z'],
	['1969-12-31T23:59', '1969-12-31T23:59:00Z'],
])('%s is read', (text, iso) => {
	expect(parseIsoLocal(text)).toBe(Date.parse(iso) * 1_000);
});

test.each([
	'2026-02-29T00:00',
	'2100-02-29T00:00',
	'2026-13-01T00:00',
	'2026-00-10T00:00',
	'2026-04-31T00:00',
	'2026-03-09T24:00',
	'2026-03-09T07:60',
	'2026-03-09T07:40:60',
	'2026-03-09',
	'2026-03-09 07:40',
	'2026-03-09T07:40Z',
	'',
])('%j is no instant', (text) => {
	expect(parseIsoLocal(text)).toBeUndefined();
});

test('DICOM date and time of an instant', () => {
	const us = parseIsoLocal('2026-03-09T07:04:05') ?? NaN;
	expect(formatDicomDate(us)).toBe('20260309');
	expect(formatDicomTime(us + 999_999)).toBe('070405');
});

test.each([
	['90s', seconds(90)],
	['10m', minutes(10)],
	['1.5h', minutes(90)],
	['250ms', milliseconds(250)],
	['7us', 7],
	['2d', hours(48)],
	['-3s', -seconds(3)],
	['0s', 0],
	['-00:40', -minutes(40)],
	['00:40', minutes(40)],
	['+01:00:30', hours(1) + seconds(30)],
])('the duration %s', (text, us) => {
	expect(parseDuration(text)).toBe(us);
});

test.each(['', '10', 'm', '10 m', '1h30m', '.5s', '1.s', '1e3s', '--1s', '+1s', '1:5', '00:40m'])(
	'%j is no duration',
	(text) => {
		expect(parseDuration(text)).toBeUndefined();
	},
);

test('a duration is a whole number of microseconds', () => {
	expect(parseDuration('0.0000004s')).toBe(0);
	expect(parseDuration('0.1234567s')).toBe(123_457);
});
