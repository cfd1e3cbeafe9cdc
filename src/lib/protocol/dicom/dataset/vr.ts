/** How the value of a value representation is stored (PS3.5 section 6.2). */
type ValueKind =
	| 'text' // characters of the default repertoire only
	| 'charset-text' // characters of the Specific Character Set
	| 'decimal' // DS and IS: numbers written as text
	| 'uint'
	| 'int'
	| 'float'
	| 'tag'
	| 'bytes'
	| 'items';

export interface ValueRepresentation {
	readonly code: string;
	readonly kind: ValueKind;
	/** Explicit VR writes a 16-bit length, or two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
	readonly lengthBits: 16 | 32;
	/** The byte that makes an odd value even. */
	readonly padding: 0x00 | 0x20;
	/** Size of one binary number in bytes; also the unit of byte swapping. 1: nothing to swap. */
	readonly unitBytes: 1 | 2 | 4 | 8;
	/** True when a backslash separates values (PS3.5 6.4). */
	readonly multiple: boolean;
	/** The longest single value in characters (text) or bytes; undefined: no limit but the length. */
	readonly maxLength: number | undefined;
}

type Row = readonly [
	code: string,
	kind: ValueKind,
	lengthBits: 16 | 32,
	padding: 0x00 | 0x20,
	unitBytes: 1 | 2 | 4 | 8,
	multiple: boolean,
	maxLength?: number,
];

/** PS3.5 table 6.2-1 and table 7.1-1. PN counts per component group, as the standard does. */
const ROWS: readonly Row[] = [
	['AE', 'text', 16, 0x20, 1, true, 16],
	['AS', 'text', 16, 0x20, 1, true, 4],
	['AT', 'tag', 16, 0x00, 2, true, 4],
	['CS', 'text', 16, 0x20, 1, true, 16],
	['DA', 'text', 16, 0x20, 1, true, 8],
	['DS', 'decimal', 16, 0x20, 1, true, 16],
	['DT', 'text', 16, 0x20, 1, true, 26],
	['FD', 'float', 16, 0x00, 8, true, 8],
	['FL', 'float', 16, 0x00, 4, true, 4],
	['IS', 'decimal', 16, 0x20, 1, true, 12],
	['LO', 'charset-text', 16, 0x20, 1, true, 64],
	['LT', 'charset-text', 16, 0x20, 1, false, 10240],
	['OB', 'bytes', 32, 0x00, 1, false],
	['OD', 'bytes', 32, 0x00, 8, false],
	['OF', 'bytes', 32, 0x00, 4, false],
	['OL', 'bytes', 32, 0x00, 4, false],
	['OV', 'bytes', 32, 0x00, 8, false],
	['OW', 'bytes', 32, 0x00, 2, false],
	['PN', 'charset-text', 16, 0x20, 1, true, 64],
	['SH', 'charset-text', 16, 0x20, 1, true, 16],
	['SL', 'int', 16, 0x00, 4, true, 4],
	['SQ', 'items', 32, 0x00, 1, false],
	['SS', 'int', 16, 0x00, 2, true, 2],
	['ST', 'charset-text', 16, 0x20, 1, false, 1024],
	['SV', 'int', 32, 0x00, 8, true, 8],
	['TM', 'text', 16, 0x20, 1, true, 14],
	['UC', 'charset-text', 32, 0x20, 1, true],
	['UI', 'text', 16, 0x00, 1, true, 64],
	['UL', 'uint', 16, 0x00, 4, true, 4],
	['UN', 'bytes', 32, 0x00, 1, false],
	['UR', 'text', 32, 0x20, 1, false],
	['US', 'uint', 16, 0x00, 2, true, 2],
	['UT', 'charset-text', 32, 0x20, 1, false],
	['UV', 'uint', 32, 0x00, 8, true, 8],
];

/** Two capital letters as an index of 0..675. */
const byLetters: (ValueRepresentation | undefined)[] = Array.from({ length: 676 }, () => undefined);
for (const [code, kind, lengthBits, padding, unitBytes, multiple, maxLength] of ROWS) {
	byLetters[(code.charCodeAt(0) - 65) * 26 + code.charCodeAt(1) - 65] = {
		code,
		kind,
		lengthBits,
		padding,
		unitBytes,
		multiple,
		maxLength,
	};
}

/** The value representation with this code; undefined when the standard has none. */
export function vrOfCode(code: string): ValueRepresentation | undefined {
	return code.length === 2 ? vrOfBytes(code.charCodeAt(0), code.charCodeAt(1)) : undefined;
}

/** The value representation of two bytes on the wire; undefined when the standard has none. */
export function vrOfBytes(first: number, second: number): ValueRepresentation | undefined {
	if (first < 65 || first > 90 || second < 65 || second > 90) return undefined;
	return byLetters[(first - 65) * 26 + second - 65];
}
