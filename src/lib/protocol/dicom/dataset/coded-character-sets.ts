/**
 * The coded character sets behind Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1.2), as tables
 * taken from TextDecoder at first use. Encoding inverts them, so nothing has to be shipped.
 */

const REPLACEMENT = '\ufffd';

/** A set that an escape sequence designates as G0 (bytes 21..7E) or G1 (bytes A0..FF). */
export interface CodedSet {
	readonly name: string;
	readonly half: 0 | 1;
	/** The escape sequence without its ESC, as text. */
	readonly escape: string;
	readonly bytesPerCharacter: 1 | 2;
	/** The character of a position; '' for an unassigned one. Index: see `position`. */
	readonly characters: () => readonly string[];
	/** The position of each character. */
	readonly positions: () => ReadonlyMap<string, number>;
}

function once<T>(make: () => T): () => T {
	let made: T | undefined;
	return () => (made ??= make());
}

function invert(characters: readonly string[]): Map<string, number> {
	const positions = new Map<string, number>();
	characters.forEach((character, position) => {
		if (character !== '' && !positions.has(character)) positions.set(character, position);
	});
	return positions;
}

function codedSet(
	name: string,
	half: 0 | 1,
	escape: string,
	bytesPerCharacter: 1 | 2,
	make: () => string[],
): CodedSet {
	const characters = once(make);
	const positions = once(() => invert(characters()));
	return { name, half, escape, bytesPerCharacter, characters, positions };
}

function decodeOne(decoder: TextDecoder, bytes: readonly number[]): string {
	const text = decoder.decode(Uint8Array.from(bytes));
	return text.includes(REPLACEMENT) ? '' : text;
}

/** Bytes A0..FF of an 8-bit set; the decoder is used for these only, as windows-125x differ below. */
function upperHalf(label: string): () => string[] {
	return () => {
		const decoder = new TextDecoder(label);
		return Array.from({ length: 96 }, (_, i) => decodeOne(decoder, [0xa0 + i]));
	};
}

/** 94 rows of 94 characters, as an EUC encoding holds them. */
function rows94(label: string, lead: readonly number[] = []): () => string[] {
	return () => {
		const decoder = new TextDecoder(label);
		return Array.from({ length: 94 * 94 }, (_, i) =>
			decodeOne(decoder, [...lead, 0xa1 + Math.floor(i / 94), 0xa1 + (i % 94)]),
		);
	};
}

function katakana(): string[] {
	return Array.from({ length: 96 }, (_, i) =>
		i >= 1 && i <= 63 ? String.fromCharCode(0xff60 + i) : '',
	);
}

const ASCII = codedSet('ISO-IR 6', 0, '(B', 1, () =>
	Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)),
);

/**
 * JIS X 0201 Romaji. Byte 5C is the yen sign there, but DICOM delimits values with it: it stays a
 * backslash. Byte 7E is the overline.
 */
const ROMAJI = codedSet('ISO-IR 14', 0, '(J', 1, () =>
	Array.from({ length: 95 }, (_, i) => (i === 94 ? '\u203e' : String.fromCharCode(0x20 + i))),
);

const KATAKANA = codedSet('ISO-IR 13', 1, ')I', 1, katakana);

/** The number of a defined term, and what it designates. */
const TERMS: ReadonlyMap<string, readonly CodedSet[]> = new Map([
	['6', [ASCII]],
	['13', [ROMAJI, KATAKANA]],
	['58', [codedSet('ISO-IR 58', 1, '$)A', 2, rows94('gbk'))]],
	['87', [codedSet('ISO-IR 87', 0, '$B', 2, rows94('euc-jp'))]],
	['100', [codedSet('ISO-IR 100', 1, '-A', 1, latin1)]],
	['101', [codedSet('ISO-IR 101', 1, '-B', 1, upperHalf('iso-8859-2'))]],
	['109', [codedSet('ISO-IR 109', 1, '-C', 1, upperHalf('iso-8859-3'))]],
	['110', [codedSet('ISO-IR 110', 1, '-D', 1, upperHalf('iso-8859-4'))]],
	['126', [codedSet('ISO-IR 126', 1, '-F', 1, upperHalf('iso-8859-7'))]],
	['127', [codedSet('ISO-IR 127', 1, '-G', 1, upperHalf('iso-8859-6'))]],
	['138', [codedSet('ISO-IR 138', 1, '-H', 1, upperHalf('iso-8859-8'))]],
	['144', [codedSet('ISO-IR 144', 1, '-L', 1, upperHalf('iso-8859-5'))]],
	['148', [codedSet('ISO-IR 148', 1, '-M', 1, upperHalf('windows-1254'))]],
	['149', [codedSet('ISO-IR 149', 1, '$)C', 2, rows94('euc-kr'))]],
	['159', [codedSet('ISO-IR 159', 0, '$(D', 2, rows94('euc-jp', [0x8f]))]],
	['166', [codedSet('ISO-IR 166', 1, '-T', 1, upperHalf('windows-874'))]],
	['203', [codedSet('ISO-IR 203', 1, '-b', 1, upperHalf('iso-8859-15'))]],
]);

function latin1(): string[] {
	return Array.from({ length: 96 }, (_, i) => String.fromCharCode(0xa0 + i));
}

/** The sets of a defined term such as "ISO_IR 100" or "ISO 2022 IR 87"; undefined: unknown term. */
export function codedSetsOf(term: string): readonly CodedSet[] | undefined {
	if (term === '') return TERMS.get('6');
	const number = /^ISO(?:_IR| 2022 IR) (\d+)$/.exec(term)?.[1];
	return number === undefined ? undefined : TERMS.get(number);
}

/** Every set by its escape sequence without ESC. */
export const SETS_BY_ESCAPE: ReadonlyMap<string, CodedSet> = new Map(
	[...TERMS.values()].flat().map((set) => [set.escape, set]),
);

/** G0 of the default repertoire. */
export const DEFAULT_G0 = ASCII;
