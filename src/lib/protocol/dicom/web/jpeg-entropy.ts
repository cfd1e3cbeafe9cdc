/** Huffman coding of quantized blocks (ITU-T T.81 F.1.2) into a stream of bytes (B.1.1.5). */
import type { HuffmanTable } from './jpeg-tables.ts';

/** The code of each symbol, and its length in bits; 0 for a symbol that has no code. */
export interface HuffmanCodes {
	readonly codes: Uint16Array;
	readonly lengths: Uint8Array;
}

/** Codes of the same length count upwards; each bit more doubles what comes next (annex C). */
export function huffmanCodes({ counts, symbols }: HuffmanTable): HuffmanCodes {
	const codes = new Uint16Array(256);
	const lengths = new Uint8Array(256);
	let code = 0;
	let at = 0;
	for (let length = 1; length <= 16; length++) {
		for (let n = counts[length - 1] ?? 0; n > 0; n--) {
			const symbol = symbols[at++] ?? 0;
			codes[symbol] = code++;
			lengths[symbol] = length;
		}
		code *= 2;
	}
	return { codes, lengths };
}

const PIECE_BYTES = 65_536;
/** No block is longer: 64 codes of 16 bits, each with 11 bits, and every byte stuffed. */
const BLOCK_BYTES_MAX = 2 * Math.ceil((64 * (16 + 11)) / 8);
/** Sixteen coefficients of 0, and: all coefficients to the end are 0 (F.1.2.2.1). */
const ZERO_RUN = 0xf0;
const END_OF_BLOCK = 0x00;

/** The entropy-coded segment of one scan, collected as pieces. */
export class EntropyCoder {
	#pieces: Uint8Array[] = [];
	#piece = new Uint8Array(PIECE_BYTES);
	#used = 0;
	/** The lowest `#heldBits` bits, 0 to 7 between calls, are not written yet. */
	#held = 0;
	#heldBits = 0;

	/**
	 * Codes one block in zig-zag order. `predictedDc` is the DC coefficient of the block before it of the same
	 * component, 0 for the first (F.1.1.5.1).
	 */
	addBlock(block: Int32Array, predictedDc: number, dc: HuffmanCodes, ac: HuffmanCodes): void {
		if (this.#used + BLOCK_BYTES_MAX > PIECE_BYTES) this.#nextPiece();
		this.#addValue(dc, 0, (block[0] ?? 0) - predictedDc);
		let zeros = 0;
		for (let k = 1; k < 64; k++) {
			const value = block[k] ?? 0;
			if (value === 0) {
				zeros++;
				continue;
			}
			for (; zeros > 15; zeros -= 16) this.#addSymbol(ac, ZERO_RUN);
			this.#addValue(ac, zeros, value);
			zeros = 0;
		}
		if (zeros > 0) this.#addSymbol(ac, END_OF_BLOCK);
	}

	/** Fills the last byte with 1 bits (F.1.2.3) and gives all bytes. */
	finish(): Uint8Array[] {
		if (this.#heldBits > 0) this.#addBits(0x7f, 7);
		this.#nextPiece();
		return this.#pieces;
	}

	/** The symbol RRRRSSSS, then the SSSS lowest bits of the value, or of the value - 1 below 0 (F.1.2.1). */
	#addValue(table: HuffmanCodes, zeros: number, value: number): void {
		const bits = 32 - Math.clz32(value < 0 ? -value : value);
		this.#addSymbol(table, (zeros << 4) | bits);
		if (bits > 0) this.#addBits((value < 0 ? value - 1 : value) & ((1 << bits) - 1), bits);
	}

	#addSymbol({ codes, lengths }: HuffmanCodes, symbol: number): void {
		this.#addBits(codes[symbol] ?? 0, lengths[symbol] ?? 0);
	}

	#addBits(bits: number, count: number): void {
		this.#held = (this.#held << count) | bits;
		this.#heldBits += count;
		while (this.#heldBits >= 8) {
			this.#heldBits -= 8;
			const byte = (this.#held >>> this.#heldBits) & 0xff;
			this.#piece[this.#used++] = byte;
			// A 0 is stuffed after FF, which would otherwise begin a marker.
			if (byte === 0xff) this.#piece[this.#used++] = 0;
		}
	}

	#nextPiece(): void {
		this.#pieces.push(this.#piece.slice(0, this.#used));
		this.#used = 0;
	}
}
