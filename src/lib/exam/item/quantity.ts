/** A number as somebody typed it, perhaps with a unit. */
export interface Quantity {
	/**
	 * What the digits can mean, the likeliest first: `1,234` is 1234 for some and 1.234 for others.
	 */
	readings: number[];
	/** As typed; empty when there was none. */
	unit: string;
}

const QUANTITY =
	/^(?<currency>\$)?\s*(?<sign>[+-]?)\s*(?<digits>\d[\d.,' ]*|[.,]\d+)(?<power>(?:[eE]|\s*[x*]\s*10\s*\^\s*)[+-]?\d{1,3})?\s*(?<unit>[^\d\s.,].{0,30})?$/;

/** Space-like characters between groups of digits. */
const ODD_SPACES = /[\u00a0\u2009\u202f]/g;

/**
 * Reads a number with an optional unit: `512`, `0.5 GiB`, `0,5`, `1 234 567`, `1,234.5 MB`, `2.5e6 B`, `$ 12`.
 * `undefined` when it is none.
 */
export function readQuantity(text: string): Quantity | undefined {
	const plain = text
		.replace(ODD_SPACES, ' ')
		.replace(/[\u2212\u2013]/g, '-')
		.replace(/\u00d7/g, 'x')
		.trim()
		.replace(/^[=~\u2248]\s*/, '');
	const groups = QUANTITY.exec(plain)?.groups;
	if (!groups) return undefined;
	const power = Number((groups['power'] ?? 'e0').replace(/.*?([+-]?\d+)$/, '$1').replace('+', ''));
	const sign = groups['sign'] === '-' ? -1 : 1;
	const readings = readDigits((groups['digits'] ?? '').trim())
		.map((number) => sign * number * 10 ** power)
		.filter(Number.isFinite);
	if (readings.length === 0) return undefined;
	return { readings, unit: (groups['unit'] ?? groups['currency'] ?? '').trim() };
}

/** Digits with group separators or decimal sign of several languages. */
function readDigits(digits: string): number[] {
	if (/^\d*\.?\d+$|^\d+\.$/.test(digits)) return [Number(digits)];
	// Groups of three, with at most one other sign for the fraction.
	for (const [group, point] of [
		[',', '.'],
		['.', ','],
		[' ', '.'],
		[' ', ','],
		["'", '.'],
	] as const) {
		const [whole = '', fraction, ...more] = digits.split(point);
		const groups = whole.split(group);
		const grouped =
			groups.length > 1 &&
			/^[1-9]\d{0,2}$/.test(groups[0] ?? '') &&
			groups.slice(1).every((part) => /^\d{3}$/.test(part));
		if (!grouped || more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction)))
			continue;
		const number = Number(`${groups.join('')}.${fraction ?? '0'}`);
		const comma = group === ',' && groups.length === 2 && fraction === undefined;
		return comma ? [number, Number(digits.replace(',', '.'))] : [number];
	}
	return /^\d*,\d+$/.test(digits) ? [Number(digits.replace(',', '.'))] : [];
}
