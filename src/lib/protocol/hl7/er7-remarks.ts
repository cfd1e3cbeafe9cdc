/** What a strict reader would object to in a message that can be read. */
import {
	decodeByteText,
	encodeByteText,
	isAsciiOnly,
	isUtf8,
	standingOfCharacterSet,
} from './character-sets.ts';
import { areAmbiguous, type Er7Delimiters } from './delimiters.ts';
import type { Er7Message, Er7Segment } from './message.ts';
import { UTF16_LABEL } from './utf16.ts';

export type Er7RemarkCode =
	| 'leading-bytes'
	| 'line-feed-terminator'
	| 'carriage-return-line-feed'
	| 'line-feed-in-data'
	| 'missing-terminator'
	| 'blank-segment'
	| 'segment-id'
	| 'second-header'
	| 'encoding-characters'
	| 'ambiguous-delimiters'
	| 'control-character'
	| 'character-set'
	| 'undecodable-text';

/** Something a strict reader would object to, and that was read nevertheless. */
export interface Er7Remark {
	/** Index of the segment, from 0: the first one where a remark stands for several. */
	readonly segment: number;
	/** Number of the field where there is one. */
	readonly field?: number;
	readonly code: Er7RemarkCode;
	readonly text: string;
}

const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]/; // eslint-disable-line no-control-regex

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Collects remarks; those of one code that come once per segment are told once, with their number. */
class Remarks {
	readonly #remarks: Er7Remark[] = [];

	add(code: Er7RemarkCode, segment: number, text: string, field?: number): void {
		this.#remarks.push({ segment, ...(field === undefined ? {} : { field }), code, text });
	}

	addOnce(
		code: Er7RemarkCode,
		segments: readonly Er7Segment[],
		applies: (segment: Er7Segment, index: number) => boolean,
		text: (segments: string, first: Er7Segment) => string,
	): void {
		const first = segments.findIndex(applies);
		if (first < 0) return;
		const number = segments.filter(applies).length;
		this.add(code, first, text(count(number, 'segment'), segments[first]!));
	}

	all(): readonly Er7Remark[] {
		return this.#remarks.toSorted((a, b) => a.segment - b.segment);
	}
}

function remarkOnSegments(remarks: Remarks, segments: readonly Er7Segment[]): void {
	remarks.addOnce(
		'line-feed-terminator',
		segments,
		({ terminator }) => terminator === '\n',
		(number) => `${number} ended by LF instead of CR`,
	);
	remarks.addOnce(
		'carriage-return-line-feed',
		segments,
		({ terminator }) => terminator === '\r\n',
		(number) => `${number} ended by CR LF instead of CR`,
	);
	remarks.addOnce(
		'line-feed-in-data',
		segments,
		({ raw }) => raw.includes('\n'),
		(number) => `a line feed within ${number}`,
	);
	remarks.addOnce(
		'missing-terminator',
		segments,
		({ terminator }) => terminator === '',
		() => 'the last segment is not ended by CR',
	);
	remarks.addOnce(
		'blank-segment',
		segments,
		({ raw }) => raw === '',
		(number) => `${number} with nothing in it`,
	);
	remarks.addOnce(
		'segment-id',
		segments,
		({ id, raw }) => raw !== '' && !/^[A-Z][A-Z0-9]{2}$/.test(id),
		(number, { id }) =>
			`${number} without a proper segment id, the first begins "${decodeByteText(id, []).slice(0, 20)}"`,
	);
	remarks.addOnce(
		'second-header',
		segments,
		({ id }, index) => index > 0 && id === 'MSH',
		(number) => `${number} named MSH after the first`,
	);
	remarks.addOnce(
		'control-character',
		segments,
		({ raw }) => CONTROL.test(raw),
		(number) => `a control character within ${number}`,
	);
}

function remarkOnDelimiters(remarks: Remarks, raw: string, delimiters: Er7Delimiters): void {
	if (raw.length < 4 || raw.length > 5) {
		const text = `MSH-2 has ${count(raw.length, 'character')} instead of 4, or 5 from v2.7 on`;
		remarks.add('encoding-characters', 0, text, 2);
	}
	if (areAmbiguous(delimiters)) {
		const text = 'two delimiters are the same, or one is a letter, digit, blank or quotation mark';
		remarks.add('ambiguous-delimiters', 0, text, 2);
	}
}

const STANDING_TEXTS = {
	nonstandard: 'is not in table 0211 and is read as what it seems to mean',
	'named-only': 'is in table 0211, but text in it is not decoded here',
	unknown: 'is not in table 0211',
};

function isValidUtf8(raw: string): boolean {
	// U+FFFD may have been sent as such.
	return raw === encodeByteText(decodeByteText(raw, ['UNICODE UTF-8']), ['UNICODE UTF-8']);
}

function remarkOnCharacterSets(
	remarks: Remarks,
	message: Er7Message,
	declared: readonly string[],
): void {
	const { characterSets, segments, utf16 } = message;
	if ((declared[0] === UTF16_LABEL) !== (utf16 !== undefined)) {
		const text = utf16 === undefined ? 'is not in UTF-16, as it says' : 'is in UTF-16, unsaid';
		remarks.add('character-set', 0, `the message ${text}`, 18);
	}
	for (const [index, label] of declared.entries()) {
		const standing = standingOfCharacterSet(label);
		const isDefault = index === 0 && label === '';
		if (standing === 'decoded' || isDefault) continue;
		remarks.add('character-set', 0, `"${label}" ${STANDING_TEXTS[standing]}`, 18);
	}
	const isHigh = ({ raw }: Er7Segment): boolean => /[\x80-\xff]/.test(raw);
	if (isAsciiOnly(characterSets)) {
		const text = (number: string): string =>
			`bytes above 7F in ${number}, which MSH-18 leaves open`;
		remarks.addOnce('undecodable-text', segments, isHigh, text);
	} else if (isUtf8(characterSets)) {
		const isBroken = (one: Er7Segment): boolean => isHigh(one) && !isValidUtf8(one.raw);
		const text = (number: string): string => `${number} with bytes that are not UTF-8`;
		remarks.addOnce('undecodable-text', segments, isBroken, text);
	}
}

/**
 * The remarks on a message, in the order of its segments. `encodingCharacters` is MSH-2 as sent,
 * `declared` the character sets that MSH-18 names.
 */
export function remarksOn(
	message: Er7Message,
	encodingCharacters: string,
	declared: readonly string[],
): readonly Er7Remark[] {
	const { lead } = message;
	const remarks = new Remarks();
	if (lead !== '') remarks.add('leading-bytes', 0, `${count(lead.length, 'byte')} before MSH`);
	remarkOnDelimiters(remarks, encodingCharacters, message.delimiters);
	remarkOnSegments(remarks, message.segments);
	remarkOnCharacterSets(remarks, message, declared);
	return remarks.all();
}
