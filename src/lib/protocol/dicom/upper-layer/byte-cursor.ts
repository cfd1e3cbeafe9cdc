/**
 * Why received bytes are no PDU, as the reason of the A-ABORT that answers them (PS3.8 table 9-26):
 * 1 unrecognized PDU, 5 unexpected PDU parameter, 6 invalid PDU parameter value. Reason 4,
 * unrecognized parameter, never arises: items of unknown type are skipped, as PS3.8 9.3.1 asks.
 */
export type DefectReason = 1 | 5 | 6;

/** Thrown and caught inside the decoder only; `PduReader` turns it into a `PduDefect`. */
export class MalformedPdu extends Error {
	override readonly name = 'MalformedPdu';
	readonly reason: DefectReason;

	constructor(reason: DefectReason, explanation: string) {
		super(explanation);
		this.reason = reason;
	}
}

/**
 * Reads big-endian fields from a byte range; reading past its end throws `MalformedPdu` with reason
 * 6.
 */
export class ByteCursor {
	readonly #bytes: Uint8Array;
	#offset: number;

	constructor(bytes: Uint8Array, offset = 0) {
		this.#bytes = bytes;
		this.#offset = offset;
	}

	get remaining(): number {
		return this.#bytes.length - this.#offset;
	}

	/** A view on the next bytes, not a copy. */
	take(count: number, field: string): Uint8Array {
		const start = this.#advance(count, field);
		return this.#bytes.subarray(start, this.#offset);
	}

	rest(): Uint8Array {
		return this.take(this.remaining, 'rest');
	}

	u8(field: string): number {
		return this.#integer(1, field);
	}

	u16(field: string): number {
		return this.#integer(2, field);
	}

	u32(field: string): number {
		return this.#integer(4, field);
	}

	/** One character per byte, so nothing is lost whatever the peer put there. */
	text(count: number, field: string): string {
		const start = this.#advance(count, field);
		let text = '';
		for (let i = start; i < this.#offset; i++)
			text += String.fromCharCode(this.#bytes[i] as number);
		return text;
	}

	/**
	 * A UID. NULs at its end are dropped: PS3.8 forbids padding, but some devices pad as in data
	 * sets and C toolkits never see it. Any other stray character stays and makes the UID an
	 * unknown one.
	 */
	uid(count: number, field: string): string {
		return this.text(count, field).replace(/\0+$/, '');
	}

	/** Refuses bytes beyond the last field. */
	end(field: string): void {
		if (this.remaining > 0) {
			throw new MalformedPdu(6, `${field}: ${this.remaining} bytes too long`);
		}
	}

	/** The items or sub-items up to the end: type, reserved byte (ignored), 16-bit length, body. */
	*items(within: string): Generator<{ type: number; body: ByteCursor }> {
		while (this.remaining > 0) {
			const type = this.u8(`${within}: item type`);
			this.take(1, `${within}: reserved byte`);
			const length = this.u16(`${within}: item length`);
			yield { type, body: new ByteCursor(this.take(length, `${within}: item body`)) };
		}
	}

	#integer(sizeBytes: number, field: string): number {
		const start = this.#advance(sizeBytes, field);
		let value = 0;
		for (let i = start; i < this.#offset; i++) value = value * 256 + (this.#bytes[i] as number);
		return value;
	}

	/** Goes over the next bytes; returns where they start. */
	#advance(count: number, field: string): number {
		if (count > this.remaining) {
			throw new MalformedPdu(6, `${field}: ${count} bytes asked, ${this.remaining} left`);
		}
		const start = this.#offset;
		this.#offset += count;
		return start;
	}
}
