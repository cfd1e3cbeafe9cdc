import { seconds, milliseconds } from '#lib/kernel/time.ts';
import type { Waitable, Resume } from '#lib/kernel/process.ts';
import type { SegmentFrame, StreamFlow, Tap } from './frame.ts';
import { tooNarrow } from './ip-layer.ts';
import {
	IP_HEADER_BYTES,
	type Flow,
	type IpPacket,
	type Segment,
	type SegmentVerdict,
	type TcpFlags,
} from './packet.ts';
import type { MtuLimit, Path } from './path.ts';
import { controlPacket, socketKey, type TcpCarrier } from './tcp-carrier.ts';
import { TransmitQueue } from './transmit-queue.ts';

const NO_PIECES: readonly Uint8Array[] = [];
const HEADERS_BYTES = IP_HEADER_BYTES + 20;
const FIRST_RETRANSMISSION_US = milliseconds(200);
const LONGEST_RETRANSMISSION_US = seconds(120);
/** A sender without acknowledgement stops after its initial window (RFC 6928). */
const INITIAL_WINDOW_SEGMENTS = 10;

/** What a reader gets. The last three end the stream and are given again to whoever reads on. */
export type StreamEvent =
	| { readonly kind: 'data'; readonly pieces: readonly Uint8Array[] }
	| { readonly kind: 'end' }
	| { readonly kind: 'reset' }
	/** This side's data was retransmitted until its patience ended. */
	| { readonly kind: 'timeout' };

/** As `netstat` names them. TIME-WAIT is kept by the host, not by a stream. */
export type TcpState =
	'SYN_RECEIVED' | 'ESTABLISHED' | 'FIN_WAIT' | 'CLOSE_WAIT' | 'LAST_ACK' | 'CLOSED';

export interface SocketAddress {
	readonly address: string;
	readonly port: number;
}

interface StreamStart {
	flow: Flow;
	initialSeq: number;
	peerInitialSeq: number;
	mssBytes: number;
	state: 'SYN_RECEIVED' | 'ESTABLISHED';
}

/**
 * One end of a TCP connection: a byte stream in virtual time. A write is one event, whatever its size; it
 * arrives after latency plus size over the slowest link's bandwidth, complete and in order. The way is
 * found at the time of transmission, and acknowledgements need the way back: when either fails the
 * write is repeated with back-off until it gets through or the host's retries are used up.
 *
 * Flow control is not modelled: a reader that does not read lets its host's buffer grow.
 */
export class TcpStream {
	/** Tells a stream from a failure to connect. */
	readonly kind = 'connected';
	readonly local: SocketAddress;
	readonly remote: SocketAddress;
	readonly #flow: StreamFlow;
	readonly #key: string;
	readonly #peerKey: string;
	readonly #carrier: TcpCarrier;
	#mssBytes: number;
	#state: TcpState;
	#path: Path | undefined;
	#queue = new TransmitQueue();
	#writtenBytes = 0;
	#busyUntilUs = 0;
	#lastArrivalUs = 0;
	#pumpAtUs = -1;
	#retries = 0;
	#stalled = false;
	#cancelTimer: (() => void) | undefined;
	#finSent = false;
	#finAcknowledged = false;
	#finReceived = false;
	#receivedBytes = 0;
	#arrived: StreamEvent[] = [];
	#last: StreamEvent | undefined;
	#reader: Resume<StreamEvent> | undefined;

	/** Made by the host's TCP only. */
	constructor(carrier: TcpCarrier, start: StreamStart) {
		this.#carrier = carrier;
		const { flow, initialSeq, peerInitialSeq } = start;
		this.#flow = { ...flow, initialSeq, peerInitialSeq };
		this.local = { address: start.flow.source, port: start.flow.sourcePort };
		this.remote = { address: start.flow.destination, port: start.flow.destinationPort };
		this.#key = socketKey(start.flow);
		this.#peerKey = `${this.remote.address}:${this.remote.port} ${this.local.address}:${this.local.port}`;
		this.#mssBytes = start.mssBytes;
		this.#state = start.state;
	}

	/** Whether this side may write. A peer that closed its direction does not change that. */
	get open(): boolean {
		return this.#state === 'ESTABLISHED' || this.#state === 'CLOSE_WAIT';
	}

	/** The sequence number of its SYN. */
	get initialSeq(): number {
		return this.#flow.initialSeq;
	}

	get state(): TcpState {
		return this.#state;
	}

