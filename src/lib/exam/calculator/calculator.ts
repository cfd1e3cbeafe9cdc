import { convert } from '../item/units.ts';

/**
 * The calculator of the exam screen: `512*512*2*300 in MiB`, `3 GiB / 100 Mbit/s in min`, `0xFF + 0b101 in hex`.
 * Amounts of data and times are carried through products and quotients; decimal and binary prefixes are
 * different units.
 */

/** A value in bits and seconds, with the power of each: a rate has bits 1, seconds -1. */
interface Amount {
	value: number;
	bits: number;
	seconds: number;
}

export type Calculation = { text: string } | { problem: string };

const LENGTH_MAX = 200;
const DEPTH_MAX = 30;
const TOKEN =
	/\s*(0x[0-9a-f]+|0b[01]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|\*\*|[-+*/%^()]|[a-zµ]+(?:\/s)?)/iy;
const BASES: Record<string, number> = { hex: 16, bin: 2, dec: 10 };

class Mistake extends Error {}

/** Evaluates what was typed. Never throws; `problem` says what to mend. */
export function calculate(typed: string): Calculation {
	try {
		if (typed.length > LENGTH_MAX) throw new Mistake(`Longer than ${LENGTH_MAX} characters.`);
		const [sum = '', target, ...more] = typed.split(/\s+in\s+/);
		if (more.length > 0) throw new Mistake('Say “in” once, at the end.');
		const amount = new Parser(tokens(sum)).whole();
		return { text: print(amount, target?.trim()) };
	} catch (error) {
		if (error instanceof Mistake) return { problem: error.message };
		throw error;
	}
}

function tokens(text: string): string[] {
	// `1,000` and `×` are what people paste.
	const plain = text
		.replace(/(\d),(?=\d{3}\b)/g, '$1')
		.replace(/×/g, '*')
		.replace(/÷/g, '/');
	const found: string[] = [];
	TOKEN.lastIndex = 0;
	let at = 0;
	while (plain.slice(at).trim() !== '') {
		TOKEN.lastIndex = at;
		const token = TOKEN.exec(plain)?.[1];
		if (token === undefined)
			throw new Mistake(`“${plain.slice(at).trim()[0]}” can’t be calculated with.`);
		found.push(token);
		at = TOKEN.lastIndex;
	}
	return found;
}

/** Recursive descent: sums, products, signs, powers, then numbers with units. */
class Parser {
	readonly #tokens: string[];
	#at = 0;
	#depth = 0;

	constructor(tokens: string[]) {
		this.#tokens = tokens;
	}

	whole(): Amount {
		if (this.#tokens.length === 0) throw new Mistake('Type a calculation.');
		const amount = this.#sum();
		const rest = this.#tokens[this.#at];
		if (rest !== undefined) throw new Mistake(`“${rest}” was not expected there.`);
		return amount;
	}

	#take(...wanted: string[]): string | undefined {
		const token = this.#tokens[this.#at];
		if (token === undefined || !wanted.includes(token)) return undefined;
		this.#at += 1;
		return token;
	}

	#sum(): Amount {
		if (++this.#depth > DEPTH_MAX) throw new Mistake('Too many brackets.');
		let left = this.#product();
		for (;;) {
			const sign = this.#take('+', '-');
			if (sign === undefined) break;
			const right = this.#product();
			if (left.bits !== right.bits || left.seconds !== right.seconds) {
				throw new Mistake('Different kinds of amounts can’t be added.');
			}
			left = { ...left, value: sign === '+' ? left.value + right.value : left.value - right.value };
		}
		this.#depth -= 1;
		return left;
	}

	#product(): Amount {
		let left = this.#signed();
		for (;;) {
			const sign = this.#take('*', '/', '%');
			if (sign === undefined) return left;
			const right = this.#signed();
			if (sign === '%') {
				plain(left, 'the remainder');
				plain(right, 'the remainder');
				left = { ...left, value: left.value % right.value };
			} else {
				const by = sign === '*' ? 1 : -1;
				left = {
					value: sign === '*' ? left.value * right.value : left.value / right.value,
					bits: left.bits + by * right.bits,
					seconds: left.seconds + by * right.seconds,
				};
			}
		}
	}

	#signed(): Amount {
		if (this.#take('-') === undefined) return this.#power();
		const amount = this.#signed();
		return { ...amount, value: -amount.value };
	}

	#power(): Amount {
		const base = this.#atom();
		if (this.#take('^', '**') === undefined) return base;
		const exponent = this.#signed();
		plain(base, 'a power');
		plain(exponent, 'a power');
		return { ...base, value: base.value ** exponent.value };
	}

	#atom(): Amount {
		if (this.#take('(') !== undefined) {
			const inside = this.#sum();
			if (this.#take(')') === undefined) throw new Mistake('A closing bracket is missing.');
			return this.#withUnit(inside);
		}
		const token = this.#tokens[this.#at];
		if (token === undefined) throw new Mistake('The calculation stops too early.');
		const value = /^[\d.]/.test(token) ? Number(token) : Number.NaN;
		if (Number.isNaN(value)) throw new Mistake(`“${token}” was not expected there.`);
		this.#at += 1;
		return this.#withUnit({ value, bits: 0, seconds: 0 });
	}

	#withUnit(amount: Amount): Amount {
		const token = this.#tokens[this.#at];
		if (token === undefined || !/^[a-zµ]/i.test(token)) return amount;
		this.#at += 1;
		const unit = unitOf(token);
		return {
			value: amount.value * unit.value,
			bits: amount.bits + unit.bits,
			seconds: amount.seconds + unit.seconds,
		};
	}
}

function unitOf(name: string): Amount {
	const data = convert(1, name, 'bit');
	if (data !== undefined) return { value: data, bits: 1, seconds: 0 };
	const rate = convert(1, name, 'bit/s');
	if (rate !== undefined) return { value: rate, bits: 1, seconds: -1 };
	const time = convert(1, name, 's');
	if (time !== undefined) return { value: time, bits: 0, seconds: 1 };
	throw new Mistake(`“${name}” is no unit of data, rate or time.`);
}

function plain(amount: Amount, what: string): void {
	if (amount.bits !== 0 || amount.seconds !== 0)
		throw new Mistake(`${what} needs numbers without units.`);
}

function print(amount: Amount, target: string | undefined): string {
	if (!Number.isFinite(amount.value)) throw new Mistake('There is no such number.');
	const base = target === undefined ? undefined : BASES[target];
	if (base !== undefined) {
		plain(amount, 'Another base');
		if (!Number.isSafeInteger(amount.value))
			throw new Mistake('Another base needs a whole number.');
		return amount.value.toString(base).toUpperCase();
	}
	if (target !== undefined) {
		const unit = unitOf(target);
		if (unit.bits !== amount.bits || unit.seconds !== amount.seconds) {
			throw new Mistake(`The result can’t be told in ${target}.`);
		}
		return `${digits(amount.value / unit.value)} ${target}`;
	}
	if (amount.bits === 0 && amount.seconds === 0) return digits(amount.value);
	if (amount.bits === 1 && amount.seconds === 0) return `${digits(amount.value / 8)} B`;
	if (amount.bits === 1 && amount.seconds === -1) return `${digits(amount.value)} bit/s`;
	if (amount.bits === 0 && amount.seconds === 1) return `${digits(amount.value)} s`;
	throw new Mistake('The result is no amount of data, no rate and no time.');
}

function digits(value: number): string {
	const rounded = Number(value.toPrecision(10));
	return Math.abs(rounded) >= 1e15 ? rounded.toExponential() : String(rounded);
}
