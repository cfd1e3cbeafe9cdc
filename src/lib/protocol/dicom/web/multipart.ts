/** multipart/related bodies (RFC 2387, RFC 2046 section 5.1, PS3.18 8.6.1.2). */
import { murmur3 } from '#lib/kernel/murmur3.ts';
import { sizeOf, type HttpField, type HttpProblem } from '../../http/message.ts';
import { isProblem, parseFieldLine } from '../../http/parse-head.ts';

export interface BodyPart {
	readonly fields: readonly HttpField[];
	readonly body: readonly Uint8Array[];
}

export interface ReceivedPart {
	readonly fields: readonly HttpField[];
	/** A view on what was received. */
	readonly body: Uint8Array;
}

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const PART_FIELD_BYTES_MAX = 8_192;
const PARTS_MAX = 10_000;
/** RFC 2046 5.1.1: up to 70 of these characters, the last one no space. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const bad = (text: string): HttpProblem => ({ status: 400, text });

/**
 * Writes parts. The boundary follows from the fields of the parts, and is not in any of their bodies. Throws
 * RangeError for a field that is none.
 */
export function writeMultipart(parts: readonly BodyPart[]): {
	boundary: string;
	body: Uint8Array[];
} {
	const heads = parts.map(({ fields, body }) =>
		[...fields, ['Content-Length', String(sizeOf(body))] as const].map(([name, value]) => {
			const line = `${name}: ${value}`;
			if (isProblem(parseFieldLine(line))) throw new RangeError(`${line} is no header field`);
			return `${line}\r\n`;
		}),
	);
	const boundary = freeBoundary(parts, heads.flat().join(''));
	const body = parts.flatMap((part, i) => [
		latin1(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${heads[i]?.join('') ?? ''}\r\n`),
		...part.body,
	]);
	return { boundary, body: [...body, latin1(`\r\n--${boundary}--\r\n`)] };
}

function freeBoundary(parts: readonly BodyPart[], seed: string): string {
	for (let attempt = 0; ; attempt++) {
		const words = murmur3(new TextEncoder().encode(`${attempt} ${seed}`));
		const boundary = `----=_Part_${[...words].map((word) => word.toString(36).padStart(7, '0')).join('.')}`;
		const delimiter = latin1(`--${boundary}`);
		if (!parts.some(({ body }) => contains(body, delimiter))) return boundary;
	}
}

/** Whether bytes occur in pieces, also across their seams. */
function contains(pieces: readonly Uint8Array[], wanted: Uint8Array): boolean {
	let tail: Uint8Array = new Uint8Array(0);
	for (const piece of pieces) {
		const seam = new Uint8Array(tail.length + Math.min(piece.length, wanted.length - 1));
		seam.set(tail);
		seam.set(piece.subarray(0, seam.length - tail.length), tail.length);
		if (find(seam, wanted, 0) >= 0 || find(piece, wanted, 0) >= 0) return true;
		const end = piece.length >= wanted.length - 1 ? piece : seam;
		tail = end.subarray(Math.max(0, end.length - wanted.length + 1));
	}
	return false;
}

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
	const first = wanted[0] ?? 0;
	const last = bytes.length - wanted.length;
	for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
		if (at > last) return -1;
		let i = 1;
		while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
		if (i === wanted.length) return at;
	}
	return -1;
}

/**
 * Reads parts. What stands before the first delimiter and after the last is skipped (RFC 2046 5.1.1). A
 * problem: no or a wrong boundary, no closing delimiter, fields that are none, too many parts.
 */
export function readMultipart(
	body: Uint8Array,
	boundary: string | undefined,
): ReceivedPart[] | HttpProblem {
	if (boundary === undefined || !BOUNDARY.test(boundary)) {
		return bad('The Content-Type has no boundary parameter of RFC 2046.');
	}
	const delimiter = latin1(`--${boundary}`);
	const parts: ReceivedPart[] = [];
	let here = nextDelimiter(body, delimiter, 0);
	while (here && !here.closes) {
		const following = nextDelimiter(body, delimiter, here.after);
		if (!following) break;
		const part = readPart(body.subarray(here.after, Math.max(here.after, following.before)));
		if (isProblem(part)) return part;
		if (parts.push(part) > PARTS_MAX) return bad(`The body has more than ${PARTS_MAX} parts.`);
		here = following;
	}
	if (!here) return bad(`The delimiter "--${boundary}" is nowhere in the body.`);
	if (!here.closes) return bad(`The closing delimiter "--${boundary}--" is missing.`);
	return parts;
}

interface Delimiter {
	/** Where what is before it ends: the line break belongs to the delimiter. */
	readonly before: number;
	/** Where the next part begins. */
	readonly after: number;
	readonly closes: boolean;
}

/** A delimiter at the beginning of a line, with blanks after it at most. */
function nextDelimiter(
	body: Uint8Array,
	delimiter: Uint8Array,
	from: number,
): Delimiter | undefined {
	for (let at = find(body, delimiter, from); at >= 0; at = find(body, delimiter, at + 1)) {
		// Directly after a delimiter line, an empty part has no line break of its own.
		if (at !== from && at !== 0 && !(body[at - 1] === LF && body[at - 2] === CR)) continue;
		let end = at + delimiter.length;
		const closes = body[end] === DASH && body[end + 1] === DASH;
		if (closes) end += 2;
		while (body[end] === 0x20 || body[end] === 0x09) end++;
		if (!closes && !(body[end] === CR && body[end + 1] === LF)) continue;
		return { before: Math.max(from, at - 2), after: end + (closes ? 0 : 2), closes };
	}
	return undefined;
}

/** Fields, an empty line, and the rest. */
function readPart(part: Uint8Array): ReceivedPart | HttpProblem {
	const fields: HttpField[] = [];
	let at = 0;
	for (;;) {
		const end = part.indexOf(LF, at);
		if (end < 0 || end > PART_FIELD_BYTES_MAX || part[end - 1] !== CR) {
			return bad('A part has no empty line between its header and its content.');
		}
		const line = String.fromCharCode(...part.subarray(at, end - 1));
		at = end + 1;
		if (line === '') return { fields, body: part.subarray(at) };
		const field = parseFieldLine(line);
		if (isProblem(field)) return field;
		fields.push(field);
	}
}
