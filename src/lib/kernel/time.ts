/**
 * Virtual time: an integer number of microseconds since the scenario's epoch, or a difference of two such
 * instants. Names of values end in `Us`. Calendar instants are plain civil date-times without a time zone:
 * a hospital's wall clock, computed here because the core never asks the machine about dates.
 */

export type Micros = number;

const MICROS_PER_SECOND = 1_000_000;

export const milliseconds = (n: number): Micros => Math.round(n * 1_000);
export const seconds = (n: number): Micros => Math.round(n * MICROS_PER_SECOND);
export const minutes = (n: number): Micros => Math.round(n * 60 * MICROS_PER_SECOND);
export const hours = (n: number): Micros => Math.round(n * 3_600 * MICROS_PER_SECOND);

const DURATION = /^(-?)(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/;
const SIGNED_CLOCK = /^([+-]?)(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const UNIT_US: Record<string, number> = {
	us: 1,
	ms: 1_000,
	s: MICROS_PER_SECOND,
	m: 60 * MICROS_PER_SECOND,
	h: 3_600 * MICROS_PER_SECOND,
	d: 86_400 * MICROS_PER_SECOND,
};

/**
 * Reads a duration as authors write it: `90s`, `10m`, `1.5h`, `250ms`, or a signed clock difference
 * such as `-00:40` (hours and minutes) and `+00:00:30`. Returns undefined for anything else.
 */
export function parseDuration(text: string): Micros | undefined {
	const duration = DURATION.exec(text);
	if (duration) {
		const value = Math.round(Number(duration[2]) * (UNIT_US[duration[3] ?? ''] ?? 0));
		return duration[1] === '-' ? -value : value;
	}
	const clock = SIGNED_CLOCK.exec(text);
	if (!clock) return undefined;
	const value =
		(Number(clock[2]) * 3_600 + Number(clock[3]) * 60 + Number(clock[4] ?? 0)) * MICROS_PER_SECOND;
	return clock[1] === '-' ? -value : value;
}

/** A civil date and time; months and days count from 1. */
export interface CivilTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	microsecond: number;
}

const DAY_US = 86_400 * MICROS_PER_SECOND;

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const yearOfEra = y - era * 400;
	const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	const dayOfEra =
		yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
	const z = days + 719_468;
	const era = Math.floor(z / 146_097);
	const dayOfEra = z - era * 146_097;
	const yearOfEra = Math.floor(
		(dayOfEra -
			Math.floor(dayOfEra / 1_460) +
			Math.floor(dayOfEra / 36_524) -
			Math.floor(dayOfEra / 146_096)) /
			365,
	);
	const dayOfYear =
		dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const shifted = Math.floor((5 * dayOfYear + 2) / 153);
	const month = shifted + (shifted < 10 ? 3 : -9);
	return {
		year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
		month,
		day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
	};
}

/** Microseconds since 1970-01-01T00:00 of a civil time. Exact until the year 2255 (2^53 µs). */
export function microsFromCivil(t: CivilTime): Micros {
	const secondsOfDay = t.hour * 3_600 + t.minute * 60 + t.second;
	return (
		daysFromCivil(t.year, t.month, t.day) * DAY_US +
		secondsOfDay * MICROS_PER_SECOND +
		t.microsecond
	);
}

/** The inverse of {@link microsFromCivil}. */
export function civilFromMicros(us: Micros): CivilTime {
	const days = Math.floor(us / DAY_US);
	const rest = us - days * DAY_US;
	const second = Math.floor(rest / MICROS_PER_SECOND);
	return {
		...civilFromDays(days),
		hour: Math.floor(second / 3_600),
		minute: Math.floor(second / 60) % 60,
		second: second % 60,
		microsecond: rest % MICROS_PER_SECOND,
	};
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** Reads `2026-03-09T07:40` or with seconds; undefined if it is not a real date and time. */
export function parseIsoLocal(text: string): Micros | undefined {
	const m = ISO.exec(text);
	if (!m) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m
		.slice(1)
		.map((part) => Number(part ?? 0));
	const us = microsFromCivil({ year, month, day, hour, minute, second, microsecond: 0 });
	return formatIsoLocal(us).startsWith(text) ? us : undefined;
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** `2026-03-09T07:40:00` of an instant since 1970. */
export function formatIsoLocal(us: Micros): string {
	const c = civilFromMicros(us);
	return `${pad(c.year, 4)}-${pad(c.month)}-${pad(c.day)}T${pad(c.hour)}:${pad(c.minute)}:${pad(c.second)}`;
}

/** DICOM DA, `20260309` (PS3.5 table 6.2-1). */
export function formatDicomDate(us: Micros): string {
	const c = civilFromMicros(us);
	return `${pad(c.year, 4)}${pad(c.month)}${pad(c.day)}`;
}

/** DICOM TM to the second, `074000` (PS3.5 table 6.2-1). */
export function formatDicomTime(us: Micros): string {
	const c = civilFromMicros(us);
	return `${pad(c.hour)}${pad(c.minute)}${pad(c.second)}`;
}
