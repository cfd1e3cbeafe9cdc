/**
 * The distinguished encoding rules of ASN.1 (ITU-T X.690), as far as certificates and keys need them:
 * single-byte tags and definite lengths.
 */
import { civilFromMicros, microsFromCivil, type Micros } from '#lib/kernel/time.ts';

export const DER = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	objectIdentifier: 0x06,
	utf8String: 0x0c,
	printableString: 0x13,
	ia5String: 0x16,
	utcTime: 0x17,
	generalizedTime: 0x18,
	sequence: 0x30,
	set: 0x31,
} as const;

const CONSTRUCTED = 0x20;
/** Certificates nest about eight deep; more than this is an attack. */
const DEPTH_MAX = 16;
const LENGTH_BYTES_MAX = 4;

/** One element that was read. */
export interface DerElement {
	readonly tag: number;
	/** Tag, length and content. */
	readonly bytes: Uint8Array;
	readonly content: Uint8Array;
	/** The elements inside; none when the tag is primitive. */
	readonly children: readonly DerElement[];
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** An element of any tag around its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
	const content = concatBytes(parts);
	return concatBytes([Uint8Array.of(tag), lengthBytes(content.length), content]);
}

function lengthBytes(length: number): Uint8Array {
	if (length < 0x80) return Uint8Array.of(length);
	const bytes: number[] = [];
	for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
	return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
	return der(DER.sequence, ...parts);
}

/** A context-specific constructed tag, `[number]` around its parts. */
export function derExplicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
	return der(0xa0 | number, ...parts);
}

/** A non-negative INTEGER from its big-endian bytes: in the shortest form, with a zero before a high bit. */
export function derUnsigned(magnitude: Uint8Array): Uint8Array {
	const first = magnitude.findIndex((byte) => byte !== 0);
	const trimmed = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
	return der(DER.integer, ...((trimmed[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []), trimmed);
}

export function derBoolean(value: boolean): Uint8Array {
	return der(DER.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A BIT STRING of whole bytes. */
export function derBitString(bytes: Uint8Array): Uint8Array {
	return der(DER.bitString, Uint8Array.of(0), bytes);
}

/** A BIT STRING of named bits, without trailing zero bits (X.690 11.2.2). */
export function derNamedBits(bits: readonly number[]): Uint8Array {
	const highest = Math.max(-1, ...bits);
	const bytes = new Uint8Array(Math.floor(highest / 8) + 1);
	for (const bit of bits) {
		const at = Math.floor(bit / 8);
		bytes[at] = (bytes[at] ?? 0) | (0x80 >> (bit % 8));
	}
	const unused = bytes.length === 0 ? 0 : 7 - (highest % 8);
	return der(DER.bitString, Uint8Array.of(unused), bytes);
}

/** The numbers of the bits that are set, undefined for what is no BIT STRING. */
export function namedBits(element: DerElement | undefined): number[] | undefined {
	if (element?.tag !== DER.bitString || element.content.length === 0) return undefined;
	const bits: number[] = [];
	element.content.subarray(1).forEach((byte, at) => {
		for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) bits.push(8 * at + bit);
	});
	return bits;
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function derOid(dotted: string): Uint8Array {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	return der(DER.objectIdentifier, ...[40 * first + second, ...rest].map(base128));
}

function base128(value: number): Uint8Array {
	const bytes = [value % 128];
	for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
		bytes.unshift(0x80 | (rest % 128));
	}
	return Uint8Array.from(bytes);
}

/** The dotted form of an OBJECT IDENTIFIER; undefined for what is none. */
export function oidOf(element: DerElement | undefined): string | undefined {
	if (element?.tag !== DER.objectIdentifier || element.content.length === 0) return undefined;
	const arcs: number[] = [];
	let value = 0;
	for (const byte of element.content) {
		value = value * 128 + (byte & 0x7f);
		if (byte & 0x80) continue;
		arcs.push(value);
		value = 0;
	}
	const [head = 0, ...rest] = arcs;
	const first = Math.min(2, Math.floor(head / 40));
	return [first, head - 40 * first, ...rest].join('.');
}

/** A time as RFC 5280 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime later; whole seconds. */
export function derTime(us: Micros): Uint8Array {
	const t = civilFromMicros(us);
	const two = (n: number): string => String(n).padStart(2, '0');
	const rest = `${[t.month, t.day, t.hour, t.minute, t.second].map(two).join('')}Z`;
	return t.year < 2050
		? der(DER.utcTime, asciiBytes(two(t.year % 100) + rest))
		: der(DER.generalizedTime, asciiBytes(String(t.year) + rest));
}

const TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;

/** µs since 1970 of a UTCTime or GeneralizedTime in the form of RFC 5280; undefined for any other. */
export function timeOf(element: DerElement | undefined): Micros | undefined {
	if (element?.tag !== DER.utcTime && element?.tag !== DER.generalizedTime) return undefined;
	const text = asciiText(element.content);
	const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
	const match = TIME.exec(element.tag === DER.utcTime ? century + text : text);
	if (!match) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
		.slice(1)
		.map(Number);
	if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
	if (hour > 23 || minute > 59 || second > 59) return undefined;
	return microsFromCivil({ year, month, day, hour, minute, second, microsecond: 0 });
}

export function asciiBytes(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0x7f);
}

export function asciiText(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Reads one element that fills the bytes; undefined when they are not that. */
export function readDer(bytes: Uint8Array): DerElement | undefined {
	const elements = readElements(bytes, DEPTH_MAX);
	return elements?.length === 1 ? elements[0] : undefined;
}

function readElements(bytes: Uint8Array, depth: number): DerElement[] | undefined {
	const elements: DerElement[] = [];
	for (let at = 0; at < bytes.length;) {
		const element = readElement(bytes.subarray(at), depth);
		if (!element) return undefined;
		elements.push(element);
		at += element.bytes.length;
	}
	return elements;
}

function readElement(bytes: Uint8Array, depth: number): DerElement | undefined {
	const [tag, first] = bytes;
	if (tag === undefined || first === undefined || depth === 0) return undefined;
	// A tag number of 31 or more takes further bytes; certificates have none.
	if ((tag & 0x1f) === 0x1f) return undefined;
	let headerBytes = 2;
	let length = first;
	if (first >= 0x80) {
		const count = first & 0x7f;
		if (count === 0 || count > LENGTH_BYTES_MAX) return undefined;
		length = 0;
		for (let i = 0; i < count; i++) length = length * 256 + (bytes[2 + i] ?? 0);
		headerBytes += count;
	}
	if (headerBytes + length > bytes.length) return undefined;
	const content = bytes.subarray(headerBytes, headerBytes + length);
	const children = tag & CONSTRUCTED ? readElements(content, depth - 1) : [];
	return children && { tag, bytes: bytes.subarray(0, headerBytes + length), content, children };
}
