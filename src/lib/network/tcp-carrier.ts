import type { IpLayer } from './ip-layer.ts';
import type { IpNode } from './ip-node.ts';
import type { Flow, FlowStage, IpPacket, TcpHeader } from './packet.ts';
import { DEFAULT_TTL } from './packet.ts';

/** How persistent a host's TCP is; the defaults are Linux's. */
export interface TcpSettings {
	/** SYNs sent again after the first, with gaps of 1, 2, 4 ... s: the default 6 gives up after 127 s. */
	synRetries: number;
	/** Retransmissions of data, from 200 ms doubling to 120 s: the default 15 gives up after 924.6 s. */
	dataRetries: number;
}

export const DEFAULT_TCP_SETTINGS: TcpSettings = { synRetries: 6, dataRetries: 15 };

/** The window an idle receiver announces; Linux's initial value without scaling. */
export const WINDOW = 64_240;

/** What a stream needs of the host it is on. */
export interface TcpCarrier {
	readonly ip: IpLayer;
	readonly node: IpNode;
	readonly settings: TcpSettings;
	/** The stream is over; `linger` when this side closed first and waits in TIME-WAIT. */
	forget(key: string, linger: boolean): void;
	/** The handshake of an accepted stream is complete. */
	established(key: string): void;
}

/** The key of a socket in its host's table. */
export function socketKey(flow: Flow): string {
	return `${flow.source}:${flow.sourcePort} ${flow.destination}:${flow.destinationPort}`;
}

/** A TCP packet without data: part of a handshake, an acknowledgement or a reset. */
export function controlPacket(
	flow: Flow,
	stage: FlowStage,
	header: Omit<TcpHeader, 'window'>,
	ttl = DEFAULT_TTL,
): IpPacket {
	return {
		protocol: 'tcp',
		source: flow.source,
		sourcePort: flow.sourcePort,
		destination: flow.destination,
		destinationPort: flow.destinationPort,
		stage,
		ttl,
		dontFragment: true,
		pieces: [],
		payloadBytes: 0,
		tcp: { ...header, window: header.flags.startsWith('R') ? 0 : WINDOW },
	};
}
