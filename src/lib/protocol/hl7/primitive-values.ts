/** Values of the primitive data types: HL7 v2.5.1 section 2.A. */

const TIME = String.raw`(\d{2})(?:(\d{2})(?:(\d{2})(?:\.\d{1,4})?)?)?`;
const ZONE = String.raw`(?:[+-](\d{2})(\d{2}))?`;
const DATE_TIME = new RegExp(String.raw`^(\d{4})(?:(\d{2})(?:(\d{2})(?:${TIME})?)?)?${ZONE}$`);
const TIME_OF_DAY = new RegExp(`^${TIME}${ZONE}$`);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const SEQUENCE_ID = /^\d+$/;

function daysOfMonth(year: number, month: number): number {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The parts that are given are within their ranges; those that are not given are undefined. */
function isTime(parts: readonly (string | undefined)[]): boolean {
	const [hour = '0', minute = '0', second = '0', zoneHour = '0', zoneMinute = '0'] = parts;
	return (
		Number(hour) < 24 &&
		Number(minute) < 60 &&
		Number(second) < 60 &&
		Number(zoneHour) < 24 &&
		Number(zoneMinute) < 60
	);
}

/** YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]. */
function isDateTime(text: string): boolean {
	const match = DATE_TIME.exec(text);
	if (match === null) return false;
	const [, year = '', month = '01', day = '01', ...time] = match as (string | undefined)[];
	const [y, m, d] = [Number(year), Number(month), Number(day)];
	return m >= 1 && m <= 12 && d >= 1 && d <= daysOfMonth(y, m) && isTime(time);
}

function isTimeOfDay(text: string): boolean {
	const match = TIME_OF_DAY.exec(text);
	return match !== null && isTime(match.slice(1));
}

/**
 * Whether text is a value of the primitive type. True for types whose values are any text (ST, TX, FT,
 * ID, IS) and for names that are no primitive type.
 */
export function isPrimitiveValue(dataType: string, text: string): boolean {
	switch (dataType) {
		case 'DT':
			return /^\d{4,8}$/.test(text) && isDateTime(text);
		case 'DTM':
			return isDateTime(text);
		case 'TM':
			return isTimeOfDay(text);
		case 'NM':
			return NUMBER.test(text);
		case 'SI':
			return SEQUENCE_ID.test(text);
		default:
			return true;
	}
}
