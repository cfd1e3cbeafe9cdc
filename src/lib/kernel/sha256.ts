/** SHA-256 (FIPS 180-4), incremental. Own code because the core may not import node:crypto and digests must be synchronous. */

const K = roundConstants();

/** Fractional parts of the cube roots of the first 64 primes, as FIPS 180-4 section 4.2.2 defines them. */
function roundConstants(): Int32Array {
	return fractionalRoots(64, 1 / 3);
}

/** First 32 fractional bits of prime^power for the first `count` primes. */
function fractionalRoots(count: number, power: number): Int32Array {
	const out = new Int32Array(count);
	let found = 0;
	for (let candidate = 2; found < count; candidate++) {
		let prime = true;
		for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) prime = false;
		if (!prime) continue;
		const root = candidate ** power;
		out[found++] = Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
	}
	return out;
}

const INITIAL = fractionalRoots(8, 1 / 2);

/** The message schedule of the block being compressed; nothing of it outlives that. */
const SCHEDULE = new Int32Array(64);

export class Sha256 {
	#state = Int32Array.from(INITIAL);
	#block = new Uint8Array(64);
	#filled = 0;
	#lengthBytes = 0;

	update(bytes: Uint8Array): this {
		this.#lengthBytes += bytes.length;
		let offset = 0;
		if (this.#filled > 0) {
			offset = Math.min(64 - this.#filled, bytes.length);
			this.#block.set(bytes.subarray(0, offset), this.#filled);
			this.#filled += offset;
			if (this.#filled < 64) return this;
			this.#compress(this.#block, 0);
			this.#filled = 0;
		}
		for (; offset + 64 <= bytes.length; offset += 64) this.#compress(bytes, offset);
		if (offset < bytes.length) {
			this.#block.set(bytes.subarray(offset), 0);
			this.#filled = bytes.length - offset;
		}
		return this;
	}

	/** The 32 bytes of the digest. The object must not be updated afterwards. */
	digest(): Uint8Array {
		const lengthBits = this.#lengthBytes * 8;
		const tail = new Uint8Array(this.#filled < 56 ? 64 - this.#filled : 128 - this.#filled);
		tail[0] = 0x80;
		const view = new DataView(tail.buffer);
		view.setUint32(tail.length - 8, Math.floor(lengthBits / 2 ** 32));
		view.setUint32(tail.length - 4, lengthBits >>> 0);
		this.update(tail);
		const out = new Uint8Array(32);
		const outView = new DataView(out.buffer);
		this.#state.forEach((word, i) => outView.setInt32(i * 4, word));
		return out;
	}

	#compress(bytes: Uint8Array, offset: number): void {
		const w = SCHEDULE;
		for (let i = 0, p = offset; i < 16; i++, p += 4) {
			w[i] =
				((bytes[p] as number) << 24) |
				((bytes[p + 1] as number) << 16) |
				((bytes[p + 2] as number) << 8) |
				(bytes[p + 3] as number);
		}
		for (let i = 16; i < 64; i++) {
			const x = w[i - 15] as number;
			const y = w[i - 2] as number;
			const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
			const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
			w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
		}
		const state = this.#state;
		let a = state[0] as number;
		let b = state[1] as number;
		let c = state[2] as number;
		let d = state[3] as number;
		let e = state[4] as number;
		let f = state[5] as number;
		let g = state[6] as number;
		let h = state[7] as number;
		for (let i = 0; i < 64; i++) {
			const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
			const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
			const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
			const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
			h = g;
			g = f;
			f = e;
			e = (d + t1) | 0;
			d = c;
			c = b;
			b = a;
			a = (t1 + t2) | 0;
		}
		state[0] = (state[0] as number) + a;
		state[1] = (state[1] as number) + b;
		state[2] = (state[2] as number) + c;
		state[3] = (state[3] as number) + d;
		state[4] = (state[4] as number) + e;
		state[5] = (state[5] as number) + f;
		state[6] = (state[6] as number) + g;
		state[7] = (state[7] as number) + h;
	}
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal of bytes. */
export function toHex(bytes: Uint8Array): string {
	let out = '';
	for (const byte of bytes) out += HEX[byte] as string;
	return out;
}

/** SHA-256 of a text (UTF-8) or bytes. */
export function sha256(input: string | Uint8Array): Uint8Array {
	const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
	return new Sha256().update(bytes).digest();
}
