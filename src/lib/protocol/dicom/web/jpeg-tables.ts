/** The typical tables of ITU-T T.81 annex K, and the order of its figure A.6. */

/** How many codes there are of 1 to 16 bits, and the symbols in the order of their codes (B.2.4.2). */
export interface HuffmanTable {
	readonly counts: Uint8Array;
	readonly symbols: Uint8Array;
}

/** What one kind of component is coded with. */
export interface ComponentTables {
	/** Steps of quantization at quality 50, row by row. */
	readonly quantization: Uint8Array;
	readonly dc: HuffmanTable;
	readonly ac: HuffmanTable;
}

/** Figure A.6: where in a block, counted row by row, the coefficient at each place of the zig-zag stands. */
export const ZIGZAG: Uint8Array = zigzag();

/** By diagonals, up and down in turn. */
function zigzag(): Uint8Array {
	const order = new Uint8Array(64);
	let at = 0;
	for (let diagonal = 0; diagonal < 15; diagonal++) {
		for (let i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
			const [row, column] = diagonal % 2 === 0 ? [diagonal - i, i] : [i, diagonal - i];
			order[at++] = row * 8 + column;
		}
	}
	return order;
}

const DC_CATEGORIES = Uint8Array.from({ length: 12 }, (_, category) => category);

/** Tables K.1, K.3 and K.5: luminance, and grey. */
export const LUMINANCE: ComponentTables = {
	quantization: Uint8Array.of(
		...[16, 11, 10, 16, 24, 40, 51, 61],
		...[12, 12, 14, 19, 26, 58, 60, 55],
		...[14, 13, 16, 24, 40, 57, 69, 56],
		...[14, 17, 22, 29, 51, 87, 80, 62],
		...[18, 22, 37, 56, 68, 109, 103, 77],
		...[24, 35, 55, 64, 81, 104, 113, 92],
		...[49, 64, 78, 87, 103, 121, 120, 101],
		...[72, 92, 95, 98, 112, 100, 103, 99],
	),
	dc: {
		counts: Uint8Array.of(0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
		symbols: DC_CATEGORIES,
	},
	ac: {
		counts: Uint8Array.of(0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125),
		symbols: hex(`
			01 02 03 00 04 11 05 12 21 31 41 06 13 51 61 07 22 71 14 32 81 91 a1 08 23 42 b1 c1 15 52 d1 f0
			24 33 62 72 82 09 0a 16 17 18 19 1a 25 26 27 28 29 2a 34 35 36 37 38 39 3a 43 44 45 46 47 48 49
			4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68 69 6a 73 74 75 76 77 78 79 7a 83 84 85 86 87 88 89
			8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4 b5 b6 b7 b8 b9 ba c2 c3 c4 c5
			c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e1 e2 e3 e4 e5 e6 e7 e8 e9 ea f1 f2 f3 f4 f5 f6 f7 f8
			f9 fa`),
	},
};

/** Tables K.2, K.4 and K.6: the two differences of colour. */
export const CHROMINANCE: ComponentTables = {
	quantization: Uint8Array.of(
		...[17, 18, 24, 47, 99, 99, 99, 99],
		...[18, 21, 26, 66, 99, 99, 99, 99],
		...[24, 26, 56, 99, 99, 99, 99, 99],
		...[47, 66, 99, 99, 99, 99, 99, 99],
		...[99, 99, 99, 99, 99, 99, 99, 99],
		...[99, 99, 99, 99, 99, 99, 99, 99],
		...[99, 99, 99, 99, 99, 99, 99, 99],
		...[99, 99, 99, 99, 99, 99, 99, 99],
	),
	dc: {
		counts: Uint8Array.of(0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0),
		symbols: DC_CATEGORIES,
	},
	ac: {
		counts: Uint8Array.of(0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119),
		symbols: hex(`
			00 01 02 03 11 04 05 21 31 06 12 41 51 07 61 71 13 22 32 81 08 14 42 91 a1 b1 c1 09 23 33 52 f0
			15 62 72 d1 0a 16 24 34 e1 25 f1 17 18 19 1a 26 27 28 29 2a 35 36 37 38 39 3a 43 44 45 46 47 48
			49 4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68 69 6a 73 74 75 76 77 78 79 7a 82 83 84 85 86 87
			88 89 8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4 b5 b6 b7 b8 b9 ba c2 c3
			c4 c5 c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e2 e3 e4 e5 e6 e7 e8 e9 ea f2 f3 f4 f5 f6 f7 f8
			f9 fa`),
	},
};

function hex(text: string): Uint8Array {
	return Uint8Array.from(text.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));
}
