/**
 * The forward DCT of 8 x 8 samples (ITU-T T.81 A.3.3) in whole numbers of 32 bits, so that every engine
 * gives the same coefficients.
 */

/** Fractional bits of the cosines, and of the coefficients between the two passes. */
const COSINE_BITS = 15;
const MIDDLE_BITS = 4;

/** The coefficients of `forwardDct` have this many fractional bits. */
export const COEFFICIENT_BITS: number = COSINE_BITS + MIDDLE_BITS;

/** Cn is cos(n pi / 16) / 2, with COSINE_BITS. */
const C1 = 16_069;
const C2 = 15_137;
const C3 = 13_623;
const C4 = 11_585;
const C5 = 9_102;
const C6 = 6_270;
const C7 = 3_196;

const MIDDLE = new Int32Array(64);

/**
 * Transforms `samples`, -128 to 127 row by row, into `coefficients`, row by row, with COEFFICIENT_BITS. The
 * transform is separable: rows first, then columns. Only between the two is anything rounded. The greatest
 * coefficient, 1024, still fits: 2 ** (10 + 19).
 */
export function forwardDct(samples: Int32Array, coefficients: Int32Array): void {
	transformRows(samples, MIDDLE, COSINE_BITS - MIDDLE_BITS);
	transformRows(MIDDLE, coefficients, 0);
}

/** Every row in one dimension, written as a column, and so turned over: twice gives the old order. */
function transformRows(from: Int32Array, to: Int32Array, shift: number): void {
	const half = (1 << shift) >> 1;
	for (let row = 0; row < 8; row++) {
		const at = row * 8;
		const a = from[at] ?? 0;
		const b = from[at + 1] ?? 0;
		const c = from[at + 2] ?? 0;
		const d = from[at + 3] ?? 0;
		const e = from[at + 4] ?? 0;
		const f = from[at + 5] ?? 0;
		const g = from[at + 6] ?? 0;
		const h = from[at + 7] ?? 0;
		// Cosines of even frequency are the same from both ends, those of odd frequency have opposite signs.
		const ends = a + h + d + e;
		const inner = b + g + c + f;
		const ends2 = a + h - d - e;
		const inner2 = b + g - c - f;
		to[row] = ((ends + inner) * C4 + half) >> shift;
		to[row + 32] = ((ends - inner) * C4 + half) >> shift;
		to[row + 16] = (ends2 * C2 + inner2 * C6 + half) >> shift;
		to[row + 48] = (ends2 * C6 - inner2 * C2 + half) >> shift;
		const p = a - h;
		const q = b - g;
		const r = c - f;
		const s = d - e;
		to[row + 8] = (p * C1 + q * C3 + r * C5 + s * C7 + half) >> shift;
		to[row + 24] = (p * C3 - q * C7 - r * C1 - s * C5 + half) >> shift;
		to[row + 40] = (p * C5 - q * C1 + r * C7 + s * C3 + half) >> shift;
		to[row + 56] = (p * C7 - q * C5 + r * C3 - s * C1 + half) >> shift;
	}
}
