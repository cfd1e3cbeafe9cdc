/** Values of an element as numbers and text, to and from bytes (PS3.5 section 6.2 and 6.4). */
import { delimitersOf, encodeText } from './character-sets.ts';
import { DataSetError } from './data-set-error.ts';
import { formatTag, tagOf } from './dictionary.ts';
import { type ValueRepresentation, vrOfCode } from './vr.ts';

export type PlainValue = string | number | readonly (string | number)[] | Uint8Array;

const INTEGER_STRING = /^ *[+-]?\d+ *$/;
const DECIMAL_STRING = /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/;

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The numbers of text such as IS and DS; NaN where a value is not a number. */
export function numbersOfText(texts: readonly string[], vr: string): number[] {
	const pattern = vr === 'IS' ? INTEGER_STRING : DECIMAL_STRING;
	return texts.map((text) => (pattern.test(text) ? Number(text) : Number.NaN));
}

/** The numbers of a binary value; bytes left over at the end are ignored. */
export function numbersOfBytes(bytes: Uint8Array, vr: ValueRepresentation): number[] {
	const view = viewOf(bytes);
	const step = vr.kind === 'tag' ? 4 : vr.unitBytes;
	const out: number[] = [];
	for (let at = 0; at + step <= bytes.length; at += step) out.push(readNumber(view, at, vr));
	return out;
}

function readNumber(view: DataView, at: number, vr: ValueRepresentation): number {
	switch (vr.code) {
		case 'US':
			return view.getUint16(at, true);
		case 'SS':
			return view.getInt16(at, true);
		case 'UL':
			return view.getUint32(at, true);
		case 'SL':
			return view.getInt32(at, true);
		case 'UV':
			return Number(view.getBigUint64(at, true));
		case 'SV':
			return Number(view.getBigInt64(at, true));
		case 'FL':
			return view.getFloat32(at, true);
		case 'FD':
			return view.getFloat64(at, true);
		default: // AT: group and element, each in its own byte order
			return view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
	}
}

function badValue(tag: number, value: unknown, vr: string): DataSetError {
	const text = `${formatTag(tag)}: ${JSON.stringify(value)} is no value of VR ${vr}`;
	return new DataSetError('bad-value', text);
}

/** The tag of an AT value: a number, eight hexadecimal digits, (gggg,eeee) or a keyword. */
function tagOfValue(value: string | number): number {
	if (typeof value === 'number') return value;
	const digits = /^\(?([0-9a-f]{4}),?([0-9a-f]{4})\)?$/i.exec(value);
	return digits ? Number.parseInt(`${digits[1]}${digits[2]}`, 16) : tagOf(value);
}

function writeNumber(view: DataView, at: number, value: number, vr: ValueRepresentation): boolean {
	if (vr.code === 'FD') view.setFloat64(at, value, true);
	else if (vr.code === 'FL') view.setFloat32(at, value, true);
	else {
		const bits = vr.unitBytes * 8;
		const low = vr.kind === 'int' ? -(2 ** (bits - 1)) : 0;
		if (!Number.isInteger(value) || value < low || value >= low + 2 ** bits) return false;
		if (bits === 16) view.setUint16(at, value, true);
		else if (bits === 32) view.setUint32(at, value, true);
		else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
	}
	return true;
}

function encodeNumbers(
	tag: number,
	vr: ValueRepresentation,
	values: readonly (string | number)[],
): Uint8Array {
	const step = vr.kind === 'tag' ? 4 : vr.unitBytes;
	const bytes = new Uint8Array(values.length * step);
	const view = viewOf(bytes);
	values.forEach((value, i) => {
		if (vr.kind === 'tag') {
			const attribute = tagOfValue(value);
			view.setUint16(i * 4, attribute >>> 16, true);
			view.setUint16(i * 4 + 2, attribute & 0xffff, true);
		} else if (value === '' || !writeNumber(view, i * step, Number(value), vr)) {
			throw badValue(tag, value, vr.code);
		}
	});
	return bytes;
}

/** A number as DS text of at most 16 characters, or as IS text. */
function decimalText(tag: number, vr: string, value: number): string {
	if (!Number.isFinite(value) || (vr === 'IS' && !Number.isInteger(value))) {
		throw badValue(tag, value, vr);
	}
	let text = String(value);
	for (let digits = 15; text.length > 16 && digits > 0; digits -= 1) {
		text = String(Number(value.toPrecision(digits)));
	}
	return text;
}

/** Bytes of even length: padded with a space or NUL as the VR wants it. */
function padded(bytes: Uint8Array, vr: ValueRepresentation | undefined): Uint8Array {
	if (bytes.length % 2 === 0) return bytes;
	const even = new Uint8Array(bytes.length + 1);
	even.set(bytes);
	even[bytes.length] = vr?.padding ?? 0;
	return even;
}

/** The text of a value of a text VR: values joined by backslashes. */
export function textOfValue(
	tag: number,
	vr: ValueRepresentation,
	value: string | number | readonly (string | number)[],
): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return decimalText(tag, vr.code, value);
	return value
		.map((one) => (typeof one === 'number' ? decimalText(tag, vr.code, one) : one))
		.join('\\');
}

/**
 * The bytes of a value, padded to even length. The tag names the element in errors.
 * Throws DataSetError "bad-value" or "unencodable-text".
 */
export function encodeValue(
	tag: number,
	vrCode: string,
	value: PlainValue,
	characterSets: readonly string[],
): Uint8Array {
	const vr = vrOfCode(vrCode);
	if (value instanceof Uint8Array) return padded(value, vr);
	if (value === '' || (Array.isArray(value) && value.length === 0)) return new Uint8Array(0);
	switch (vr?.kind) {
		case 'uint':
		case 'int':
		case 'float':
		case 'tag': {
			const list = typeof value === 'string' || typeof value === 'number' ? [value] : value;
			return encodeNumbers(tag, vr, list);
		}
		case 'text':
		case 'decimal':
		case 'charset-text': {
			const terms = vr.kind === 'charset-text' ? characterSets : [];
			const text = textOfValue(tag, vr, value);
			return padded(encodeText(text, terms, delimitersOf(vrCode)), vr);
		}
		default:
			throw badValue(tag, value, vrCode);
	}
}
