import type { Random } from '#lib/kernel/random.ts';
import { GLYPHS } from './bitmap-font.ts';

/** An image while it is drawn: values in the unit of the phantom, rows from the top. */
export class Canvas {
	readonly columns: number;
	readonly rows: number;
	readonly values: Float64Array;

	constructor(columns: number, rows: number) {
		this.columns = columns;
		this.rows = rows;
		this.values = new Float64Array(columns * rows);
	}

	/** Sets every pixel from its position. */
	fill(valueAt: (column: number, row: number) => number): void {
		for (let row = 0, i = 0; row < this.rows; row++) {
			for (let column = 0; column < this.columns; column++) this.values[i++] = valueAt(column, row);
		}
	}

	/** Adds noise of mean 0 and standard deviation 2.8 times `amount`: 32 tosses of a coin. */
	addNoise(random: Random, amount: number): void {
		for (let i = 0; i < this.values.length; i++) {
			this.values[i] = (this.values[i] as number) + (bitCount(random.uint32()) - 16) * amount;
		}
	}

	/**
	 * Burns text in, 5 x 7 dots a character and one dot between, each dot `scale` pixels wide. Characters
	 * without a glyph leave a gap; what does not fit is cut off.
	 */
	writeText(text: string, column: number, row: number, scale: number, value: number): void {
		[...text].forEach((character, index) => {
			const left = column + index * 6 * scale;
			GLYPHS[character]?.forEach((line, y) => {
				for (let x = 0; x < 5; x++) {
					if ((line >> (4 - x)) & 1) this.#dot(left + x * scale, row + y * scale, scale, value);
				}
			});
		});
	}

	/** Stored values: whole numbers from 0 to the maximum of `bitsStored`, 16 bits little endian. */
	toPixelData(rescaleIntercept: number, bitsStored: number): Uint8Array {
		const bytes = new Uint8Array(this.values.length * 2);
		const maximum = 2 ** bitsStored - 1;
		for (let i = 0; i < this.values.length; i++) {
			const stored = Math.round((this.values[i] as number) - rescaleIntercept);
			const clipped = Math.max(0, Math.min(maximum, stored));
			bytes[2 * i] = clipped & 0xff;
			bytes[2 * i + 1] = clipped >> 8;
		}
		return bytes;
	}

	#dot(column: number, row: number, size: number, value: number): void {
		for (let y = row; y < Math.min(row + size, this.rows); y++) {
			for (let x = column; x < Math.min(column + size, this.columns); x++) {
				this.values[y * this.columns + x] = value;
			}
		}
	}
}

function bitCount(word: number): number {
	let n = word - ((word >>> 1) & 0x55555555);
	n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
	n = (n + (n >>> 4)) & 0x0f0f0f0f;
	return Math.imul(n, 0x01010101) >>> 24;
}
