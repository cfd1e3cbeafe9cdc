/** Reading ER7: HL7 v2.5.1 sections 2.5 and 2.6, and what peers make of them. */
import { characterSetsOfField } from './build.ts';
import { byteTextOf } from './byte-text.ts';
import { encodeByteText } from './character-sets.ts';
import { delimitersFrom } from './delimiters.ts';
import { type Er7Remark, remarksOn } from './er7-remarks.ts';
import { type Er7Message, type Er7Segment, fieldsOf } from './message.ts';
import { UTF16_LABEL, utf16OfUtf8, utf16OrderOf, type Utf16Order, utf8OfUtf16 } from './utf16.ts';

export interface Er7ParseError {
	readonly code: 'too-large' | 'too-many-segments' | 'no-header' | 'two-byte-characters';
	readonly text: string;
}

export type Er7ParseResult =
	| { readonly message: Er7Message; readonly remarks: readonly Er7Remark[] }
	| { readonly error: Er7ParseError };

export interface Er7Limits {
	readonly sizeBytes: number;
	readonly segments: number;
}

const DEFAULT_ER7_LIMITS: Er7Limits = { sizeBytes: 16 * 1024 * 1024, segments: 10_000 };

/** A byte order mark of UTF-8, white space and NUL, as some systems put before MSH. */
const LEAD = /^(?:\xef\xbb\xbf)?[\0\t\r\n ]*/;

/**
 * Cuts at CR, and a line feed after it belongs to the terminator. Line feeds alone end segments only
 * where there is no CR at all; beside CRs they are data. undefined: more segments than `most`.
 */
function cutSegments(text: string, separator: string, most: number): Er7Segment[] | undefined {
	const pattern = text.includes('\r') ? /\r\n?/g : /\n/g;
	const segments: Er7Segment[] = [];
	const push = (raw: string, terminator: Er7Segment['terminator']): void => {
		const end = raw.indexOf(separator);
		segments.push({ id: end < 0 ? raw : raw.slice(0, end), raw, terminator });
	};
	let start = 0;
	for (const match of text.matchAll(pattern)) {
		push(text.slice(start, match.index), match[0] as Er7Segment['terminator']);
		if (segments.length > most) return undefined;
		start = match.index + match[0].length;
	}
	if (start < text.length) push(text.slice(start), '');
	return segments.length > most ? undefined : segments;
}

const fail = (code: Er7ParseError['code'], text: string) => ({ error: { code, text } });

function parseByteText(input: string, limits: Er7Limits): Er7ParseResult {
	if (input.length > limits.sizeBytes) {
		return fail('too-large', `${input.length} bytes, and ${limits.sizeBytes} are allowed`);
	}
	const order = utf16OrderOf(input);
	if (order === undefined) return parseUnits(input, limits);
	const text = utf8OfUtf16(input, order);
	if (text === undefined) return fail('two-byte-characters', 'UTF-16 that is not well formed');
	return parseUnits(text, limits, order);
}

/** Reads byte text in which a delimiter is one byte; `utf16` tells what it was made from. */
function parseUnits(input: string, limits: Er7Limits, utf16?: Utf16Order): Er7ParseResult {
	const lead = LEAD.exec(input)![0];
	const text = input.slice(lead.length);
	const separator = text[3] ?? '';
	if (!text.startsWith('MSH') || separator === '' || /[\r\n\0]/.test(separator)) {
		return fail('no-header', 'the message does not begin with MSH and a field separator');
	}
	const segments = cutSegments(text, separator, limits.segments);
	if (segments === undefined) {
		return fail('too-many-segments', `more than ${limits.segments} segments`);
	}
	const encodingCharacters = segments[0]!.raw.split(separator)[1] ?? '';
	const delimiters = delimitersFrom(separator, encodingCharacters);
	const header = fieldsOf(segments[0]!, { delimiters, characterSets: [] });
	const declared = characterSetsOfField(header[18] ?? '', delimiters);
	if (utf16 === undefined) {
		const message: Er7Message = { delimiters, characterSets: declared, lead, segments };
		return { message, remarks: remarksOn(message, encodingCharacters, declared) };
	}
	const characterSets = [UTF16_LABEL];
	const message: Er7Message = { delimiters, characterSets, lead, segments, utf16 };
	return { message, remarks: remarksOn(message, encodingCharacters, declared) };
}

/**
 * Reads one message, without the bytes of MLLP around it. Never throws. What can be read is read, with
 * remarks; only what has no MSH, or is beyond the limits, is an error.
 */
export function parseEr7(
	bytes: Uint8Array,
	limits: Er7Limits = DEFAULT_ER7_LIMITS,
): Er7ParseResult {
	if (bytes.length > limits.sizeBytes) {
		const text = `${bytes.length} bytes, and ${limits.sizeBytes} are allowed`;
		return { error: { code: 'too-large', text } };
	}
	return parseByteText(byteTextOf(bytes), limits);
}

/**
 * Reads a message from text, such as an editor's. It is encoded as its own MSH-18 says, and
 * characters that set does not have become "?".
 */
export function parseEr7Text(text: string, limits: Er7Limits = DEFAULT_ER7_LIMITS): Er7ParseResult {
	const ascii = parseByteText(encodeByteText(text, []), limits);
	if ('error' in ascii) return ascii;
	if (ascii.message.characterSets[0] === UTF16_LABEL) {
		const utf8 = encodeByteText(text, [UTF16_LABEL]);
		return parseByteText(byteTextOf(utf16OfUtf8(utf8, 'big-endian')), limits);
	}
	return parseByteText(encodeByteText(text, ascii.message.characterSets), limits);
}
