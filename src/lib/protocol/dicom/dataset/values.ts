/** Values of an element as numbers, from bytes and text (PS3.5 section 6.2). */
import type { ValueRepresentation } from './vr.ts';

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

/** The integers of IS text, exact; undefined where a value is not an integer. */
export function bigintsOfText(texts: readonly string[]): (bigint | undefined)[] {
	return texts.map((text) =>
		INTEGER_STRING.test(text) ? BigInt(text.trim().replace('+', '')) : undefined,
	);
}

/** The numbers of a binary value; bytes left over at the end are ignored. */
export function numbersOfBytes(bytes: Uint8Array, vr: ValueRepresentation): number[] {
	const view = viewOf(bytes);
	const step = vr.kind === 'tag' ? 4 : vr.unitBytes;
	const out: number[] = [];
	for (let at = 0; at + step <= bytes.length; at += step) out.push(readNumber(view, at, vr));
	return out;
}

/** The integers of a binary value, exact up to 64 bits; bytes left over are ignored. */
export function bigintsOfBytes(bytes: Uint8Array, vr: ValueRepresentation): bigint[] {
	if (vr.code !== 'UV' && vr.code !== 'SV') return numbersOfBytes(bytes, vr).map(BigInt);
	const view = viewOf(bytes);
	const out: bigint[] = [];
	for (let at = 0; at + 8 <= bytes.length; at += 8) {
		out.push(vr.code === 'UV' ? view.getBigUint64(at, true) : view.getBigInt64(at, true));
	}
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
