/**
 * The minimal lower layer protocol (appendix C of the HL7 v2 implementation guide, and the MLLP
 * transport specification): a block is VT, content, FS, CR.
 */

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;

/** `offset` counts the bytes of the stream before the first byte of the event's own bytes. */
export type MllpEvent =
	| { readonly kind: 'block'; readonly bytes: Uint8Array; readonly offset: number }
	/** A block whose FS was not followed by CR. */
	| {
			readonly kind: 'missing-carriage-return';
			readonly bytes: Uint8Array;
			readonly offset: number;
	  }
	/** Bytes that FS ended and that no VT began. */
	| { readonly kind: 'missing-start'; readonly bytes: Uint8Array; readonly offset: number }
	/** A block that another VT, or the end of the stream, cut off. */
	| { readonly kind: 'missing-end'; readonly bytes: Uint8Array; readonly offset: number }
	/** Bytes between blocks. */
	| { readonly kind: 'garbage'; readonly bytes: Uint8Array; readonly offset: number }
	/** More than the limit; these bytes are the first ones, the rest up to FS or VT is dropped. */
	| { readonly kind: 'oversize'; readonly bytes: Uint8Array; readonly offset: number };

export interface MllpLimits {
	/** Content of a block. */
	readonly blockBytes: number;
	/** Bytes outside blocks that are kept for one event. */
	readonly garbageBytes: number;
}

const DEFAULT_MLLP_LIMITS: MllpLimits = {
	blockBytes: 16 * 1024 * 1024,
	garbageBytes: 64 * 1024,
};

