const LF = 0x0a;
const CR = 0x0d;

/** Collects one line that may arrive in pieces. */
export class LineBuffer {
	#bytes = new Uint8Array(256);
	#sizeBytes = 0;
	#complete = false;

	/** Takes bytes up to the end of the line, or to one more than the line may have; returns how many. */
	take(chunk: Uint8Array, from: number, maximumBytes: number): number {
		const found = chunk.indexOf(LF, from);
		const last = from + maximumBytes + 1 - this.#sizeBytes;
		const end = Math.min(found < 0 ? chunk.length : found + 1, last);
		this.#complete = found >= 0 && found < end;
		const part = chunk.subarray(from, end);
		this.#reserve(this.#sizeBytes + part.length);
		this.#bytes.set(part, this.#sizeBytes);
		this.#sizeBytes += part.length;
		return part.length;
	}

	/** How long the line is so far, with its line end. */
	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	get complete(): boolean {
		return this.#complete;
	}

	/**
	 * The line in ISO 8859-1 without CRLF, and starts anew; undefined when it ends without CR, which readers
	 * understand differently (RFC 9112 2.2).
	 */
	finish(): string | undefined {
		const line = this.#bytes.subarray(0, this.#sizeBytes - 2);
		const whole = this.#sizeBytes >= 2 && this.#bytes[this.#sizeBytes - 2] === CR;
		const text = whole ? latin1(line) : undefined;
		this.#sizeBytes = 0;
		this.#complete = false;
		return text;
	}

	#reserve(sizeBytes: number): void {
		if (sizeBytes <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(sizeBytes, 2 * this.#bytes.length));
		larger.set(this.#bytes.subarray(0, this.#sizeBytes));
		this.#bytes = larger;
	}
}

function latin1(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
