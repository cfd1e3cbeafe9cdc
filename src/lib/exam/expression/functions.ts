import { isList, numberText, sameValue, valueText, type Value } from './value.ts';

/** A function of the language; it throws `Misuse` when its arguments do not fit. */
export type Builtin = (args: readonly Value[]) => Value;

/** A wrong argument; the evaluator adds the position. */
export class Misuse extends Error {}

const MAX_TEXT = 20_000;

function numberAt(args: readonly Value[], i: number, otherwise?: number): number {
	const value = args[i] ?? otherwise;
	if (typeof value !== 'number') throw new Misuse(`argument ${i + 1} must be a number`);
	return value;
}

function textAt(args: readonly Value[], i: number, otherwise?: string): string {
	const value = args[i] ?? otherwise;
	const text = value === undefined ? undefined : valueText(value);
	if (text === undefined) throw new Misuse(`argument ${i + 1} must be a text`);
	return text;
}

function listAt(args: readonly Value[], i: number): readonly Value[] {
	const value = args[i];
	if (value === undefined || !isList(value)) throw new Misuse(`argument ${i + 1} must be a list`);
	return value;
}

/** The numbers of one list, or of all arguments. */
function numbers(args: readonly Value[]): number[] {
	const first = args[0];
	const values = args.length === 1 && first !== undefined && isList(first) ? first : args;
	if (values.length === 0) throw new Misuse('needs at least one number');
	return values.map((_, i) => numberAt(values, i));
}

function digitsAt(args: readonly Value[], i: number, otherwise: number, most: number): number {
	const digits = numberAt(args, i, otherwise);
	if (!Number.isInteger(digits) || digits < 0 || digits > most) {
		throw new Misuse(`argument ${i + 1} must be a whole number in 0..${most}`);
	}
	return digits;
}

/** Half away from zero, decided on the decimal digits: round(1.005, 2) is 1.01. */
function round(x: number, digits: number): number {
	const scaled = Number(`${numberText(Math.abs(x))}e${digits}`);
	return Math.sign(x) * Number(`${numberText(Math.round(scaled))}e-${digits}`);
}

function wholeAt(args: readonly Value[], i: number): number {
	const n = numberAt(args, i);
	if (!Number.isSafeInteger(n) || n < 0) {
		throw new Misuse(`argument ${i + 1} must be a whole number from 0`);
	}
	return n;
}

function word32At(args: readonly Value[], i: number): number {
	const n = wholeAt(args, i);
	if (n >= 2 ** 32) throw new Misuse(`argument ${i + 1} must be below 2**32`);
	return n;
}

/** Bits shifted to the left, or to the right when `by` is negative; 32 bits are kept. */
function shift(a: number, by: number): number {
	if (!Number.isInteger(by) || Math.abs(by) > 32) throw new Misuse('shift by -32..32 bits');
	return by >= 0 ? (a * 2 ** by) % 2 ** 32 : Math.floor(a / 2 ** -by);
}