/** Bytes one after the other, copied, in an array that doubles. */
class Bytes {
	#array = new Uint8Array(256);
	#sizeBytes = 0;

	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	add(part: Uint8Array): void {
		const needed = this.#sizeBytes + part.length;
		if (needed > this.#array.length) {
			const larger = new Uint8Array(Math.max(needed, 2 * this.#array.length));
			larger.set(this.#array.subarray(0, this.#sizeBytes));
			this.#array = larger;
		}
		this.#array.set(part, this.#sizeBytes);
		this.#sizeBytes = needed;
	}

	copy(): Uint8Array {
		return this.#array.slice(0, this.#sizeBytes);
	}

	take(): Uint8Array {
		const bytes = this.copy();
		this.#array = new Uint8Array(256);
		this.#sizeBytes = 0;
		return bytes;
	}
}

/**
 * Finds the blocks in a stream. However the stream is cut into chunks, the events are the same. No
 * input is refused; what is not framed properly is told as such.
 */
export class MllpDecoder {
	readonly #limits: MllpLimits;
	readonly #bytes = new Bytes();
	#isInBlock = false;
	/** FS was the last byte, and what follows it decides. */
	#isAfterEnd = false;
	#isDropping = false;
	#position = 0;
	#start = 0;

	constructor(limits: MllpLimits = DEFAULT_MLLP_LIMITS) {
		this.#limits = limits;
	}

	/** The events that these further bytes of the stream complete, in order. */
	push(chunk: Uint8Array): MllpEvent[] {
		const events: MllpEvent[] = [];
		let at = 0;
		while (at < chunk.length) {
			if (this.#isAfterEnd) at += this.#afterEnd(chunk[at]!, events);
			else if (chunk[at] === VT) at += this.#begin(events);
			else if (chunk[at] === FS) at += this.#sawEnd();
			else at += this.#content(chunk, at, events);
		}
		return events;
	}

	/** The events of what is left when the stream has ended. */
	end(): MllpEvent[] {
		const events: MllpEvent[] = [];
		if (this.#isAfterEnd) this.#finish('missing-carriage-return', events);
		else this.#cut(events);
		return events;
	}

	/**
	 * What has come in since the last event, for whoever gives up waiting. `isInBlock` tells whether a
	 * VT began it.
	 */
	pending(): { readonly isInBlock: boolean; readonly bytes: Uint8Array } {
		return { isInBlock: this.#isInBlock, bytes: this.#bytes.copy() };
	}

	#skip(count: number): number {
		this.#position += count;
		return count;
	}

	#emit(kind: MllpEvent['kind'], events: MllpEvent[]): void {
		events.push({ kind, bytes: this.#bytes.take(), offset: this.#start });
	}

	/** Leaves the block, or the garbage, and begins anew between blocks. */
	#reset(): void {
		this.#bytes.take();
		this.#isInBlock = false;
		this.#isAfterEnd = false;
		this.#isDropping = false;
	}

	/** Tells what VT or the end of the stream cuts off. */
	#cut(events: MllpEvent[]): void {
		if (!this.#isDropping) {
			if (this.#isInBlock) this.#emit('missing-end', events);
			else if (this.#bytes.sizeBytes > 0) this.#emit('garbage', events);
		}
		this.#reset();
	}

	#begin(events: MllpEvent[]): number {
		this.#cut(events);
		this.#skip(1);
		this.#isInBlock = true;
		this.#start = this.#position;
		return 1;
	}

	#sawEnd(): number {
		if (!this.#isInBlock && this.#bytes.sizeBytes === 0) this.#start = this.#position;
		this.#isAfterEnd = true;
		return this.#skip(1);
	}

	#afterEnd(byte: number, events: MllpEvent[]): number {
		this.#finish(byte === CR ? 'block' : 'missing-carriage-return', events);
		// Any other byte already belongs to what follows.
		return byte === CR ? this.#skip(1) : 0;
	}

	#finish(kind: 'block' | 'missing-carriage-return', events: MllpEvent[]): void {
		if (!this.#isDropping) this.#emit(this.#isInBlock ? kind : 'missing-start', events);
		this.#reset();
	}

	#content(chunk: Uint8Array, at: number, events: MllpEvent[]): number {
		let end = at + 1;
		while (end < chunk.length && chunk[end] !== VT && chunk[end] !== FS) end += 1;
		if (this.#isDropping) return this.#skip(end - at);
		if (!this.#isInBlock && this.#bytes.sizeBytes === 0) this.#start = this.#position;
		const { blockBytes, garbageBytes } = this.#limits;
		const room = (this.#isInBlock ? blockBytes : garbageBytes) - this.#bytes.sizeBytes;
		this.#bytes.add(chunk.subarray(at, Math.min(end, at + room)));
		if (end - at > room) {
			this.#emit('oversize', events);
			this.#isDropping = true;
		}
		return this.#skip(end - at);
	}
}

/** How a block is framed; what is left out or changed makes it wrong on purpose. */
export interface MllpFraming {
	readonly start: boolean;
	readonly end: 'FS CR' | 'FS' | 'CR' | 'none';
}

const ENDS: Readonly<Record<MllpFraming['end'], readonly number[]>> = {
	'FS CR': [FS, CR],
	FS: [FS],
	CR: [CR],
	none: [],
};

/** The bytes of one block, by default framed properly. */
export function encodeMllp(
	content: Uint8Array,
	framing: MllpFraming = { start: true, end: 'FS CR' },
): Uint8Array {
	const start = framing.start ? [VT] : [];
	const end = ENDS[framing.end];
	const bytes = new Uint8Array(start.length + content.length + end.length);
	bytes.set(start);
	bytes.set(content, start.length);
	bytes.set(end, start.length + content.length);
	return bytes;
}

/**
 * The offset of the first VT or FS in content: inside a block it would begin or end one. Escapes keep
 * such bytes out of all sets of one byte; in UTF-16 they are parts of common characters (U+010B,
 * U+1C00), so what MLLP carries is better UTF-8. undefined: the content can be framed.
 */
export function clashWithMllp(content: Uint8Array): number | undefined {
	const offset = content.findIndex((byte) => byte === VT || byte === FS);
	return offset < 0 ? undefined : offset;
}
