/** Reads big-endian numbers and vectors (RFC 5246 section 4). Past the end everything is empty and `failed`. */
export class ByteReader {
	readonly #bytes: Uint8Array;
	#at = 0;
	#failed = false;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** Whether something was read that was not there. */
	get failed(): boolean {
		return this.#failed;
	}

	/** Whether everything was read and nothing was missing. */
	get complete(): boolean {
		return !this.#failed && this.#at === this.#bytes.length;
	}

	get remaining(): number {
		return this.#bytes.length - this.#at;
	}

	take(count: number): Uint8Array {
		if (count > this.remaining) {
			this.#failed = true;
			return new Uint8Array(0);
		}
		this.#at += count;
		return this.#bytes.subarray(this.#at - count, this.#at);
	}

	uint(bytes: 1 | 2 | 3): number {
		return this.take(bytes).reduce((value, byte) => value * 256 + byte, 0);
	}

	/** A vector whose length stands before it in so many bytes. */
	vector(lengthBytes: 1 | 2 | 3): Uint8Array {
		return this.take(this.uint(lengthBytes));
	}

	/** A vector of 16-bit numbers. */
	uint16s(lengthBytes: 1 | 2): number[] {
		const inner = new ByteReader(this.vector(lengthBytes));
		const numbers: number[] = [];
		while (inner.remaining > 0 && !inner.failed) numbers.push(inner.uint(2));
		if (inner.failed) this.#failed = true;
		return numbers;
	}

	/** A vector of vectors. */
	vectors(lengthBytes: 2 | 3, innerLengthBytes: 2 | 3): Uint8Array[] {
		const inner = new ByteReader(this.vector(lengthBytes));
		const out: Uint8Array[] = [];
		while (inner.remaining > 0 && !inner.failed) out.push(inner.vector(innerLengthBytes));
		if (inner.failed) this.#failed = true;
		return out;
	}
}

/** A big-endian number. */
export function uint(value: number, bytes: 1 | 2 | 3 | 8): Uint8Array {
	const out = new Uint8Array(bytes);
	for (let i = bytes - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) {
		out[i] = rest % 256;
	}
	return out;
}

export function uint16s(values: readonly number[]): Uint8Array {
	return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
}
