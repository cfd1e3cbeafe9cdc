import { EventQueue } from '#lib/kernel/event-queue.ts';
import type { Trace, TraceEvent } from '#lib/kernel/trace.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { ArpFrame, IpFrame, SegmentFrame, Tap } from './frame.ts';
import { DEFAULT_TTL, type Flow, type IcmpEcho, type IcmpError, type TcpHeader } from './packet.ts';
import { WINDOW } from './tcp-carrier.ts';

interface Seen {
	readonly timeUs: Micros;
	readonly host: string;
	readonly nic: number;
	readonly direction: 'in' | 'out';
	readonly sourceMac: string;
	readonly destinationMac: string;
}

export interface CapturedIp extends Seen, Flow {
	readonly kind: 'ip';
	/** When it left its sender, wherever it is seen. */
	readonly departedUs: Micros;
	/** Which of the packets of one write it is, from 0. */
	readonly segment: number;
	/** As it was at this tap: each router before took one. */
	readonly ttl: number;
	readonly dontFragment: boolean;
	readonly pieces: readonly Uint8Array[];
	readonly payloadBytes: number;
	readonly tcp?: TcpHeader;
	readonly echo?: IcmpEcho;
	readonly error?: IcmpError;
	/** For {@link cutSegments}: the largest payload of one packet, how much of it left, and for how long. */
	readonly mssBytes: number;
	readonly sentBytes: number;
	readonly serialiseUs: number;
}

export interface CapturedArp extends Seen {
	readonly kind: 'arp';
	readonly operation: 'request' | 'reply';
	readonly senderMac: string;
	readonly senderAddress: string;
	readonly targetMac: string;
	readonly targetAddress: string;
}

/** What a tap saw. A long TCP write is one packet here until {@link cutSegments}. */
export type CapturedPacket = CapturedIp | CapturedArp;

export interface CaptureOptions {
	/** Both ends included; everything unless told otherwise. */
	fromUs?: Micros;
	toUs?: Micros;
	/** One NIC only. */
	nic?: number;
	filter?: (packet: CapturedPacket) => boolean;
}

/** What a capture program on a host would have seen, in time order: a projection of the trace. */
export function captureAt(
	trace: Trace,
	host: string,
	options: CaptureOptions = {},
): CapturedPacket[] {
	const { fromUs = -Infinity, toUs = Infinity } = options;
	const seen: CapturedPacket[] = [];
	for (const event of trace.events) {
		// A frame is recorded when it departs, so none that is recorded later can be seen earlier.
		if (event.timeUs > toUs) break;
		if (!isFrame(event)) continue;
		for (const packet of packetsOf(event, host, options)) {
			if (packet.timeUs >= fromUs && packet.timeUs <= toUs) seen.push(packet);
		}
	}
	return seen.sort((a, b) => a.timeUs - b.timeUs);
}

/**
 * What a capture program on a host would have seen, cut into the packets that were on the wire and in time
 * order. Nothing is collected: only writes that are on the wire at the same time wait for each other.
 */
export function* segmentsAt(
	trace: Trace,
	host: string,
	options: CaptureOptions = {},
): Generator<CapturedPacket, void, undefined> {
	const { fromUs = -Infinity, toUs = Infinity } = options;
	const merge = new TimeMerge();
	for (const event of trace.events) {
		if (event.timeUs > toUs) break;
		if (!isFrame(event)) continue;
		yield* inside(merge.until(event.timeUs), fromUs, toUs);
		for (const packet of packetsOf(event, host, options)) merge.add(cutSegments([packet]));
	}
	yield* inside(merge.until(Infinity), fromUs, toUs);
}

function* inside(
	packets: Iterable<CapturedPacket>,
	fromUs: Micros,
	toUs: Micros,
): Generator<CapturedPacket, void, undefined> {
	for (const packet of packets) {
		if (packet.timeUs >= fromUs && packet.timeUs <= toUs) yield packet;
	}
}

/** The packets of {@link captureAt}, cut and in time order. */
export function* segmentsInOrder(
	packets: Iterable<CapturedPacket>,
): Generator<CapturedPacket, void, undefined> {
	const merge = new TimeMerge();
	for (const packet of packets) {
		yield* merge.until(packet.timeUs);
		merge.add(cutSegments([packet]));
	}
	yield* merge.until(Infinity);
}

/** Cuts TCP writes into the segments that were on the wire, each at its own time. */
export function* cutSegments(packets: Iterable<CapturedPacket>): Generator<CapturedPacket> {
	for (const packet of packets) {
		if (packet.kind !== 'ip' || !packet.tcp || packet.payloadBytes === 0) yield packet;
		else yield* segmentsOf(packet, packet.tcp);
	}
}

/** Merges runs of packets, each in time order; at equal times the run that was added first goes first. */
class TimeMerge {
	readonly #waiting = new EventQueue();
	#next: CapturedPacket | undefined;

