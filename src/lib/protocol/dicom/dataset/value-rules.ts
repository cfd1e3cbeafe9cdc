/** What a single value of each text VR may be (PS3.5 section 6.2, table 6.2-1). */

/** Says what is wrong with one value, without its padding; undefined: nothing. */
type Rule = (value: string) => string | undefined;

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeapYear(year: number): boolean {
	return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** A month and a day that exist; parts that are not there are right. */
function isDate(year: string, month?: string, day?: string): boolean {
	if (month === undefined) return true;
	const days = DAYS[Number(month) - 1];
	if (days === undefined) return false;
	if (day === undefined) return true;
	if (month === '02' && day === '29' && !isLeapYear(Number(year))) return false;
	return Number(day) >= 1 && Number(day) <= days;
}

/** Second 60 is the leap second. */
function isTime(hour = '00', minute = '00', second = '00'): boolean {
	return Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
}

function date(value: string): string | undefined {
	const match = /^(\d{4})(\d\d)(\d\d)$/.exec(value);
	if (match === null) {
		const old = /^\d{4}\.\d\d\.\d\d$/.test(value);
		return old ? 'YYYY.MM.DD is the form of ACR-NEMA, not YYYYMMDD' : 'not of the form YYYYMMDD';
	}
	return isDate(match[1]!, match[2], match[3]) ? undefined : 'no day of the calendar';
}

function time(value: string): string | undefined {
	const match = /^(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?$/.exec(value);
	if (match === null) return 'not of the form HHMMSS.FFFFFF';
	return isTime(match[1], match[2], match[3]) ? undefined : 'no time of the day';
}

const DATE_TIME =
	/^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/;

function dateTime(value: string): string | undefined {
	const match = DATE_TIME.exec(value);
	if (match === null) return 'not of the form YYYYMMDDHHMMSS.FFFFFF&ZZXX';
	const [, year, month, day, hour, minute, second, offset] = match;
	if (!isDate(year!, month, day)) return 'no day of the calendar';
	if (!isTime(hour, minute, second)) return 'no time of the day';
	if (offset === undefined) return undefined;
	const minutes = Math.trunc(Number(offset) / 100) * 60 + (Number(offset) % 100);
	return minutes < -720 || minutes > 840 ? 'an offset from UTC beyond -1200 to +1400' : undefined;
}

function age(value: string): string | undefined {
	return /^\d{3}[DWMY]$/.test(value) ? undefined : 'not three digits and D, W, M or Y';
}

function code(value: string): string | undefined {
	return /^[A-Z0-9 _]*$/.test(value)
		? undefined
		: 'other characters than capital letters, digits, space and underscore';
}

function decimal(value: string): string | undefined {
	return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? undefined : 'no decimal number';
}

function integer(value: string): string | undefined {
	if (!/^[+-]?\d+$/.test(value)) return 'no integer';
	const number = Number(value);
	return number < -(2 ** 31) || number >= 2 ** 31 ? 'an integer beyond 32 bits' : undefined;
}

/** PS3.5 9.1: digits and dots, no component with a leading zero. */
function uid(value: string): string | undefined {
	if (!/^[0-9.]*$/.test(value)) return 'other characters than digits and dots';
	const components = value.split('.');
	if (components.includes('')) return 'an empty component';
	if (components.some((one) => one.length > 1 && one.startsWith('0'))) {
		return 'a component with a leading zero';
	}
	return /^[012](\.|$)/.test(value) ? undefined : 'a first component other than 0, 1 or 2';
}

function applicationEntity(value: string): string | undefined {
	return value.trim() === '' ? 'spaces only' : undefined;
}

/** Three groups of five components (PS3.5 6.2.1). */
function personName(value: string): string | undefined {
	const groups = value.split('=');
	if (groups.length > 3) return `${groups.length} component groups, more than 3`;
	const most = Math.max(...groups.map((group) => group.split('^').length));
	if (most > 5) return `${most} components in a group, more than 5`;
	return groups.some((group) => [...group].length > 64)
		? 'a component group of more than 64 characters'
		: undefined;
}

function resource(value: string): string | undefined {
	return /[\s"<>\\^`{|}]/.test(value) ? 'a character that no URI has' : undefined;
}

const RULES: Readonly<Record<string, Rule>> = {
	AE: applicationEntity,
	AS: age,
	CS: code,
	DA: date,
	DS: decimal,
	DT: dateTime,
	IS: integer,
	PN: personName,
	TM: time,
	UI: uid,
	UR: resource,
};

/**
 * What is wrong with one value of a text VR, but for its length and the control characters in it;
 * undefined: nothing. An empty value is right everywhere.
 */
export function valueProblem(vr: string, value: string): string | undefined {
	return value === '' ? undefined : RULES[vr]?.(value);
}

/** Whether text has control characters its VR may not have: line ends are for ST, LT and UT. */
export function hasControlCharacters(vr: string, text: string): boolean {
	const lines = vr === 'ST' || vr === 'LT' || vr === 'UT';
	for (let i = 0; i < text.length; i += 1) {
		const unit = text.charCodeAt(i);
		if (unit >= 0x20 && unit !== 0x7f) continue;
		// Tab, line feed, form feed and carriage return (PS3.5 6.1.3).
		if (!lines || ![0x09, 0x0a, 0x0c, 0x0d].includes(unit)) return true;
	}
	return false;
}

/** Whether a number of values is one of a multiplicity such as "1", "1-n", "2-2n" or "1-3". */
export function fitsMultiplicity(count: number, multiplicity: string): boolean {
	const [low = '1', high = low] = multiplicity.split('-');
	const least = Number.parseInt(low, 10);
	if (count < least) return false;
	if (!high.endsWith('n')) return count <= Number.parseInt(high, 10);
	const step = high === 'n' ? 1 : Number.parseInt(high, 10);
	return count % step === 0;
}
