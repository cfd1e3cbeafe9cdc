/** The byte stream of one direction of a TCP connection, put together from captured segments. */

export interface CapturedSegment {
	readonly seq: number;
	readonly syn: boolean;
	readonly fin: boolean;
	/** What was captured of the payload. */
	readonly payload: Uint8Array;
	/** How long it was on the wire: more than `payload` where the capture cut packets. */
	readonly payloadBytes: number;
}

export type StreamPart =
	/** The next bytes of the stream: a view on a segment. */
	| { readonly kind: 'data'; readonly offset: number; readonly bytes: Uint8Array }
	/** Bytes that were sent and are not in the capture. */
	| { readonly kind: 'gap'; readonly offset: number; readonly sizeBytes: number }
	/** The sender will send nothing more. */
	| { readonly kind: 'end'; readonly offset: number };

/** What was noticed about a segment besides its bytes. */
export type SegmentNotice = 'retransmission' | 'out-of-order' | 'overlap' | 'keep-alive';

export interface ReassemblyLimits {
	/** Payload kept for segments that wait for earlier ones. 16 MiB unless given. */
	readonly heldBytes?: number;
	/** And their number. 16,384 unless given. */
	readonly heldSegments?: number;
}

interface Held {
	readonly start: number;
	readonly end: number;
	readonly bytes: Uint8Array;
	readonly fin: boolean;
}

const DEFAULT_HELD_BYTES = 16 * 1024 * 1024;
const DEFAULT_HELD_SEGMENTS = 16_384;

/**
 * Puts segments in order, in the order of the capture. Offsets count from the first byte after SYN, or
 * from the first byte captured where the SYN was not, and do not wrap. Of bytes that come twice the
 * first ones count. A hole is given up, as a gap, when the receiver acknowledges what lies behind it,
 * when more waits than the limits allow, or at the end of the capture.
 */
export class TcpReassembler {
	readonly #heldBytesMax: number;
	readonly #heldSegmentsMax: number;
	/** The sequence number of offset 0; undefined before the first segment. */
	#base: number | undefined;
	#sawSyn = false;
	/** The offset of the next byte of the stream. */
	#next = 0;
	#ended = false;
	#held: Held[] = [];
	#heldBytes = 0;

	constructor(limits: ReassemblyLimits = {}) {
		this.#heldBytesMax = limits.heldBytes ?? DEFAULT_HELD_BYTES;
		this.#heldSegmentsMax = limits.heldSegments ?? DEFAULT_HELD_SEGMENTS;
	}

	/** Whether the stream is known from its first byte. */
	get sawSyn(): boolean {
		return this.#sawSyn;
	}

	/** Bytes of the stream so far, gaps included. */
	get sizeBytes(): number {
		return this.#next;
	}

	/** Whether a SYN with this sequence number would begin another connection. */
	startsAnew(seq: number): boolean {
		return this.#base !== undefined && (seq + 1) % 2 ** 32 !== this.#base;
	}

	/** Takes a segment: the parts of the stream it completed, and what was noticed. */
	push(segment: CapturedSegment): { parts: StreamPart[]; notice: SegmentNotice | undefined } {
		const first = segment.syn ? (segment.seq + 1) % 2 ** 32 : segment.seq;
		if (segment.syn) this.#sawSyn = true;
		this.#base ??= first;
		const start = this.#offsetOf(first);
		const { payload, payloadBytes, fin } = segment;
		if (payloadBytes === 0 && !fin) return { parts: [], notice: this.#silent(start, segment.syn) };
		if (this.#ended) return { parts: [], notice: 'retransmission' };
		const end = start + payloadBytes;
		if (end <= this.#next && !(fin && end === this.#next)) {
			const keepAlive = payloadBytes === 1 && start === this.#next - 1;
			return { parts: [], notice: keepAlive ? 'keep-alive' : 'retransmission' };
		}
		const notice = this.#noticeOf(start, end);
		this.#hold({ start, end, bytes: payload, fin });
		const parts = this.#release();
		while (this.#isOverfull()) parts.push(...this.#skipHole());
		return { parts, notice };
	}

	/** The receiver acknowledged everything before this sequence number. */
	acknowledge(ack: number): StreamPart[] {
		if (this.#base === undefined || this.#held.length === 0) return [];
		const acknowledged = this.#offsetOf(ack);
		const parts: StreamPart[] = [];
		while (this.#held.length > 0 && this.#held[0]!.start < acknowledged) {
			parts.push(...this.#skipHole());
		}
		return parts;
	}

	/** The capture has ended: what still waits, with the gaps before it. */
	finish(): StreamPart[] {
		const parts: StreamPart[] = [];
		while (this.#held.length > 0) parts.push(...this.#skipHole());
		return parts;
	}

	/** Sequence numbers wrap: the nearest to what comes next is meant. */
	#offsetOf(seq: number): number {
		const expected = ((this.#base ?? 0) + this.#next) % 2 ** 32;
		return this.#next + ((seq - expected) | 0);
	}

	#silent(start: number, syn: boolean): SegmentNotice | undefined {
		if (syn) return undefined;
		return start === this.#next - 1 && this.#next > 0 ? 'keep-alive' : undefined;
	}

	#noticeOf(start: number, end: number): SegmentNotice | undefined {
		if (start < this.#next) return 'overlap';
		const before = this.#held[this.#indexOf(end) - 1];
		if (before && before.end > start) {
			return before.start <= start && end <= before.end ? 'retransmission' : 'overlap';
		}
		return this.#held.length > this.#indexOf(end) ? 'out-of-order' : undefined;
	}

	#hold(one: Held): void {
		this.#held.splice(this.#indexOf(one.start), 0, one);
		this.#heldBytes += one.bytes.length;
	}

	/** Of the first segment held that begins at this offset or behind it. */
	#indexOf(offset: number): number {
		let low = 0;
		let high = this.#held.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#held[middle]!.start < offset) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#isOverfull(): boolean {
		return this.#held.length > this.#heldSegmentsMax || this.#heldBytes > this.#heldBytesMax;
	}

	/** Hands out what follows without a hole. */
	#release(): StreamPart[] {
		const parts: StreamPart[] = [];
		while (this.#held.length > 0 && this.#held[0]!.start <= this.#next) {
			const one = this.#held.shift()!;
			this.#heldBytes -= one.bytes.length;
			if (!this.#ended) this.#emit(one, parts);
		}
		return parts;
	}

	#emit({ start, end, bytes, fin }: Held, parts: StreamPart[]): void {
		const known = this.#next - start;
		if (bytes.length > known) {
			parts.push({ kind: 'data', offset: this.#next, bytes: bytes.subarray(known) });
			this.#next = start + bytes.length;
		}
		if (end > this.#next) {
			parts.push({ kind: 'gap', offset: this.#next, sizeBytes: end - this.#next });
			this.#next = end;
		}
		if (fin && end === this.#next) {
			this.#ended = true;
			parts.push({ kind: 'end', offset: this.#next });
		}
	}

	/** Gives up the first hole and hands out what lies behind it. */
	#skipHole(): StreamPart[] {
		const first = this.#held[0];
		if (!first) return [];
		const sizeBytes = first.start - this.#next;
		const parts: StreamPart[] = [];
		if (sizeBytes > 0) {
			parts.push({ kind: 'gap', offset: this.#next, sizeBytes });
			this.#next = first.start;
		}
		return [...parts, ...this.#release()];
	}
}