	add(run: Iterator<CapturedPacket>): void {
		const { done, value } = run.next();
		if (done) return;
		const packet: CapturedPacket = value;
		this.#waiting.push(packet.timeUs, () => {
			this.#next = packet;
			this.add(run);
		});
	}

	/** Takes the packets seen before this time. */
	*until(timeUs: Micros): Generator<CapturedPacket, void, undefined> {
		for (;;) {
			const first = this.#waiting.peek();
			if (!first || first.timeUs >= timeUs) return;
			this.#waiting.pop()?.run?.();
			if (this.#next) yield this.#next;
		}
	}
}

type Frame = IpFrame | SegmentFrame | ArpFrame;

function isFrame(event: TraceEvent): event is Frame {
	return event.kind === 'segment-frame' || event.kind === 'frame' || event.kind === 'arp-frame';
}

/** A frame as the NICs of a host saw it. */
function* packetsOf(
	frame: Frame,
	host: string,
	{ nic, filter }: CaptureOptions,
): Generator<CapturedPacket, void, undefined> {
	for (const tap of frame.taps) {
		if (tap.host !== host || (nic !== undefined && tap.nic !== nic)) continue;
		const packet = packetAt(frame, tap);
		if (!filter || filter(packet)) yield packet;
	}
}

function packetAt(frame: Frame, tap: Tap): CapturedPacket {
	const { host, nic, direction, sourceMac, destinationMac, ttl } = tap;
	const timeUs = frame.timeUs + tap.offsetUs;
	const seen = { timeUs, host, nic, direction, sourceMac, destinationMac };
	if (frame.kind === 'arp-frame') {
		const { operation, senderMac, senderAddress, targetMac, targetAddress } = frame;
		const arp = { operation, senderMac, senderAddress, targetMac, targetAddress };
		return { kind: 'arp', ...seen, ...arp };
	}
	if (frame.kind === 'segment-frame') return segmentAt(frame, { ...seen, ttl });
	const { timeUs: _timeUs, taps: _taps, ...fields } = frame;
	const whole = { mssBytes: frame.payloadBytes, sentBytes: frame.payloadBytes, serialiseUs: 0 };
	const departed = { departedUs: frame.timeUs, segment: 0 };
	return { ...fields, ...seen, ...departed, ttl, kind: 'ip', ...whole };
}

function segmentAt(frame: SegmentFrame, seen: Seen & { ttl: number }): CapturedIp {
	const { initialSeq, peerInitialSeq, ...flow } = frame.flow;
	const { pieces, payloadBytes, mssBytes, sentBytes, serialiseUs } = frame;
	const { relativeSeq, relativeAck, flags } = frame;
	return {
		...seen,
		...flow,
		kind: 'ip',
		departedUs: frame.timeUs,
		segment: 0,
		dontFragment: true,
		pieces,
		payloadBytes,
		mssBytes,
		sentBytes,
		serialiseUs,
		tcp: {
			flags,
			seq: (initialSeq + relativeSeq) % 2 ** 32,
			ack: (peerInitialSeq + relativeAck) % 2 ** 32,
			relativeSeq,
			relativeAck,
			window: WINDOW,
		},
	};
}

function* segmentsOf(packet: CapturedIp, tcp: TcpHeader): Generator<CapturedIp> {
	const { sentBytes, mssBytes, serialiseUs } = packet;
	const count = Math.ceil(sentBytes / mssBytes);
	// The sender's own tap sees a segment when its first bit leaves, all others when its last bit came.
	const atSource = packet.direction === 'out' && packet.ttl === DEFAULT_TTL ? 0 : 1;
	const reader = new PieceReader(packet.pieces);
	for (let i = 0; i < count; i++) {
		const offset = i * mssBytes;
		const payloadBytes = Math.min(mssBytes, sentBytes - offset);
		yield {
			...packet,
			segment: i,
			timeUs: packet.timeUs + Math.floor((serialiseUs * (i + atSource)) / count),
			pieces: reader.take(payloadBytes),
			payloadBytes,
			sentBytes: payloadBytes,
			serialiseUs: 0,
			tcp: {
				...tcp,
				flags: offset + payloadBytes === packet.payloadBytes ? 'P.' : '.',
				seq: (tcp.seq + offset) % 2 ** 32,
				relativeSeq: tcp.relativeSeq + offset,
			},
		};
	}
}

/** Hands out consecutive parts of a list of pieces as views. */
class PieceReader {
	#pieces: readonly Uint8Array[];
	#index = 0;
	#offset = 0;

	constructor(pieces: readonly Uint8Array[]) {
		this.#pieces = pieces;
	}

	take(sizeBytes: number): Uint8Array[] {
		const out: Uint8Array[] = [];
		let left = sizeBytes;
		for (let piece; left > 0 && (piece = this.#pieces[this.#index]);) {
			const part = piece.subarray(this.#offset, this.#offset + left);
			this.#offset += part.length;
			left -= part.length;
			if (part.length > 0) out.push(part);
			if (this.#offset === piece.length) {
				this.#index++;
				this.#offset = 0;
			}
		}
		return out;
	}
}
