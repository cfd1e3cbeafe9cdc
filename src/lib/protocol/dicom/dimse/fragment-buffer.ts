const SMALL_FRAGMENT_BYTES = 512;
const SMALLEST_BLOCK_BYTES = 1024;
const LARGEST_BLOCK_BYTES = 16 * 1024;

/**
 * Collects the fragments of one message part. Large fragments stay views on what was received; small
 * ones are packed into blocks, so that a peer sending two bytes at a time costs bytes and not objects.
 */
export class FragmentBuffer {
	#sizeBytes = 0;
	readonly #parts: Uint8Array[] = [];
	#block: Uint8Array | undefined;
	#blockUsed = 0;

	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	add(fragment: Uint8Array): void {
		if (fragment.length === 0) return;
		this.#sizeBytes += fragment.length;
		if (fragment.length >= SMALL_FRAGMENT_BYTES) {
			this.#closeBlock();
			this.#parts.push(fragment);
			return;
		}
		const neededBytes = this.#blockUsed + fragment.length;
		if (neededBytes > LARGEST_BLOCK_BYTES) this.#closeBlock();
		// The first small fragment is most often the only one: it stays a view until a second comes.
		if (this.#block === undefined) {
			this.#block = fragment;
			this.#blockUsed = fragment.length;
			return;
		}
		if (neededBytes > this.#block.length) {
			const block = new Uint8Array(Math.max(SMALLEST_BLOCK_BYTES, 2 * this.#block.length));
			block.set(this.#block.subarray(0, this.#blockUsed));
			this.#block = block;
		}
		this.#block.set(fragment, this.#blockUsed);
		this.#blockUsed = neededBytes;
	}

	/** The parts in order, unjoined. The buffer is not used afterwards. */
	finish(): Uint8Array[] {
		this.#closeBlock();
		return this.#parts;
	}

	#closeBlock(): void {
		if (this.#block === undefined) return;
		this.#parts.push(this.#block.subarray(0, this.#blockUsed));
		this.#block = undefined;
		this.#blockUsed = 0;
	}
}

/** One contiguous array; no copy when there is one part. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
	if (parts.length === 1) return parts[0]!;
	const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}
