/** Elements from plain values: text, numbers, tags and bytes (PS3.5 section 6.2 and 6.4). */
import { delimitersOf, encodeText } from './character-sets.ts';
import { ElementOf, valueElement } from './data-element.ts';
import { DataSetError } from './data-set-error.ts';
import { formatTag, tagOf } from './dictionary.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

type PlainScalar = string | number | bigint;
export type PlainValue = PlainScalar | readonly PlainScalar[] | Uint8Array;

const BLOCK_BYTES = 16 * 1024;
const LONGEST_IN_BLOCK = 1024;

/**
 * Short values lie one behind the other in blocks: an array for each would cost more than the
 * encoding. Bytes are written once and never again.
 */
let block = new Uint8Array(BLOCK_BYTES);
let view = new DataView(block.buffer);
let blockUsed = 0;

/** Makes room in the current block, or starts another one; returns where to write. */
function reserve(sizeBytes: number): number {
	if (blockUsed + sizeBytes > block.length) {
		block = new Uint8Array(BLOCK_BYTES);
		view = new DataView(block.buffer);
		blockUsed = 0;
	}
	return blockUsed;
}

function badValue(tag: number, value: unknown, vr: string): DataSetError {
	const shown = typeof value === 'bigint' ? String(value) : JSON.stringify(value, bigintAsText);
	return new DataSetError('bad-value', `${formatTag(tag)}: ${shown} is no value of VR ${vr}`);
}

function bigintAsText(_key: string, value: unknown): unknown {
	return typeof value === 'bigint' ? String(value) : value;
}

/**
 * The element of text that is plain ASCII, which has the same bytes in every character set;
 * undefined for other text. Tilde and DEL count as other: not every G0 set has them.
 */
export function plainTextElement<Item>(
	tag: number,
	vr: ValueRepresentation,
	text: string,
): ElementOf<Item> | undefined {
	const { length } = text;
	const even = length + (length % 2);
	const short = length <= LONGEST_IN_BLOCK;
	const start = short ? reserve(even) : 0;
	const out = short ? block : new Uint8Array(even);
	for (let i = 0; i < length; i += 1) {
		const code = text.charCodeAt(i);
		if (code >= 0x7e) return undefined;
		out[start + i] = code;
	}
	if (even > length) out[start + length] = vr.padding;
	if (short) blockUsed = start + even;
	return new ElementOf(tag, vr.code, out, start, even);
}

/** The element of any text, padded to even length. Throws DataSetError "unencodable-text". */
export function textElement<Item>(
	tag: number,
	vr: ValueRepresentation,
	text: string,
	characterSets: readonly string[],
): ElementOf<Item> {
	const plain = plainTextElement<Item>(tag, vr, text);
	if (plain !== undefined) return plain;
	const bytes = encodeText(text, characterSets, delimitersOf(vr.code));
	return valueElement(tag, vr.code, padded(bytes, vr));
}

/** Bytes of even length: padded with a space or NUL as the VR wants it. */
function padded(bytes: Uint8Array, vr: ValueRepresentation | undefined): Uint8Array {
	if (bytes.length % 2 === 0) return bytes;
	const even = new Uint8Array(bytes.length + 1);
	even.set(bytes);
	even[bytes.length] = vr?.padding ?? 0;
	return even;
}

/** A number as DS text of at most 16 characters, or as IS text. */
function decimalText(tag: number, vr: string, value: number | bigint): string {
	if (typeof value === 'bigint') return String(value);
	if (!Number.isFinite(value) || (vr === 'IS' && !Number.isInteger(value))) {
		throw badValue(tag, value, vr);
	}
	let text = String(value);
	for (let digits = 15; text.length > 16 && digits > 0; digits -= 1) {
		text = String(Number(value.toPrecision(digits)));
	}
	return text;
}

/** The text of a value of a text VR: values joined by backslashes. */
export function textOfValue(
	tag: number,
	vr: ValueRepresentation,
	value: PlainScalar | readonly PlainScalar[],
): string {
	if (typeof value === 'string') return value;
	if (!Array.isArray(value)) return decimalText(tag, vr.code, value as number | bigint);
	let text = '';
	for (let i = 0; i < value.length; i += 1) {
		const one = value[i] as PlainScalar;
		if (i > 0) text += '\\';
		text += typeof one === 'string' ? one : decimalText(tag, vr.code, one);
	}
	return text;
}

/** The tag of an AT value: a number, eight hexadecimal digits, (gggg,eeee) or a keyword. */
function tagOfValue(value: PlainScalar): number {
	if (typeof value !== 'string') return Number(value);
	const digits = /^\(?([0-9a-f]{4}),?([0-9a-f]{4})\)?$/i.exec(value);
	return digits ? Number.parseInt(`${digits[1]}${digits[2]}`, 16) : tagOf(value);
}

