import { microsFromCivil, minutes, type Micros } from '#lib/kernel/time.ts';

/** Single value and range matching of DA, TM and DT (PS3.4 C.2.2.2.1, C.2.2.2.5). */

/** Whether a date or time lies in what a key of that VR says; a key less precise than the value covers it. */
export function matchesTime(vr: 'DA' | 'TM' | 'DT', key: string, value: string): boolean {
	if (value === '') return false;
	if (vr === 'DT') return matchesDateTime(key, value);
	const clean = (text: string): string => withoutSeparators(vr, text.trim());
	const [from = '', to] = key.split('-').map(clean);
	if (to !== undefined) return within(clean(value), from, to);
	return vr === 'DA' ? clean(value) === from : from !== '' && clean(value).startsWith(from);
}

/** Whether a key is a range. The hyphen of an offset from UTC makes none. */
export function isTimeRange(vr: 'DA' | 'TM' | 'DT', key: string): boolean {
	return vr === 'DT' ? dateTimeRange(key) !== undefined : key.includes('-');
}

/**
 * Combined matching of a date and a time key that are both ranges (PS3.4 C.2.2.2.5.3): the first ends of both
 * are one moment, and so are the second ones.
 */
export function matchesCombined(
	key: { date: string; time: string },
	value: { date: string; time: string },
): boolean {
	if (value.date === '') return false;
	const date = key.date.split('-').map((text) => withoutSeparators('DA', text.trim()));
	const time = key.time.split('-').map((text) => withoutSeparators('TM', text.trim()));
	const from = date[0] ? date[0] + (time[0] ?? '') : '';
	const to = date[1] ? date[1] + (time[1] ?? '') : '';
	const moment =
		withoutSeparators('DA', value.date) + (withoutSeparators('TM', value.time) || '000000');
	return within(moment, from, to);
}

/** Takes forms of ACR-NEMA that old objects still have, 2026.03.09 and 10:30:00; fractions of nothing go. */
function withoutSeparators(vr: 'DA' | 'TM', text: string): string {
	return vr === 'DA' ? text.replaceAll('.', '') : text.replaceAll(':', '').replace(/\.0*$/, '');
}

/** Ends that are less precise than the value include all of their day, hour or minute. */
function within(value: string, from: string, to: string): boolean {
	return (from === '' || value >= from) && (to === '' || value.slice(0, to.length) <= to);
}

const DATE_TIME = String.raw`\d{4,14}(?:\.\d{1,6})?(?:[+-](?:0\d|1[0-4])[0-5]\d)?`;
const ONE = new RegExp(`^${DATE_TIME}$`);
const RANGE = new RegExp(`^(${DATE_TIME})?-(${DATE_TIME})?$`);

/** The ends of a DT range; what can be read as one value with its offset is one value. */
function dateTimeRange(key: string): { from: string; to: string } | undefined {
	const text = key.trim();
	if (ONE.test(text)) return undefined;
	const match = RANGE.exec(text);
	return match ? { from: match[1] ?? '', to: match[2] ?? '' } : undefined;
}

function matchesDateTime(key: string, value: string): boolean {
	const range = dateTimeRange(key);
	const moment = interval(value);
	if (!moment) return false;
	if (!range) {
		const wanted = interval(key.trim());
		return (
			wanted !== undefined && wanted.startUs <= moment.startUs && moment.startUs < wanted.endUs
		);
	}
	const from = interval(range.from);
	const to = interval(range.to);
	return (!from || moment.startUs >= from.startUs) && (!to || moment.startUs < to.endUs);
}

/**
 * From when to when a DT value says, as precisely as it says it, in UTC where it names an offset. Where only
 * one of two values has an offset they are compared as written.
 */
function interval(text: string): { startUs: Micros; endUs: Micros } | undefined {
	const match =
		/^(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.(\d{1,6}))?([+-])?(\d\d)?(\d\d)?$/.exec(text);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
	const offset = minutes(Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0));
	const shiftUs = sign === '-' ? offset : -offset;
	const civil = {
		year: Number(year),
		month: Number(month ?? 1),
		day: Number(day ?? 1),
		hour: Number(hour ?? 0),
		minute: Number(minute ?? 0),
		second: Number(second ?? 0),
		microsecond: Number((fraction ?? '').padEnd(6, '0')),
	};
	const next = { ...civil };
	if (month === undefined) next.year++;
	else if (day === undefined) {
		next.month = civil.month === 12 ? 1 : civil.month + 1;
		next.year += civil.month === 12 ? 1 : 0;
	}
	const startUs = microsFromCivil(civil) + shiftUs;
	const endUs =
		day === undefined
			? microsFromCivil(next) + shiftUs
			: startUs + unitUs({ hour, minute, second, fraction });
	return { startUs, endUs };
}

function unitUs(given: {
	hour: string | undefined;
	minute: string | undefined;
	second: string | undefined;
	fraction: string | undefined;
}): Micros {
	if (given.hour === undefined) return minutes(24 * 60);
	if (given.minute === undefined) return minutes(60);
	if (given.second === undefined) return minutes(1);
	return given.fraction === undefined ? 1_000_000 : 10 ** (6 - given.fraction.length);
}
