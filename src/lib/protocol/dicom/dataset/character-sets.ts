/**
 * Text by Specific Character Set (0008,0005): PS3.5 section 6.1.2 and PS3.3 C.12.1.1.2. Single-byte
 * sets, ISO 2022 code extensions, UTF-8, GB18030 and GBK.
 */
import { pushChinese } from './chinese-encodings.ts';
import { type CodedSet, codedSetsOf, DEFAULT_G0, SETS_BY_ESCAPE } from './coded-character-sets.ts';
import { DataSetError } from './data-set-error.ts';

const ESC = 0x1b;
const REPLACEMENT = '\ufffd';
const utf8Encoder = new TextEncoder();

/**
 * The delimiters at which code extensions end (PS3.5 6.1.2.5.3), besides control characters: `\`
 * between values, and `^` and `=` in a person name.
 */
export function delimitersOf(vr: string): string {
	if (vr === 'PN') return '\\^=';
	return vr === 'LT' || vr === 'ST' || vr === 'UT' ? '' : '\\';
}

interface Coding {
	readonly g0: CodedSet;
	readonly g1: CodedSet | undefined;
	/** All sets the label allows, in its order. */
	readonly sets: readonly CodedSet[];
}

/** The sets without code extensions that are whole encodings. */
function encodingOf(terms: readonly string[]): 'utf-8' | 'gb18030' | 'gbk' | undefined {
	switch (terms[0]) {
		case 'ISO_IR 192':
			return 'utf-8';
		case 'GB18030':
			return 'gb18030';
		case 'GBK':
			return 'gbk';
		default:
			return undefined;
	}
}

function codingOf(terms: readonly string[]): Coding {
	const initial = codedSetsOf(terms[0] ?? '') ?? [];
	return {
		g0: initial.find((set) => set.half === 0 && set.bytesPerCharacter === 1) ?? DEFAULT_G0,
		g1: initial.find((set) => set.half === 1 && set.bytesPerCharacter === 1),
		sets: terms.flatMap((term) => codedSetsOf(term) ?? []),
	};
}

/** The text of bytes that are plain ASCII, which means the same in every character set here. */
function plainText(bytes: Uint8Array, start: number, end: number): string | undefined {
	let text = '';
	for (let i = start; i < end; i += 1) {
		const byte = bytes[i]!;
		if (byte >= 0x7e || byte === ESC) return undefined;
		text += String.fromCharCode(byte);
	}
	return text;
}

/**
 * Decodes bytes start..end with the values of (0008,0005); none means the default repertoire.
 * Never fails: what the label does not explain becomes U+FFFD.
 */
export function decodeText(
	bytes: Uint8Array,
	terms: readonly string[],
	delimiters: string,
	start = 0,
	end = bytes.length,
): string {
	if (end - start <= 256) {
		const plain = plainText(bytes, start, end);
		if (plain !== undefined) return plain;
	}
	const encoding = encodingOf(terms);
	if (encoding === undefined) return decodeIso2022(bytes, codingOf(terms), delimiters, start, end);
	return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(start, end));
}

/** The set an escape sequence at `at` (its ESC) designates; undefined: not a known one. */
function escapeAt(bytes: Uint8Array, at: number, end: number): CodedSet | undefined {
	let sequence = '';
	for (let i = at + 1; i < Math.min(at + 4, end); i += 1) {
		sequence += String.fromCharCode(bytes[i]!);
		const set = SETS_BY_ESCAPE.get(sequence);
		if (set !== undefined) return set;
	}
	return undefined;
}

/** The character at `at` in a set whose first byte is `base`; undefined: not enough bytes. */
function characterAt(
	bytes: Uint8Array,
	at: number,
	end: number,
	set: CodedSet,
): string | undefined {
	if (set.bytesPerCharacter === 1) {
		const base = set.half === 0 ? 0x20 : 0xa0;
		return set.characters()[bytes[at]! - base] || REPLACEMENT;
	}
	const base = set.half === 0 ? 0x21 : 0xa1;
	const row = bytes[at]! - base;
	const cell = at + 1 < end ? bytes[at + 1]! - base : -1;
	if (row < 0 || row > 93 || cell < 0 || cell > 93) return undefined;
	return set.characters()[row * 94 + cell] || REPLACEMENT;
}

