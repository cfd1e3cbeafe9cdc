/**
 * An ER7 message as plain data: the byte text of its segments. Fields and what is in them are split
 * when they are looked at, so what is not changed is written as it was read.
 */
import { bytesOfByteText } from './byte-text.ts';
import { byteLayoutOf } from './character-sets.ts';
import { type Er7Delimiters, splitAt } from './delimiters.ts';
import { utf16OfUtf8, type Utf16Order } from './utf16.ts';

export interface Er7Segment {
	/** What stands before the first field separator, "PID". */
	readonly id: string;
	/** Byte text without the terminator. */
	readonly raw: string;
	/** CR by the standard; others only as read from a peer, '' where the last one is missing. */
	readonly terminator: '\r' | '\n' | '\r\n' | '';
}

export interface Er7Message {
	readonly delimiters: Er7Delimiters;
	/**
	 * How text is decoded and encoded: the repetitions of MSH-18, none for ASCII. A copy of the message
	 * with other values reads the same bytes differently.
	 */
	readonly characterSets: readonly string[];
	/** Byte text before MSH, such as a byte order mark; normally ''. */
	readonly lead: string;
	readonly segments: readonly Er7Segment[];
	/** The message is written in UTF-16; what is here is the UTF-8 of it. */
	readonly utf16?: Utf16Order;
}

/** What splitting and text need to know of a message. */
export type Er7Coding = Pick<Er7Message, 'delimiters' | 'characterSets'>;

/** Whether the segment declares delimiters: MSH, and the headers of files and batches. */
export function isHeader(segmentId: string): boolean {
	return segmentId === 'MSH' || segmentId === 'FHS' || segmentId === 'BHS';
}

/**
 * The fields of a segment as byte text; the index is the number of the field, and 0 is the segment
 * id. MSH-1 is the field separator itself.
 */
export function fieldsOf(segment: Er7Segment, coding: Er7Coding): string[] {
	const separator = coding.delimiters.field;
	const parts = splitAt(segment.raw, separator, byteLayoutOf(coding.characterSets));
	if (isHeader(segment.id) && parts.length > 1) parts.splice(1, 0, separator);
	return parts;
}

/** A segment from the fields `fieldsOf` gives. */
export function segmentOfFields(
	fields: readonly string[],
	coding: Er7Coding,
	terminator: Er7Segment['terminator'] = '\r',
): Er7Segment {
	const [id = '', ...rest] = fields;
	// The separator that MSH-1 is stands once: joining the others around it writes it.
	const parts = isHeader(id) ? rest.slice(1) : rest;
	return { id, raw: [id, ...parts].join(coding.delimiters.field), terminator };
}

/** The segments with this id, in the order of the message. */
export function segmentsNamed(message: Er7Message, id: string): Er7Segment[] {
	return message.segments.filter((segment) => segment.id === id);
}

/** The bytes of the message; of one that was parsed and not changed, exactly those received. */
export function writeEr7(message: Er7Message): Uint8Array {
	const segments = message.segments.map((segment) => segment.raw + segment.terminator);
	const text = message.lead + segments.join('');
	return message.utf16 === undefined ? bytesOfByteText(text) : utf16OfUtf8(text, message.utf16);
}
