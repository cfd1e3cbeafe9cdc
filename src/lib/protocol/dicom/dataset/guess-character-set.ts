/** What text seems to be encoded in, beside what Specific Character Set (0008,0005) says. */
import { decodeText } from './character-sets.ts';
import { codedSetsOf, SETS_BY_ESCAPE } from './coded-character-sets.ts';

export interface CharacterSetGuess {
	/** The text as the label says; U+FFFD for what the label does not explain. */
	readonly labelled: string;
	/** True when the label explains every byte and nothing speaks against it. */
	readonly fits: boolean;
	/** What the bytes seem to be instead, when there is something to say. */
	readonly likely?: {
		/** The defined terms that (0008,0005) would need. */
		readonly terms: readonly string[];
		readonly text: string;
		/** What speaks for it, as a sentence. */
		readonly reason: string;
	};
}

const REPLACEMENT = '\ufffd';
const ESC = 0x1b;
const UTF8 = ['ISO_IR 192'];
const LATIN1 = ['ISO_IR 100'];
/** Encodings in which bytes above 7F are usual in pairs, so that two of them prove little. */
const MULTI_BYTE = /^(GB18030|GBK|ISO 2022 IR (149|58))$/;

/** The text when the bytes are UTF-8 without a mistake. */
function asUtf8(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function wideCharacters(text: string): number {
	return [...text].filter((character) => character > '\u007f').length;
}

/** The numbers of the sets that escape sequences in the bytes designate, each once. */
function designated(bytes: Uint8Array): string[] {
	const numbers = new Set<string>();
	bytes.forEach((byte, at) => {
		if (byte !== ESC) return;
		const rest = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
		for (const [escape, set] of SETS_BY_ESCAPE) {
			if (rest.startsWith(escape)) numbers.add(set.name.replace('ISO-IR ', ''));
		}
	});
	return [...numbers];
}

/** Whether a set is there from the start or after an escape sequence: ASCII and Romaji always. */
function announces(terms: readonly string[], number: string): boolean {
	if (number === '6' || number === '14') return true;
	const extended = terms.length > 1 || terms[0]?.startsWith('ISO 2022');
	return (
		extended === true &&
		terms.some((term) => codedSetsOf(term)?.some((set) => set.name === `ISO-IR ${number}`))
	);
}

function escapesGuess(bytes: Uint8Array, terms: readonly string[]) {
	const missing = designated(bytes).filter((number) => !announces(terms, number));
	if (missing.length === 0) return undefined;
	const first = terms[0]?.replace('ISO_IR', 'ISO 2022 IR') ?? '';
	const base = codedSetsOf(first) === undefined ? [''] : [first, ...terms.slice(1)];
	const needed = [...base, ...missing.map((number) => `ISO 2022 IR ${number}`)];
	const text = decodeText(bytes, needed, '');
	const sets = missing.map((number) => `ISO-IR ${number}`).join(' and ');
	const reason = `The escape sequence of ${sets} is in the bytes but not in the label.`;
	return { terms: needed, text, reason };
}

/** Text that was UTF-8, was taken for ISO 8859-1 and was encoded once more. */
function twiceGuess(labelled: string) {
	const wide = [...labelled].filter((character) => character > '\u007f');
	if (wide.length === 0 || wide.some((character) => character > '\u00ff')) return undefined;
	const once = asUtf8(Uint8Array.from(labelled, (character) => character.charCodeAt(0)));
	if (once === undefined || wideCharacters(once) === 0) return undefined;
	const reason = 'The bytes are UTF-8 of text that was UTF-8 already: encoded twice.';
	return { terms: UTF8, text: once, reason };
}

function utf8Guess(bytes: Uint8Array, terms: readonly string[], labelled: string) {
	const text = asUtf8(bytes);
	if (text === undefined) return undefined;
	const wide = wideCharacters(text);
	const weak = terms.some((term) => MULTI_BYTE.test(term)) && !labelled.includes(REPLACEMENT);
	if (wide === 0 || (weak && wide < 2)) return undefined;
	const count = wide === 1 ? 'one multibyte character' : `${wide} multibyte characters`;
	return { terms: UTF8, text, reason: `The bytes are valid UTF-8 with ${count}.` };
}

/** Single bytes of ISO 8859-1 letters between ASCII letters, as West European names have them. */
function latin1Guess(bytes: Uint8Array) {
	const isolated = bytes.every(
		(byte, at) =>
			byte < 0x80 || (byte >= 0xc0 && (bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80),
	);
	if (!isolated) return undefined;
	const reason = 'Single bytes above 7F stand between ASCII letters, as in ISO 8859-1.';
	return { terms: LATIN1, text: decodeText(bytes, LATIN1, ''), reason };
}

function likelyOf(
	bytes: Uint8Array,
	terms: readonly string[],
	labelled: string,
): CharacterSetGuess['likely'] {
	const escapes = escapesGuess(bytes, terms);
	if (escapes !== undefined) return escapes;
	if (terms[0] === UTF8[0] && asUtf8(bytes) !== undefined) return twiceGuess(labelled);
	const utf8 = utf8Guess(bytes, terms, labelled);
	if (utf8 !== undefined) return utf8;
	return labelled.includes(REPLACEMENT) ? latin1Guess(bytes) : undefined;
}

/**
 * Compares text with its label: the text as labelled, whether the label can be right, and what the
 * bytes seem to be when it is not. A guess is made only on evidence: escape sequences, valid UTF-8
 * (also UTF-8 encoded twice), or single letters of ISO 8859-1. `label` are the values of
 * (0008,0005); none means the default repertoire.
 */
export function guessCharacterSet(bytes: Uint8Array, label: readonly string[]): CharacterSetGuess {
	const labelled = decodeText(bytes, label, '\\^=');
	if (bytes.every((byte) => byte < 0x80 && byte !== ESC)) return { labelled, fits: true };
	const likely = likelyOf(bytes, label, labelled);
	if (likely !== undefined) return { labelled, fits: false, likely };
	return { labelled, fits: !labelled.includes(REPLACEMENT) };
}