function decodeIso2022(
	bytes: Uint8Array,
	coding: Coding,
	delimiters: string,
	start: number,
	end: number,
): string {
	let { g0, g1 } = coding;
	let text = '';
	let at = start;
	while (at < end) {
		const byte = bytes[at]!;
		if (byte === ESC) {
			const set = escapeAt(bytes, at, end);
			if (set?.half === 0) g0 = set;
			if (set?.half === 1) g1 = set;
			if (set === undefined) text += REPLACEMENT;
			at += 1 + (set?.escape.length ?? 0);
			continue;
		}
		const set = byte < 0x80 ? g0 : g1;
		const control = byte < 0x20 || (byte >= 0x7f && byte < 0xa0);
		const paired = set?.bytesPerCharacter === 2;
		if (control || byte === 0x20) {
			text += String.fromCharCode(byte);
			if (byte < 0x20) ({ g0, g1 } = coding);
			at += 1;
			continue;
		}
		const character = set && characterAt(bytes, at, end, set);
		text += character ?? REPLACEMENT;
		if (!paired && character !== undefined && delimiters.includes(character)) {
			({ g0, g1 } = coding);
		}
		at += paired && character !== undefined ? 2 : 1;
	}
	return text;
}

function unencodable(character: string, terms: readonly string[]): DataSetError {
	const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
	const label = terms.length === 0 ? 'the default repertoire' : terms.join('\\');
	return new DataSetError('unencodable-text', `U+${code} "${character}" is not in ${label}`);
}

/**
 * The bytes of text that is plain ASCII, which are the same in every character set here; undefined
 * for other text. Tilde and DEL count as other: not every G0 set has them.
 */
function plainBytes(text: string): Uint8Array | undefined {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i += 1) {
		const code = text.charCodeAt(i);
		if (code >= 0x7e) return undefined;
		bytes[i] = code;
	}
	return bytes;
}

/**
 * Encodes text with the values of (0008,0005). Switches sets by escape sequences where the label
 * allows it. Throws DataSetError "unencodable-text" for a character in none of the sets.
 */
export function encodeText(text: string, terms: readonly string[], delimiters: string): Uint8Array {
	return plainBytes(text) ?? encodeOtherText(text, terms, delimiters);
}

function encodeOtherText(text: string, terms: readonly string[], delimiters: string): Uint8Array {
	const encoding = encodingOf(terms);
	if (encoding === 'utf-8') return utf8Encoder.encode(text);
	const out: number[] = [];
	if (encoding === undefined) {
		encodeIso2022(out, text, terms, delimiters);
	} else {
		for (const character of text) {
			if (character < '\u0080') out.push(character.charCodeAt(0));
			else if (!pushChinese(out, character, encoding)) throw unencodable(character, terms);
		}
	}
	return Uint8Array.from(out);
}

function pushEscape(out: number[], set: CodedSet): void {
	out.push(ESC);
	for (const character of set.escape) out.push(character.charCodeAt(0));
}

function pushPosition(out: number[], set: CodedSet, position: number): void {
	if (set.bytesPerCharacter === 1) {
		out.push((set.half === 0 ? 0x20 : 0xa0) + position);
	} else {
		const base = set.half === 0 ? 0x21 : 0xa1;
		out.push(base + Math.floor(position / 94), base + (position % 94));
	}
}

function encodeIso2022(
	out: number[],
	text: string,
	terms: readonly string[],
	delimiters: string,
): void {
	const coding = codingOf(terms);
	// Without a second value there are no code extensions: only the sets active from the start.
	const extensions = terms.length > 1 || (terms[0] ?? '').startsWith('ISO 2022') ? coding.sets : [];
	let { g0, g1 } = coding;
	const designate = (set: CodedSet): void => {
		if (set === g0 || set === g1) return;
		pushEscape(out, set);
		if (set.half === 0) g0 = set;
		else g1 = set;
	};
	for (const character of text) {
		const byte = character.charCodeAt(0);
		if (byte < 0x20 || byte === 0x7f || delimiters.includes(character)) {
			designate(coding.g0);
			g1 = coding.g1;
			out.push(byte);
			continue;
		}
		const set = [coding.g0, g1, g0, ...extensions].find((one) => one?.positions().has(character));
		const position = set?.positions().get(character);
		if (set === undefined || position === undefined) throw unencodable(character, terms);
		designate(set);
		pushPosition(out, set, position);
	}
	designate(coding.g0);
}
