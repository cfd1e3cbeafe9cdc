/** What travels: IP packets as plain data. Sizes in bytes. */

export type IpProtocol = 'tcp' | 'udp' | 'icmp';

/** Both ends of a conversation as one packet names them. For an ICMP echo the request's source port is its identifier. */
export interface Flow {
	readonly protocol: IpProtocol;
	readonly source: string;
	readonly sourcePort: number;
	readonly destination: string;
	readonly destinationPort: number;
}

/**
 * What a packet means to a stateful firewall: it opens a flow, belongs to one, ends one half (FIN) or all
 * (RST) of it, or reports an error about one (ICMP).
 */
export type FlowStage = 'open' | 'established' | 'fin' | 'reset' | 'related';

/** TCP flags as tcpdump prints them: S, S., ., P., F., R, R. */
export type TcpFlags = 'S' | 'S.' | '.' | 'P.' | 'F.' | 'R' | 'R.';

export interface TcpHeader {
	readonly flags: TcpFlags;
	/** Absolute, modulo 2^32. */
	readonly seq: number;
	readonly ack: number;
	/** Counted from each side's initial sequence number. */
	readonly relativeSeq: number;
	readonly relativeAck: number;
	readonly window: number;
	/** Only in SYN and SYN-ACK. */
	readonly mssBytes?: number;
}

export type IcmpErrorKind =
	| 'net-unreachable'
	| 'host-unreachable'
	| 'port-unreachable'
	| 'fragmentation-needed'
	| 'prohibited'
	| 'time-exceeded';

/** ICMP type and code of each error (RFC 792; code 13 RFC 1812 5.2.7.1). */
export const ICMP_ERROR_NUMBERS: Record<IcmpErrorKind, { type: number; code: number }> = {
	'net-unreachable': { type: 3, code: 0 },
	'host-unreachable': { type: 3, code: 1 },
	'port-unreachable': { type: 3, code: 3 },
	'fragmentation-needed': { type: 3, code: 4 },
	prohibited: { type: 3, code: 13 },
	'time-exceeded': { type: 11, code: 0 },
};

export interface IcmpEcho {
	readonly kind: 'echo-request' | 'echo-reply';
	readonly identifier: number;
	readonly sequence: number;
}

export interface IcmpError {
	readonly kind: IcmpErrorKind;
	/** The flow of the packet it is about. */
	readonly about: Flow;
	readonly aboutSizeBytes: number;
	/** TCP sequence number, or echo sequence, of the packet it is about. */
	readonly aboutSequence: number;
	/** With fragmentation-needed. */
	readonly mtuBytes?: number;
}

export interface IpPacket extends Flow {
	readonly stage: FlowStage;
	readonly ttl: number;
	readonly dontFragment: boolean;
	/** TCP or UDP payload. An ICMP echo has none here, only its size: its content is a fixed pattern. */
	readonly pieces: readonly Uint8Array[];
	/** Bytes after the transport header. */
	readonly payloadBytes: number;
	readonly tcp?: TcpHeader;
	readonly echo?: IcmpEcho;
	readonly error?: IcmpError;
}

export const IP_HEADER_BYTES = 20;
export const DEFAULT_TTL = 64;
const TRANSPORT_HEADER_BYTES: Record<IpProtocol, number> = { tcp: 20, udp: 8, icmp: 8 };

/** Bytes from the IP header on. */
export function ipSizeBytes(packet: IpPacket): number {
	return IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES[packet.protocol] + packet.payloadBytes;
}

export function flowKey(flow: Flow): string {
	return `${flow.protocol} ${flow.source}:${flow.sourcePort} ${flow.destination}:${flow.destinationPort}`;
}

export function reverseFlow(flow: Flow): Flow {
	return {
		protocol: flow.protocol,
		source: flow.destination,
		sourcePort: flow.destinationPort,
		destination: flow.source,
		destinationPort: flow.sourcePort,
	};
}

/** A write on its way through a TCP stream. Offsets count from the first byte of the stream. */
export interface Segment {
	readonly pieces: readonly Uint8Array[];
	readonly sizeBytes: number;
	readonly offset: number;
	/** The stream ends here: carries no bytes. */
	readonly fin: boolean;
}

/** What became of a segment that arrived at a host. */
export type SegmentVerdict = 'acknowledged' | 'lost' | 'no-socket';

/** What a host does with what arrives. */
export interface PacketHandlers {
	/** `ttl` is what is left of the packet's. */
	packet(packet: IpPacket, ttl: number): void;
	segment(socketKey: string, segment: Segment): SegmentVerdict;
}
