/**
 * Sets of table 0211 that are whole encodings of one or two bytes: BIG-5, and KS X 1001 in its form for
 * data exchange, EUC-KR. They are read and written by the tables of the WHATWG Encoding Standard.
 */
import { bytesOfByteText } from './byte-text.ts';

export type DoubleByteSet = 'big5' | 'euc-kr';

/** Pairs that begin lower are vendors' extensions, which are read but not written. */
const FIRST_LEAD = 0xa1;
const FIRST_TRAIL: Readonly<Record<DoubleByteSet, number>> = { big5: 0x40, 'euc-kr': 0xa1 };
const LAST_BYTE = 0xfe;
const REPLACEMENT = '\ufffd';

/** Byte text of a character, by set; made when a set is first written. */
const pairs = new Map<DoubleByteSet, ReadonlyMap<string, string>>();

function pairsOf(set: DoubleByteSet): ReadonlyMap<string, string> {
	const known = pairs.get(set);
	if (known !== undefined) return known;
	const decoder = new TextDecoder(set);
	const made = new Map<string, string>();
	for (let lead = FIRST_LEAD; lead <= LAST_BYTE; lead += 1) {
		for (let trail = FIRST_TRAIL[set]; trail <= LAST_BYTE; trail += 1) {
			const character = decoder.decode(Uint8Array.of(lead, trail));
			const isOne = [...character].length === 1 && character !== REPLACEMENT;
			// Of two pairs for a character the first of Big5 is the usual one, save a few compatibility ones.
			if (isOne && !made.has(character)) made.set(character, String.fromCharCode(lead, trail));
		}
	}
	pairs.set(set, made);
	return made;
}

/** The text of byte text. Never fails: what is no character becomes U+FFFD. */
export function decodeDoubleByte(raw: string, set: DoubleByteSet): string {
	return new TextDecoder(set).decode(bytesOfByteText(raw));
}

/** The byte text of text; a character that the set does not have becomes "?". */
export function encodeDoubleByte(text: string, set: DoubleByteSet): string {
	let raw = '';
	for (const character of text) {
		if (character < '\u0080') raw += character;
		else raw += pairsOf(set).get(character) ?? '?';
	}
	return raw;
}