	/** Bytes written that the peer has not acknowledged yet (`Send-Q`). */
	get unacknowledgedBytes(): number {
		return this.#queue.sizeBytes;
	}

	/** Bytes that arrived and were not read yet (`Recv-Q`). */
	get unreadBytes(): number {
		let total = 0;
		for (const event of this.#arrived) {
			if (event.kind === 'data') for (const piece of event.pieces) total += piece.length;
		}
		return total;
	}

	/**
	 * Sends the pieces, which must not be changed afterwards: they are neither joined nor copied. Without
	 * effect when the stream is not open; the reader learns why.
	 */
	write(pieces: readonly Uint8Array[]): void {
		if (!this.open) return;
		let sizeBytes = 0;
		for (const piece of pieces) sizeBytes += piece.length;
		if (sizeBytes === 0) return;
		this.#queue.push({ pieces, sizeBytes, offset: this.#writtenBytes, fin: false });
		this.#writtenBytes += sizeBytes;
		this.#pump();
	}

	/** What arrives next; one reader at a time. The end of the stream is repeated to later readers. */
	read(): Waitable<StreamEvent> {
		return { subscribe: (resume) => this.#subscribe(resume) };
	}

	/** Ends this direction (FIN) after everything written. Reading goes on until the peer ends its own. */
	close(): void {
		if (!this.open) return;
		this.#state = this.#state === 'CLOSE_WAIT' ? 'LAST_ACK' : 'FIN_WAIT';
		this.#finSent = true;
		this.#queue.push({ pieces: [], sizeBytes: 0, offset: this.#writtenBytes, fin: true });
		this.#pump();
	}

	/** Breaks the connection at once (RST); nothing that was written before is retransmitted. */
	reset(): void {
		if (this.#state === 'CLOSED') return;
		this.#sendControl('R.', 'reset');
		this.#finish({ kind: 'reset' });
	}

	/** The host lost power or the peer sent RST. */
	abandon(): void {
		if (this.#state !== 'CLOSED') this.#finish({ kind: 'reset' });
	}

	/** The third packet of the handshake, or data in its place, reached an accepted stream. */
	completeHandshake(): void {
		if (this.#state !== 'SYN_RECEIVED') return;
		this.#state = 'ESTABLISHED';
		this.#carrier.established(this.#key);
	}

	/** A segment of the peer arrived. The verdict tells the peer's side whether our acknowledgement gets back. */
	receive(segment: Segment): SegmentVerdict {
		this.completeHandshake();
		if (segment.offset > this.#receivedBytes) return 'lost';
		const fresh = segment.fin ? !this.#finReceived : segment.offset === this.#receivedBytes;
		const returns = this.#acknowledge(segment, fresh);
		if (!fresh) return returns;
		if (segment.fin) this.#receiveFin();
		else {
			this.#receivedBytes += segment.sizeBytes;
			this.#hand({ kind: 'data', pieces: segment.pieces });
		}
		return returns;
	}

	/** A router asks for smaller packets (RFC 1191): the stream goes on with segments that fit. */
	shrink(mtuBytes: number): void {
		this.#mssBytes = Math.min(this.#mssBytes, mtuBytes - HEADERS_BYTES);
		if (!this.#stalled || this.#queue.inFlight > 0) return;
		this.#cancelTimer?.();
		this.#transmitFirst();
	}

	#subscribe(resume: Resume<StreamEvent>): () => void {
		const ready = this.#arrived.shift() ?? this.#last;
		if (ready) {
			resume({ ok: true, value: ready });
			return () => undefined;
		}
		if (this.#reader) throw new Error(`two readers of the stream ${this.#key}`);
		this.#reader = resume;
		return () => {
			if (this.#reader === resume) this.#reader = undefined;
		};
	}

	#hand(event: StreamEvent): void {
		const reader = this.#reader;
		this.#reader = undefined;
		if (event.kind !== 'data') this.#last = event;
		if (reader) reader({ ok: true, value: event });
		else if (event.kind === 'data') this.#arrived.push(event);
	}

	#receiveFin(): void {
		this.#finReceived = true;
		if (this.#state === 'ESTABLISHED') this.#state = 'CLOSE_WAIT';
		if (this.#finAcknowledged) this.#closeBoth(true);
		this.#hand({ kind: 'end' });
	}

	#closeBoth(linger: boolean): void {
		this.#state = 'CLOSED';
		this.#cancelTimer?.();
		this.#carrier.forget(this.#key, linger);
	}

	#finish(event: StreamEvent): void {
		this.#closeBoth(false);
		this.#queue.clear();
		this.#hand(event);
	}

	/** Sends what is waiting, as soon as the slowest link has taken what was sent before. */
	#pump(): void {
		const { kernel } = this.#carrier.ip;
		while (!this.#stalled && this.#queue.waiting > 0) {
			if (this.#busyUntilUs > kernel.nowUs) {
				if (this.#pumpAtUs === this.#busyUntilUs) return;
				this.#pumpAtUs = this.#busyUntilUs;
				kernel.at(this.#busyUntilUs, () => {
					if (this.#state !== 'CLOSED') this.#pump();
				});
				return;
			}
			this.#transmitFirst();
		}
	}

	#transmitFirst(): void {
		const segment = this.#queue.first();
		if (!segment) return;
		const path = this.#currentPath();
		const limit = tooNarrow(path, Math.min(segment.sizeBytes, this.#mssBytes) + HEADERS_BYTES);
		if (path.end.kind === 'delivered' && !limit) this.#launch(segment, path);
		else {
			this.#record(segment, path, true);
			this.#stall();
			if (limit) this.#tooBig(segment, limit);
			else if (path.end.kind === 'reset') this.#resetAfter(path.end.delayUs);
		}
	}

	#launch(segment: Segment, path: Path): void {
		const { kernel } = this.#carrier.ip;
		const serialiseUs = Math.ceil((segment.sizeBytes + HEADERS_BYTES) * path.usPerByte);
		const repairUs = path.lossyNics.length > 0 ? this.#repairUs(segment, path) : 0;
		this.#busyUntilUs = kernel.nowUs + serialiseUs + repairUs;
		this.#lastArrivalUs = Math.max(this.#lastArrivalUs, this.#busyUntilUs + path.latencyUs);
		this.#queue.launch();
		if (segment.fin) noteFin(path);
		this.#record(segment, path, false);
		const { end } = path;
		if (end.kind !== 'delivered') return;
		kernel.at(this.#lastArrivalUs, () => {
			const verdict = end.node.up ? end.node.handlers?.segment(this.#peerKey, segment) : 'lost';
			this.#settle(segment, verdict ?? 'lost');
		});
	}

	#settle(segment: Segment, verdict: SegmentVerdict): void {
		if (this.#state === 'CLOSED' || !this.#queue.holds(segment)) return;
		if (verdict === 'acknowledged') {
			this.#queue.acknowledge(segment);
			this.#stalled = false;
			this.#retries = 0;
			this.#cancelTimer?.();
			this.#cancelTimer = undefined;
			if (segment.fin) {
				this.#finAcknowledged = true;
				if (this.#finReceived) this.#closeBoth(this.#state === 'FIN_WAIT');
			}
			if (this.#queue.waiting > 0) this.#pump();
		} else {
			this.#queue.takeBack();
			// With 'no-socket' the peer's host answers with RST, which ends this stream if it gets through.
			this.#stall();
		}
	}

	#stall(): void {
		this.#stalled = true;
		const { ip, settings } = this.#carrier;
		const waitUs = Math.min(
			FIRST_RETRANSMISSION_US * 2 ** this.#retries,
			LONGEST_RETRANSMISSION_US,
		);
		this.#cancelTimer?.();
		this.#cancelTimer = ip.kernel.after(waitUs, () => {
			if (this.#state === 'CLOSED') return;
			if (this.#retries >= settings.dataRetries) this.#finish({ kind: 'timeout' });
			else {
				this.#retries++;
				this.#transmitFirst();
			}
		});
	}

	/** Each damaged segment costs a retransmission timeout, as when a half-duplex port loses the end of a burst. */
	#repairUs(segment: Segment, path: Path): number {
		const { kernel } = this.#carrier.ip;
		const count = Math.max(1, Math.ceil(segment.sizeBytes / this.#mssBytes));
		let damaged = 0;
		for (const nic of path.lossyNics) {
			const expected = count * nic.lossPerThousand;
			const random = kernel.random(`damage ${nic.hostId} ${nic.index}`);
			const here = Math.floor(expected / 1_000) + (random.chance(expected % 1_000, 1_000) ? 1 : 0);
			nic.errorCount += here;
			damaged += here;
		}
		return damaged * FIRST_RETRANSMISSION_US;
	}

	#tooBig(segment: Segment, limit: MtuLimit): void {
		const { ip, node } = this.#carrier;
		const packet = this.#packet(segment, Math.min(segment.sizeBytes, this.#mssBytes));
		ip.reportTooBig(node, packet, limit, (error) => {
			if (error.kind === 'too-big') this.shrink(error.mtuBytes);
		});
	}

	#resetAfter(delayUs: number): void {
		this.#carrier.ip.kernel.after(delayUs, () => {
			this.abandon();
		});
	}

	#currentPath(): Path {
		const { ip, node } = this.#carrier;
		if (!this.#path || !ip.holds(this.#path)) {
			this.#path = ip.path(node, this.#flow, 'established');
		}
		return this.#path;
	}

	/** Whether the acknowledgement gets back; its frame is recorded. */
	#acknowledge(segment: Segment, fresh: boolean): SegmentVerdict {
		const path = this.#currentPath();
		if (this.#carrier.ip.capture) {
			const ackBytes =
				this.#receivedBytes +
				(fresh ? segment.sizeBytes : 0) +
				Number(segment.fin || this.#finReceived);
			const sentBytes =
				this.#queue.nextOffset(this.#writtenBytes) +
				Number(this.#finSent && this.#queue.waiting === 0);
			this.#recordFrame('.', sentBytes, ackBytes, NO_PIECES, 0, 0, path, path.taps);
		}
		return path.end.kind === 'delivered' ? 'acknowledged' : 'lost';
	}

	#sendControl(flags: TcpFlags, stage: 'established' | 'reset'): void {
		const { ip, node } = this.#carrier;
		const numbers = this.#numbers(this.#queue.nextOffset(this.#writtenBytes), this.#receivedBytes);
		ip.send(node, controlPacket(this.#flow, stage, { flags, ...numbers }));
	}

	#numbers(sentBytes: number, ackBytes: number) {
		return {
			seq: (this.#flow.initialSeq + 1 + sentBytes) % 2 ** 32,
			ack: (this.#flow.peerInitialSeq + 1 + ackBytes) % 2 ** 32,
			relativeSeq: 1 + sentBytes,
			relativeAck: 1 + ackBytes,
		};
	}

	#packet(segment: Segment, payloadBytes: number): IpPacket {
		const flags = segment.fin ? 'F.' : 'P.';
		const ackBytes = this.#receivedBytes + Number(this.#finReceived);
		const header = { flags, ...this.#numbers(segment.offset, ackBytes) } as const;
		const packet = controlPacket(this.#flow, 'established', header);
		return { ...packet, pieces: segment.pieces, payloadBytes };
	}

	#record(segment: Segment, path: Path, lost: boolean): void {
		const { ip } = this.#carrier;
		if (!ip.capture) return;
		const segments = this.#retries === 0 ? INITIAL_WINDOW_SEGMENTS : 1;
		const { sizeBytes } = segment;
		const sentBytes = lost ? Math.min(sizeBytes, segments * this.#mssBytes) : sizeBytes;
		const limit = tooNarrow(path, Math.min(sizeBytes, this.#mssBytes) + HEADERS_BYTES);
		this.#recordFrame(
			segment.fin ? 'F.' : 'P.',
			segment.offset,
			this.#receivedBytes + Number(this.#finReceived),
			segment.pieces,
			sizeBytes,
			sentBytes,
			path,
			ip.tapsOf(path, limit),
		);
	}

	#recordFrame(
		flags: SegmentFrame['flags'],
		sentBefore: number,
		receivedBefore: number,
		pieces: readonly Uint8Array[],
		payloadBytes: number,
		sentBytes: number,
		path: Path,
		taps: readonly Tap[],
	): void {
		if (taps.length === 0) return;
		const { kernel } = this.#carrier.ip;
		const frame: SegmentFrame = {
			timeUs: kernel.nowUs,
			kind: 'segment-frame',
			flow: this.#flow,
			flags,
			relativeSeq: 1 + sentBefore,
			relativeAck: 1 + receivedBefore,
			pieces,
			payloadBytes,
			mssBytes: this.#mssBytes,
			sentBytes,
			serialiseUs: Math.ceil((sentBytes + HEADERS_BYTES) * path.usPerByte),
			taps,
		};
		kernel.trace.append(frame);
	}
}

/** The firewalls on the way see a FIN. */
function noteFin(path: Path): void {
	for (const { session, reverse } of path.sessions) {
		if (reverse) session.finishedBackward = true;
		else session.finishedForward = true;
	}
}
