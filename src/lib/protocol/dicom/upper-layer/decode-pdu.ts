import { ByteCursor, MalformedPdu } from './byte-cursor.ts';
import type { DefectReason } from './byte-cursor.ts';
import { decodeBody, decodeDataApart } from './decode-body.ts';
import { Fifo } from './fifo.ts';
import type { Pdu } from './pdu.ts';
import { PDU_HEADER_BYTES, PDU_TYPE } from './wire-codes.ts';

/**
 * The largest PDU length fields believed, in bytes after the header; checked before anything is
 * allocated.
 */
export interface PduReaderLimits {
	/** P-DATA-TF. */
	dataBytes: number;
	/** Every other PDU. */
	otherBytes: number;
}

/** Bytes of the peer that are no PDU: Evt19 of PS3.8 table 9-10. */
export interface PduDefect {
	kind: 'defect';
	/** What an A-ABORT from the service provider says about it (PS3.8 table 9-26). */
	reason: DefectReason;
	/** For logs, English. */
	explanation: string;
}

interface PduHeader {
	pduKind: Pdu['kind'];
	bodyBytes: number;
}

const KIND_BY_TYPE = new Map<number, Pdu['kind']>(
	(Object.keys(PDU_TYPE) as Pdu['kind'][]).map((kind) => [PDU_TYPE[kind], kind]),
);

/** Up to here a PDU in pieces gets its whole buffer at once, when so much of it has come. */
const SMALL_PDU_BYTES = 64 * 1024;
const EARNEST_BYTES = 1024;

/** The PDU header, and the item length, context id and control header of the first PDV (PS3.8 9.3.5). */
const DATA_HEADER_BYTES = PDU_HEADER_BYTES + 6;

const EMPTY = new Uint8Array(0);

/**
 * Cuts a byte stream into PDUs. Chunks may be cut anywhere. A PDU that lies in one chunk is decoded
 * in place and its data are views on that chunk, so a chunk must not be changed after `push`. So is
 * a P-DATA-TF whose only PDV has its headers in one chunk and its data in the next, as `encodePdu`
 * hands them out; any other PDU that spans chunks is copied once. The work is linear in the bytes
 * received.
 *
 * Never throws. A defect uses up the PDU it was found in: the declared length is skipped as it
 * arrives, without being stored, and reading goes on behind it, so that in Sta13 a following
 * A-ABORT is still seen.
 */
export class PduReader {
	readonly #limits: PduReaderLimits;
	readonly #chunks = new Fifo<Uint8Array>();
	/** What is left of the chunk being read. */
	#current: Uint8Array = EMPTY;
	/** The beginning of a PDU that spans chunks; its first `#partialBytes` are filled. */
	#partial: Uint8Array = EMPTY;
	#partialBytes = 0;
	/** Of the partial PDU, once its 6 bytes were there and found acceptable. */
	#header: PduHeader | undefined;
	#skipBytes = 0;

	constructor(limits: PduReaderLimits) {
		this.#limits = limits;
	}

	push(chunk: Uint8Array): void {
		if (chunk.length > 0) this.#chunks.push(chunk);
	}

	/** The next PDU or defect, or undefined when more bytes are needed. */
	next(): Pdu | PduDefect | undefined {
		while (this.#fillCurrent()) {
			if (this.#skipBytes > 0) {
				const count = Math.min(this.#skipBytes, this.#current.length);
				this.#skipBytes -= count;
				this.#current = this.#current.subarray(count);
				continue;
			}
			const found = this.#partialBytes > 0 ? this.#continuePartial() : this.#readInPlace();
			if (found) return found;
		}
		return undefined;
	}

	#fillCurrent(): boolean {
		if (this.#current.length > 0) return true;
		this.#current = this.#chunks.shift() ?? EMPTY;
		return this.#current.length > 0;
	}

	#readInPlace(): Pdu | PduDefect | undefined {
		const bytes = this.#current;
		if (bytes.length < PDU_HEADER_BYTES) {
			this.#appendToPartial(bytes.length);
			return undefined;
		}
		const header = this.#readHeader(bytes);
		if ('kind' in header) {
			this.#current = bytes.subarray(PDU_HEADER_BYTES);
			return header;
		}
		const end = PDU_HEADER_BYTES + header.bodyBytes;
		if (bytes.length >= end) {
			this.#current = bytes.subarray(end);
			return decode(header.pduKind, bytes.subarray(PDU_HEADER_BYTES, end));
		}
		this.#header = header;
		this.#appendToPartial(bytes.length, end);
		return undefined;
	}

