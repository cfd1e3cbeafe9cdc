import type { TraceEvent } from '#lib/kernel/trace.ts';
import type { Flow, IcmpEcho, IcmpError, IpProtocol, TcpHeader } from './packet.ts';

/** A NIC where a frame can be seen, relative to the frame's departure. Shared by all frames of a path. */
export interface Tap {
	readonly host: string;
	readonly nic: number;
	readonly direction: 'in' | 'out';
	readonly offsetUs: number;
	readonly ttl: number;
	readonly sourceMac: string;
	readonly destinationMac: string;
}

/**
 * A packet that left a host: part of a TCP handshake, a reset, a datagram or an ICMP message. It refers to
 * the bytes and to the path, and copies neither.
 */
export interface IpFrame extends TraceEvent, Flow {
	readonly kind: 'frame';
	readonly protocol: IpProtocol;
	readonly ttl: number;
	readonly dontFragment: boolean;
	readonly pieces: readonly Uint8Array[];
	readonly payloadBytes: number;
	readonly tcp?: TcpHeader;
	readonly echo?: IcmpEcho;
	readonly error?: IcmpError;
	readonly taps: readonly Tap[];
}

/** What all segments of one direction of a connection share; one object per stream. */
export interface StreamFlow extends Flow {
	readonly initialSeq: number;
	readonly peerInitialSeq: number;
}

/**
 * A write or an acknowledgement of an established stream: one trace event, whatever the number of segments
 * it takes on the wire. Kept small, because there are many.
 */
export interface SegmentFrame extends TraceEvent {
	readonly kind: 'segment-frame';
	readonly flow: StreamFlow;
	readonly flags: '.' | 'P.' | 'F.';
	/** Counted from the initial sequence numbers. */
	readonly relativeSeq: number;
	readonly relativeAck: number;
	readonly pieces: readonly Uint8Array[];
	readonly payloadBytes: number;
	/** Largest payload of one packet on the wire. */
	readonly mssBytes: number;
	/** How much of the payload left: a sender whose first segments are not acknowledged stops. */
	readonly sentBytes: number;
	/** Time from the first bit to the last on the slowest link. */
	readonly serialiseUs: number;
	readonly taps: readonly Tap[];
}

/** An ARP request or reply. */
export interface ArpFrame extends TraceEvent {
	readonly kind: 'arp-frame';
	readonly operation: 'request' | 'reply';
	readonly senderMac: string;
	readonly senderAddress: string;
	readonly targetMac: string;
	readonly targetAddress: string;
	readonly taps: readonly Tap[];
}

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';
export const UNKNOWN_MAC = '00:00:00:00:00:00';
