/** Our own program asked for a PDU that cannot exist on the wire. Never caused by a peer. */
export class PduEncodeError extends RangeError {
	override readonly name = 'PduEncodeError';
}

/**
 * Grows a byte string field by field, big endian as all of PS3.8, and refuses what does not fit its
 * field.
 */
export class ByteWriter {
	#bytes: number[] = [];

	u8(value: number, field: string): void {
		this.#integer(value, 1, field);
	}

	u16(value: number, field: string): void {
		this.#integer(value, 2, field);
	}

	u32(value: number, field: string): void {
		this.#integer(value, 4, field);
	}

	zeros(count: number): void {
		for (let i = 0; i < count; i++) this.#bytes.push(0);
	}

	raw(bytes: Uint8Array): void {
		for (const byte of bytes) this.#bytes.push(byte);
	}

	/**
	 * One byte per character (ISO 8859-1, which contains the basic G0 set the standard asks for).
	 */
	text(value: string, field: string): void {
		for (let i = 0; i < value.length; i++) this.u8(value.charCodeAt(i), field);
	}

	/** Writes what `fill` writes, preceded by its 16-bit length. */
	lengthPrefixed(field: string, fill: () => void): void {
		const at = this.#bytes.length;
		this.zeros(2);
		fill();
		const length = this.#bytes.length - at - 2;
		if (length > 0xffff) {
			throw new PduEncodeError(`${field}: ${length} bytes do not fit a 16-bit length`);
		}
		this.#bytes[at] = length >>> 8;
		this.#bytes[at + 1] = length & 0xff;
	}

	/** An item or sub-item: type, reserved byte, 16-bit length, body. */
	item(type: number, field: string, fill: () => void): void {
		this.u8(type, field);
		this.zeros(1);
		this.lengthPrefixed(field, fill);
	}

	finish(): Uint8Array {
		return Uint8Array.from(this.#bytes);
	}

	#integer(value: number, sizeBytes: number, field: string): void {
		if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * sizeBytes)) {
			throw new PduEncodeError(`${field}: ${value} does not fit ${sizeBytes} byte(s)`);
		}
		for (let shift = 8 * (sizeBytes - 1); shift >= 0; shift -= 8) {
			this.#bytes.push((value >>> shift) & 0xff);
		}
	}
}
