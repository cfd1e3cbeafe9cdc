/** Escape sequences: HL7 v2.5.1 section 2.7, and \P\ of v2.7. */
import { byteLayoutOf, decodeByteText, encodeByteText, isUtf8 } from './character-sets.ts';
import { maskCharacters } from './delimiters.ts';
import type { Er7Coding } from './message.ts';

/**
 * Plain text; \F\ \S\ \T\ \R\ \E\ \P\; \X..\; \H\ and \N\; \.br\ and the other formatting commands;
 * \C..\ and \M..\; \Z..\; a sequence that is none of these; an escape character that begins none.
 */
export type EscapeKind =
	| 'text'
	| 'delimiter'
	| 'hexadecimal'
	| 'highlight-on'
	| 'highlight-off'
	| 'format'
	| 'character-set'
	| 'local'
	| 'unknown'
	| 'stray';

export interface EscapeToken {
	readonly kind: EscapeKind;
	/** As it stands in the message; the tokens joined give back what was parsed. */
	readonly raw: string;
	/** Byte text that it stands for; '' for what only tells how to show or switch something. */
	readonly bytes: string;
}

const ESC = '\x1b';
const CONTROL = /[\0-\x1f]/; // eslint-disable-line no-control-regex
const MOST_SKIPPED_LINES = 99;

function bytesOfHex(digits: string): string {
	return digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

/** The delimiter that a letter between escape characters stands for; '' for none. */
function delimiterOfLetter(letter: string, { delimiters }: Er7Coding): string {
	switch (letter) {
		case 'F':
			return delimiters.field;
		case 'S':
			return delimiters.component;
		case 'T':
			return delimiters.subcomponent;
		case 'R':
			return delimiters.repetition;
		case 'E':
			return delimiters.escape;
		case 'P':
			return delimiters.truncation;
		default:
			return '';
	}
}

function formatted(command: string, count: string): string {
	if (command === 'br' || command === 'ce') return '\n';
	if (command !== 'sp') return '';
	return '\n'.repeat(Math.min(Number(count || '1'), MOST_SKIPPED_LINES));
}

/** ISO 2022 switches sets by ESC and these bytes; the whole encodings know no switching. */
function switching(digits: string, { characterSets }: Er7Coding): string {
	const switches = !isUtf8(characterSets) && byteLayoutOf(characterSets) !== 'double-byte';
	return switches ? ESC + bytesOfHex(digits) : '';
}

/** What stands between two escape characters; undefined: this cannot be a sequence. */
function tokenOfBody(body: string, raw: string, coding: Er7Coding): EscapeToken | undefined {
	if (body === '') return undefined;
	const delimiter = delimiterOfLetter(body, coding);
	if (delimiter !== '') return { kind: 'delimiter', raw, bytes: delimiter };
	if (body === 'H') return { kind: 'highlight-on', raw, bytes: '' };
	if (body === 'N') return { kind: 'highlight-off', raw, bytes: '' };
	const rest = body.slice(1);
	if (/^X([0-9A-Fa-f]{2})+$/.test(body)) {
		return { kind: 'hexadecimal', raw, bytes: bytesOfHex(rest) };
	}
	if (/^(?:C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?)$/.test(body)) {
		return { kind: 'character-set', raw, bytes: switching(rest, coding) };
	}
	const [, command, count = ''] = /^\.(br|sp|fi|nf|in|ti|ce)([+-]?\d*)$/.exec(body) ?? [];
	if (command !== undefined) return { kind: 'format', raw, bytes: formatted(command, count) };
	if (/^Z[ -~]*$/.test(body)) return { kind: 'local', raw, bytes: '' };
	return /^[A-Z]\w{0,7}$/.test(body) ? { kind: 'unknown', raw, bytes: raw } : undefined;
}

/** Takes a value without delimiters apart, losing nothing; never fails. */
export function parseEscapes(raw: string, coding: Er7Coding): EscapeToken[] {
	const { escape } = coding.delimiters;
	if (escape === '') return raw === '' ? [] : [{ kind: 'text', raw, bytes: raw }];
	const masked = maskCharacters(raw, byteLayoutOf(coding.characterSets));
	const tokens: EscapeToken[] = [];
	let at = 0;
	while (at < raw.length) {
		const opening = masked.indexOf(escape, at);
		const end = opening < 0 ? raw.length : opening;
		const text = raw.slice(at, end);
		if (text !== '') tokens.push({ kind: 'text', raw: text, bytes: text });
		if (opening < 0) break;
		const closing = masked.indexOf(escape, opening + 1);
		const whole = raw.slice(opening, closing + 1);
		const token =
			closing < 0 ? undefined : tokenOfBody(raw.slice(opening + 1, closing), whole, coding);
		tokens.push(token ?? { kind: 'stray', raw: escape, bytes: escape });
		at = opening + (token?.raw.length ?? 1);
	}
	return tokens;
}

/**
 * The text of a value without delimiters. \.br\ becomes a line feed, other formatting and
 * highlighting nothing; unknown sequences and stray escape characters stay as they are.
 */
export function unescapeText(raw: string, coding: Er7Coding): string {
	const { escape } = coding.delimiters;
	if (escape === '' || !raw.includes(escape)) return decodeByteText(raw, coding.characterSets);
	const bytes = parseEscapes(raw, coding).map((token) => token.bytes);
	return decodeByteText(bytes.join(''), coding.characterSets);
}

function hexadecimal(character: string): string {
	return `X${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The letters that stand for delimiters, by delimiter; the escape character decides a tie. */
function lettersOf({ delimiters }: Er7Coding): Map<string, string> {
	return new Map([
		[delimiters.truncation, 'P'],
		[delimiters.repetition, 'R'],
		[delimiters.subcomponent, 'T'],
		[delimiters.component, 'S'],
		[delimiters.field, 'F'],
		[delimiters.escape, 'E'],
	]);
}

/** Whether no byte needs an escape: most values. */
function isPlain(raw: string, { delimiters }: Er7Coding): boolean {
	if (CONTROL.test(raw) || raw === '""') return false;
	const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
	return [field, component, repetition, escape, subcomponent, truncation].every(
		(delimiter) => delimiter === '' || !raw.includes(delimiter),
	);
}

/**
 * The value that `unescapeText` reads as this text. Control characters except TAB and ESC are written
 * as \X..\, since CR ends a segment and MLLP claims others; for formatted text (FT) line feeds are
 * written as \.br\. Without an escape character in MSH-2, what needs escaping becomes "?".
 */
export function escapeText(
	text: string,
	coding: Er7Coding,
	lineFeed: 'hexadecimal' | 'formatted' = 'hexadecimal',
): string {
	const { escape } = coding.delimiters;
	const raw = encodeByteText(text, coding.characterSets);
	if (isPlain(raw, coding)) return raw;
	// Two quotation marks alone would delete the value.
	if (raw === '""') return escape === '' ? '??' : `${escape}X22${escape}"`;
	const letters = lettersOf(coding);
	const masked = maskCharacters(raw, byteLayoutOf(coding.characterSets));
	let out = '';
	for (let i = 0; i < raw.length; i += 1) {
		const character = masked[i]!;
		let body = letters.get(character);
		if (body === undefined && character < ' ' && character !== '\t' && character !== ESC) {
			const formats = character === '\n' && lineFeed === 'formatted';
			body = formats ? '.br' : hexadecimal(character);
		}
		if (body === undefined) out += raw[i]!;
		else out += escape === '' ? '?' : escape + body + escape;
	}
	return out;
}
