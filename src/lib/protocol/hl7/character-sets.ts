/** Character sets by MSH-18: HL7 v2.5.1 section 2.15.9.18 and table 0211. */
import { decodeText, encodeText } from '#lib/protocol/dicom/dataset/character-sets.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { decodeDoubleByte, type DoubleByteSet, encodeDoubleByte } from './double-byte-sets.ts';
import { UTF16_LABEL } from './utf16.ts';

/**
 * Where a byte that looks like a delimiter can be part of a character: nowhere, as the second byte
 * after 81..FE, or between the escape sequences of ISO 2022 that designate a two-byte set.
 */
export type ByteLayout = 'single-byte' | 'double-byte' | 'iso-2022';

interface CharacterSet {
	/** The defined term of DICOM for the same set. Without it and `whole`: named, but not decoded here. */
	readonly term?: string;
	/** A whole encoding that DICOM does not have in this form. */
	readonly whole?: DoubleByteSet;
	readonly layout?: ByteLayout;
	/** Not a value of table 0211, but sent in practice. */
	readonly isNonstandard?: boolean;
}

const CHARACTER_SETS: ReadonlyMap<string, CharacterSet> = new Map<string, CharacterSet>([
	['ASCII', { term: '' }],
	['8859/1', { term: 'ISO_IR 100' }],
	['8859/2', { term: 'ISO_IR 101' }],
	['8859/3', { term: 'ISO_IR 109' }],
	['8859/4', { term: 'ISO_IR 110' }],
	['8859/5', { term: 'ISO_IR 144' }],
	['8859/6', { term: 'ISO_IR 127' }],
	['8859/7', { term: 'ISO_IR 126' }],
	['8859/8', { term: 'ISO_IR 138' }],
	['8859/9', { term: 'ISO_IR 148' }],
	['8859/15', { term: 'ISO_IR 203' }],
	['ISO IR6', { term: '' }],
	['ISO IR13', { term: 'ISO_IR 13' }],
	['ISO IR14', { term: 'ISO_IR 13' }],
	['ISO IR87', { term: 'ISO 2022 IR 87', layout: 'iso-2022' }],
	['ISO IR159', { term: 'ISO 2022 IR 159', layout: 'iso-2022' }],
	['GB 18030-2000', { term: 'GB18030', layout: 'double-byte' }],
	['KS X 1001', { whole: 'euc-kr', layout: 'double-byte' }],
	['CNS 11643-1992', {}],
	['BIG-5', { whole: 'big5', layout: 'double-byte' }],
	['UNICODE', {}],
	['UNICODE UTF-8', { term: 'ISO_IR 192' }],
	// A message in UTF-16 is kept as UTF-8; see `utf16.ts`.
	[UTF16_LABEL, { term: 'ISO_IR 192' }],
	['UNICODE UTF-32', {}],
	['UTF-8', { term: 'ISO_IR 192', isNonstandard: true }],
	['UTF8', { term: 'ISO_IR 192', isNonstandard: true }],
	['ISO-8859-1', { term: 'ISO_IR 100', isNonstandard: true }],
	['ISO8859-1', { term: 'ISO_IR 100', isNonstandard: true }],
]);

/** What is known about a value of MSH-18. */
export type CharacterSetStanding = 'decoded' | 'nonstandard' | 'named-only' | 'unknown';

/** Whether a value of MSH-18 is in table 0211, and whether its text is decoded here. */
export function standingOfCharacterSet(label: string): CharacterSetStanding {
	const set = CHARACTER_SETS.get(label);
	if (set === undefined) return 'unknown';
	if (set.isNonstandard) return 'nonstandard';
	return set.term === undefined && set.whole === undefined ? 'named-only' : 'decoded';
}

/** The layout of bytes under the repetitions of MSH-18; none means ASCII. */
export function byteLayoutOf(labels: readonly string[]): ByteLayout {
	for (const label of labels) {
		const layout = CHARACTER_SETS.get(label)?.layout;
		if (layout !== undefined) return layout;
	}
	return 'single-byte';
}

/** The terms of DICOM: the first repetition is the set to begin with, the others come by escapes. */
function termsOf(labels: readonly string[]): string[] {
	const terms = labels.map((label) => CHARACTER_SETS.get(label)?.term ?? '');
	if (terms.length < 2) return terms;
	return terms.map((term) => term.replace('ISO_IR ', 'ISO 2022 IR '));
}

/** Whether the text is decoded as UTF-8. */
export function isUtf8(labels: readonly string[]): boolean {
	return termsOf(labels)[0] === 'ISO_IR 192';
}

/** Whether only bytes below 80 have a meaning: no MSH-18, ASCII, or a set that is not decoded. */
export function isAsciiOnly(labels: readonly string[]): boolean {
	return wholeOf(labels) === undefined && termsOf(labels).every((term) => term === '');
}

function wholeOf(labels: readonly string[]): DoubleByteSet | undefined {
	return CHARACTER_SETS.get(labels[0] ?? '')?.whole;
}

/** Bytes that are the same characters in every set here: no tilde, DEL or ESC (see `decodeText`). */
const PLAIN = /^[\0-\x1a\x1c-\x7d]*$/; // eslint-disable-line no-control-regex

/**
 * The text of byte text under the repetitions of MSH-18. Never fails: what the label does not
 * explain becomes U+FFFD.
 */
export function decodeByteText(raw: string, labels: readonly string[]): string {
	if (PLAIN.test(raw)) return raw;
	const whole = wholeOf(labels);
	if (whole !== undefined) return decodeDoubleByte(raw, whole);
	return decodeText(bytesOfByteText(raw), termsOf(labels), '');
}

function tryEncode(text: string, terms: readonly string[]): string | undefined {
	try {
		return byteTextOf(encodeText(text, terms, ''));
	} catch (error) {
		if (error instanceof DataSetError) return undefined;
		throw error;
	}
}

/**
 * The byte text of text under the repetitions of MSH-18. A character that the sets do not have
 * becomes "?", as in the systems in the field.
 */
export function encodeByteText(text: string, labels: readonly string[]): string {
	if (PLAIN.test(text)) return text;
	const set = wholeOf(labels);
	if (set !== undefined) return encodeDoubleByte(text, set);
	const terms = termsOf(labels);
	const whole = tryEncode(text, terms);
	if (whole !== undefined) return whole;
	const known = [...text].map((one) => (tryEncode(one, terms) === undefined ? '?' : one));
	return tryEncode(known.join(''), terms) ?? '?'.repeat(known.length);
}