function thousands(x: number): string {
	const [whole = '', fraction] = numberText(x).split('.');
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
	return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function ipText(n: number): string {
	return [24, 16, 8, 0].map((bits) => Math.floor(n / 2 ** bits) % 256).join('.');
}

function ipNumber(text: string): number {
	const bytes = text.split('.').map(Number);
	if (bytes.length !== 4 || bytes.some((b) => !Number.isInteger(b) || b < 0 || b > 255)) {
		throw new Misuse(`"${text}" is not a dotted address`);
	}
	return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function toNumber(text: string): number {
	const n = Number(text.trim() === '' ? NaN : text);
	if (!Number.isFinite(n)) throw new Misuse(`"${text}" is not a number`);
	return n;
}

function pad(text: string, length: number, fill: string): string {
	return text.padStart(length, fill);
}

function contains(args: readonly Value[]): boolean {
	const [where, what] = args;
	if (where !== undefined && what !== undefined && isList(where)) {
		return where.some((value) => sameValue(value, what));
	}
	return textAt(args, 0).includes(textAt(args, 1));
}

function length(args: readonly Value[]): number {
	const value = args[0];
	return value !== undefined && isList(value) ? value.length : [...textAt(args, 0)].length;
}

function limited(text: string): string {
	if (text.length > MAX_TEXT) throw new Misuse(`the text grows beyond ${MAX_TEXT} characters`);
	return text;
}

/** The functions by name, each with the least and the most arguments it takes. */
export const BUILTINS: ReadonlyMap<string, { least: number; most: number; run: Builtin }> = new Map(
	Object.entries({
		round: {
			least: 1,
			most: 2,
			run: (a: readonly Value[]) => round(numberAt(a, 0), digitsAt(a, 1, 0, 12)),
		},
		floor: { least: 1, most: 1, run: (a: readonly Value[]) => Math.floor(numberAt(a, 0)) },
		ceil: { least: 1, most: 1, run: (a: readonly Value[]) => Math.ceil(numberAt(a, 0)) },
		abs: { least: 1, most: 1, run: (a: readonly Value[]) => Math.abs(numberAt(a, 0)) },
		min: { least: 1, most: 20, run: (a: readonly Value[]) => Math.min(...numbers(a)) },
		max: { least: 1, most: 20, run: (a: readonly Value[]) => Math.max(...numbers(a)) },
		sqrt: { least: 1, most: 1, run: (a: readonly Value[]) => Math.sqrt(numberAt(a, 0)) },
		log2: { least: 1, most: 1, run: (a: readonly Value[]) => Math.log2(numberAt(a, 0)) },
		log10: { least: 1, most: 1, run: (a: readonly Value[]) => Math.log10(numberAt(a, 0)) },
		ln: { least: 1, most: 1, run: (a: readonly Value[]) => Math.log(numberAt(a, 0)) },
		exp: { least: 1, most: 1, run: (a: readonly Value[]) => Math.exp(numberAt(a, 0)) },
		sum: {
			least: 1,
			most: 1,
			run: (a: readonly Value[]) => {
				const list = listAt(a, 0);
				return list.reduce((total: number, _, i) => total + numberAt(list, i), 0);
			},
		},
		len: { least: 1, most: 1, run: length },
		fixed: {
			least: 2,
			most: 2,
			run: (a: readonly Value[]) => {
				const digits = digitsAt(a, 1, 0, 12);
				return round(numberAt(a, 0), digits).toFixed(digits);
			},
		},
		thousands: { least: 1, most: 1, run: (a: readonly Value[]) => thousands(numberAt(a, 0)) },
		hex: {
			least: 1,
			most: 2,
			run: (a: readonly Value[]) =>
				pad(wholeAt(a, 0).toString(16).toUpperCase(), digitsAt(a, 1, 1, 64), '0'),
		},
		bin: {
			least: 1,
			most: 2,
			run: (a: readonly Value[]) => pad(wholeAt(a, 0).toString(2), digitsAt(a, 1, 1, 64), '0'),
		},
		upper: { least: 1, most: 1, run: (a: readonly Value[]) => textAt(a, 0).toUpperCase() },
		lower: { least: 1, most: 1, run: (a: readonly Value[]) => textAt(a, 0).toLowerCase() },
		padstart: {
			least: 2,
			most: 3,
			run: (a: readonly Value[]) => pad(textAt(a, 0), digitsAt(a, 1, 0, 200), textAt(a, 2, ' ')),
		},
		text: { least: 1, most: 1, run: (a: readonly Value[]) => textAt(a, 0) },
		number: { least: 1, most: 1, run: (a: readonly Value[]) => toNumber(textAt(a, 0)) },
		concat: {
			least: 1,
			most: 20,
			run: (a: readonly Value[]) => limited(a.map((_, i) => textAt(a, i)).join('')),
		},
		join: {
			least: 1,
			most: 2,
			run: (a: readonly Value[]) => {
				const list = listAt(a, 0);
				return limited(list.map((_, i) => textAt(list, i)).join(textAt(a, 1, ', ')));
			},
		},
		contains: { least: 2, most: 2, run: contains },
		index: {
			least: 2,
			most: 2,
			run: (a: readonly Value[]) =>
				listAt(a, 0).findIndex((value) => sameValue(value, a[1] as Value)),
		},
		bitand: {
			least: 2,
			most: 2,
			run: (a: readonly Value[]) => (word32At(a, 0) & word32At(a, 1)) >>> 0,
		},
		bitor: {
			least: 2,
			most: 2,
			run: (a: readonly Value[]) => (word32At(a, 0) | word32At(a, 1)) >>> 0,
		},
		bitshift: {
			least: 2,
			most: 2,
			run: (a: readonly Value[]) => shift(word32At(a, 0), numberAt(a, 1)),
		},
		ip: { least: 1, most: 1, run: (a: readonly Value[]) => ipText(word32At(a, 0)) },
		ipnumber: { least: 1, most: 1, run: (a: readonly Value[]) => ipNumber(textAt(a, 0)) },
	} satisfies Record<string, { least: number; most: number; run: Builtin }>),
);