/** A 64-bit integer exactly as it was given; undefined: no integer. */
function exactInteger(value: PlainScalar): bigint | undefined {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
	return /^ *[+-]?\d+ *$/.test(value) ? BigInt(value.trim().replace('+', '')) : undefined;
}

function putInteger64(at: number, value: PlainScalar, vr: ValueRepresentation): boolean {
	const integer = exactInteger(value);
	if (integer === undefined) return false;
	const stored = vr.kind === 'int' ? BigInt.asIntN(64, integer) : BigInt.asUintN(64, integer);
	if (stored !== integer) return false;
	view.setBigUint64(at, BigInt.asUintN(64, integer), true);
	return true;
}

function putNumber(at: number, value: PlainScalar, vr: ValueRepresentation): boolean {
	if (value === '') return false;
	if (vr.unitBytes === 8 && vr.kind !== 'float') return putInteger64(at, value, vr);
	const number = Number(value);
	if (typeof value === 'string' && Number.isNaN(number)) return false;
	if (vr.kind === 'float') {
		if (vr.unitBytes === 8) view.setFloat64(at, number, true);
		else view.setFloat32(at, number, true);
		return true;
	}
	const range = vr.unitBytes === 2 ? 0x10000 : 0x100000000;
	const low = vr.kind === 'int' ? -range / 2 : 0;
	if (!Number.isInteger(number) || number < low || number >= low + range) return false;
	block[at] = number;
	block[at + 1] = number >> 8;
	if (vr.unitBytes === 4) {
		block[at + 2] = number >> 16;
		block[at + 3] = number >> 24;
	}
	return true;
}

function putTag(at: number, value: PlainScalar): boolean {
	const attribute = tagOfValue(value);
	view.setUint16(at, attribute >>> 16, true);
	view.setUint16(at + 2, attribute & 0xffff, true);
	return true;
}

function numbersElement<Item>(
	tag: number,
	vr: ValueRepresentation,
	value: PlainScalar | readonly PlainScalar[],
): ElementOf<Item> {
	const count = Array.isArray(value) ? value.length : 1;
	const step = vr.kind === 'tag' ? 4 : vr.unitBytes;
	if (count * step > LONGEST_IN_BLOCK) return manyNumbersElement(tag, vr, value as PlainScalar[]);
	const start = reserve(count * step);
	for (let i = 0; i < count; i += 1) {
		const one = (Array.isArray(value) ? value[i] : value) as PlainScalar;
		const at = start + i * step;
		if (!(vr.kind === 'tag' ? putTag(at, one) : putNumber(at, one, vr))) {
			throw badValue(tag, one, vr.code);
		}
	}
	blockUsed = start + count * step;
	return new ElementOf(tag, vr.code, block, start, count * step);
}

/** More numbers than a block is for: encoded part by part. */
function manyNumbersElement<Item>(
	tag: number,
	vr: ValueRepresentation,
	values: readonly PlainScalar[],
): ElementOf<Item> {
	const step = vr.kind === 'tag' ? 4 : vr.unitBytes;
	const part = LONGEST_IN_BLOCK / step;
	const bytes = new Uint8Array(values.length * step);
	for (let from = 0; from < values.length; from += part) {
		bytes.set(numbersElement(tag, vr, values.slice(from, from + part)).bytes, from * step);
	}
	return valueElement(tag, vr.code, bytes);
}

/**
 * The element of a value, padded to even length. Text of charset VRs is encoded with the defined
 * terms of (0008,0005) in `characterSets`. Throws DataSetError "bad-value" or "unencodable-text".
 */
export function elementOfValue<Item>(
	tag: number,
	vrCode: string,
	value: PlainValue,
	characterSets: readonly string[],
): ElementOf<Item> {
	const vr = vrOfCode(vrCode);
	if (typeof value === 'object' && value instanceof Uint8Array)
		return valueElement(tag, vrCode, padded(value, vr));
	if (value === '' || (Array.isArray(value) && value.length === 0)) {
		return valueElement(tag, vrCode, new Uint8Array(0));
	}
	switch (vr?.kind) {
		case 'text':
		case 'decimal':
			return textElement(tag, vr, textOfValue(tag, vr, value), []);
		case 'charset-text':
			return textElement(tag, vr, textOfValue(tag, vr, value), characterSets);
		case 'uint':
		case 'int':
		case 'float':
		case 'tag':
			return numbersElement(tag, vr, value);
		default:
			throw badValue(tag, value, vrCode);
	}
}
