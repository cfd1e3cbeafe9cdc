import { sha256 } from './sha256.ts';

/**
 * A seeded stream of pseudo-random numbers: sfc32 (Chris Doty-Humphrey's small fast counting generator),
 * seeded by SHA-256 of the seed and the stream's name. The algorithm is frozen by a test vector: a change
 * would make every stored attempt replay differently.
 */
export class Random {
	#a: number;
	#b: number;
	#c: number;
	#counter: number;

	constructor(seed: string, name: string) {
		const key = new DataView(sha256(`${seed}\u0000${name}`).buffer);
		this.#a = key.getInt32(0);
		this.#b = key.getInt32(4);
		this.#c = key.getInt32(8);
		this.#counter = key.getInt32(12);
	}

	/** An integer in 0..2^32-1. */
	uint32(): number {
		const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
		return t >>> 0;
	}

	/** An integer in 0..bound-1, unbiased by rejection. `bound` must be in 1..2^32. */
	below(bound: number): number {
		if (!(bound >= 1 && bound <= 2 ** 32)) throw new RangeError(`bound ${bound} not in 1..2^32`);
		const limit = 2 ** 32 - (2 ** 32 % bound);
		for (;;) {
			const n = this.uint32();
			if (n < limit) return n % bound;
		}
	}

	/** An integer in low..high, both included. */
	between(low: number, high: number): number {
		return low + this.below(high - low + 1);
	}

	/** True with probability numerator/denominator; a ratio, because ratios are exact. */
	chance(numerator: number, denominator: number): boolean {
		return this.below(denominator) < numerator;
	}

	pick<T>(choices: readonly T[]): T {
		if (choices.length === 0) throw new RangeError('nothing to pick from');
		return choices[this.below(choices.length)] as T;
	}

	/** A new array in random order (Fisher-Yates). */
	shuffle<T>(values: readonly T[]): T[] {
		const out = [...values];
		for (let i = out.length - 1; i > 0; i--) {
			const j = this.below(i + 1);
			[out[i], out[j]] = [out[j] as T, out[i] as T];
		}
		return out;
	}
}