	#continuePartial(): Pdu | PduDefect | undefined {
		if (!this.#header) {
			this.#appendToPartial(Math.min(PDU_HEADER_BYTES - this.#partialBytes, this.#current.length));
			if (this.#partialBytes < PDU_HEADER_BYTES) return undefined;
			const header = this.#readHeader(this.#partial);
			if ('kind' in header) {
				this.#dropPartial();
				return header;
			}
			this.#header = header;
		}
		const { pduKind, bodyBytes } = this.#header;
		const end = PDU_HEADER_BYTES + bodyBytes;
		if (pduKind === 'P-DATA-TF' && this.#partialBytes === DATA_HEADER_BYTES) {
			const apart = this.#readDataApart(end - DATA_HEADER_BYTES);
			if (apart) return apart;
		}
		this.#appendToPartial(Math.min(end - this.#partialBytes, this.#current.length), end);
		if (this.#partialBytes < end) return undefined;
		const body = this.#partial.subarray(PDU_HEADER_BYTES, end);
		this.#dropPartial();
		return decode(pduKind, body);
	}

	/** The data of a P-DATA-TF as a view on the current chunk, when they lie there whole and alone. */
	#readDataApart(dataBytes: number): Pdu | PduDefect | undefined {
		if (this.#current.length < dataBytes) return undefined;
		const header = new ByteCursor(this.#partial, PDU_HEADER_BYTES);
		const whole = this.#current.length === dataBytes;
		const data = whole ? this.#current : this.#current.subarray(0, dataBytes);
		const pdu = orDefect(() => decodeDataApart(header, data));
		if (!pdu) return undefined;
		this.#current = whole ? EMPTY : this.#current.subarray(dataBytes);
		this.#dropPartial();
		return pdu;
	}

	/** The buffer is given up, not reused: views handed out may lie in it. */
	#dropPartial(): void {
		this.#partial = EMPTY;
		this.#partialBytes = 0;
		this.#header = undefined;
	}

	/** Moves bytes of the current chunk to the partial PDU, of which `totalBytes` are expected. */
	#appendToPartial(count: number, totalBytes = 0): void {
		const needed = this.#partialBytes + count;
		if (this.#partialBytes === 0) {
			// The end of a chunk stays a view: it is full, so that whatever follows makes it a copy.
			this.#partial = this.#current;
			this.#partialBytes = count;
			this.#current = EMPTY;
			return;
		}
		if (needed > this.#partial.length) {
			// Doubling keeps the copying linear; what a peer merely declares does not buy memory.
			const wanted =
				needed < EARNEST_BYTES ? 2 * needed : Math.max(2 * this.#partial.length, SMALL_PDU_BYTES);
			const sizeBytes =
				needed <= DATA_HEADER_BYTES
					? DATA_HEADER_BYTES
					: Math.max(needed, Math.min(wanted, totalBytes));
			const grown = new Uint8Array(sizeBytes);
			grown.set(this.#partial.subarray(0, this.#partialBytes));
			this.#partial = grown;
		}
		this.#partial.set(this.#current.subarray(0, count), this.#partialBytes);
		this.#partialBytes = needed;
		this.#current = this.#current.subarray(count);
	}

	#readHeader(bytes: Uint8Array): PduHeader | PduDefect {
		const cursor = new ByteCursor(bytes);
		const type = cursor.u8('PDU type');
		cursor.u8('reserved byte');
		const bodyBytes = cursor.u32('PDU length');
		const pduKind = KIND_BY_TYPE.get(type);
		if (!pduKind) {
			this.#skipBytes = bodyBytes;
			const hex = type.toString(16).padStart(2, '0');
			return { kind: 'defect', reason: 1, explanation: `PDU type 0x${hex} does not exist` };
		}
		const limit = pduKind === 'P-DATA-TF' ? this.#limits.dataBytes : this.#limits.otherBytes;
		if (bodyBytes > limit) {
			this.#skipBytes = bodyBytes;
			const explanation = `${pduKind} of ${bodyBytes} bytes, at most ${limit} are taken`;
			return { kind: 'defect', reason: 6, explanation };
		}
		return { pduKind, bodyBytes };
	}
}

function decode(kind: Pdu['kind'], body: Uint8Array): Pdu | PduDefect {
	return orDefect(() => decodeBody(kind, body));
}

function orDefect<T>(read: () => T): T | PduDefect {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof MalformedPdu)) throw error;
		return { kind: 'defect', reason: error.reason, explanation: error.message };
	}
}
