import type { Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { EchoStack } from './echo-stack.ts';
import type { IcmpErrorKind } from './packet.ts';
import type { TcpStack } from './tcp-stack.ts';
import type { UdpStack } from './udp-stack.ts';

export interface TracerouteOptions {
	maxHops?: number;
	/** Per hop; 3 unless told otherwise. */
	probes?: number;
	/** Per probe; a second unless told otherwise. Probes go one after the other. */
	timeoutUs?: Micros;
	/** `udp` as Linux does, `icmp` as Windows does, `tcp` to see how far a port's SYN gets. */
	method?: 'udp' | 'icmp' | 'tcp';
	/** Of the tcp method. */
	port?: number;
	onHop?: (hop: Hop) => void;
}

export type HopProbe =
	| { readonly kind: 'timeout' }
	/** `error` when it is not the usual answer: traceroute prints !H, !N or !X. */
	| {
			readonly kind: 'answer';
			readonly from: string;
			readonly rttUs: Micros;
			readonly last: boolean;
			readonly error?: IcmpErrorKind;
	  };

export interface Hop {
	readonly ttl: number;
	readonly probes: readonly HopProbe[];
}

const DEFAULT_MAX_HOPS = 30;
const DEFAULT_PROBES = 3;
const DEFAULT_TIMEOUT_US = seconds(1);
const FIRST_UDP_PORT = 33_434;
const UDP_PROBE_BYTES = 32;

/** Asks who is at distance 1, 2, 3 ... until the destination, or somebody who refuses, answers. */
export function* traceroute(
	stacks: { echo: EchoStack; tcp: TcpStack; udp: UdpStack },
	address: string,
	options: TracerouteOptions,
): Process<Hop[]> {
	const hops: Hop[] = [];
	const count = options.probes ?? DEFAULT_PROBES;
	const timeoutUs = options.timeoutUs ?? DEFAULT_TIMEOUT_US;
	for (let ttl = 1; ttl <= (options.maxHops ?? DEFAULT_MAX_HOPS); ttl++) {
		const probes: HopProbe[] = [];
		for (let i = 0; i < count; i++) {
			if (options.method === 'icmp') {
				probes.push(yield* probeEcho(stacks.echo, address, ttl, timeoutUs));
			} else if (options.method === 'tcp') {
				const to = { address, port: options.port ?? 80 };
				probes.push(yield* probeTcp(stacks.tcp, to, ttl, timeoutUs));
			} else {
				const to = { address, port: FIRST_UDP_PORT + (ttl - 1) * count + i };
				probes.push(yield* probeUdp(stacks.udp, to, ttl, timeoutUs));
			}
		}
		const hop: Hop = { ttl, probes };
		hops.push(hop);
		options.onHop?.(hop);
		if (probes.some((probe) => probe.kind === 'answer' && probe.last)) break;
	}
	return hops;
}

function answered(from: string, rttUs: Micros, error?: IcmpErrorKind): HopProbe {
	if (error === 'time-exceeded') return { kind: 'answer', from, rttUs, last: false };
	return { kind: 'answer', from, rttUs, last: true, ...(error && { error }) };
}

function* probeEcho(
	echo: EchoStack,
	address: string,
	ttl: number,
	timeoutUs: Micros,
): Process<HopProbe> {
	const reply = yield* echo.ping(address, { ttl, timeoutUs });
	if (reply.kind === 'timeout' || reply.kind === 'too-big') return { kind: 'timeout' };
	if (reply.kind === 'unreachable') return answered(reply.from, reply.rttUs, reply.error);
	return answered(
		reply.from,
		reply.rttUs,
		reply.kind === 'time-exceeded' ? 'time-exceeded' : undefined,
	);
}

function* probeUdp(
	udp: UdpStack,
	to: { address: string; port: number },
	ttl: number,
	timeoutUs: Micros,
): Process<HopProbe> {
	const reply = yield* udp.request(to, new Uint8Array(UDP_PROBE_BYTES), timeoutUs, ttl);
	if (reply.kind === 'timeout') return reply;
	if (reply.kind === 'reply') return answered(reply.from, reply.rttUs);
	// No service at that port is the answer hoped for.
	const arrived = reply.error === 'port-unreachable';
	return answered(reply.from, reply.rttUs, arrived ? undefined : reply.error);
}

function* probeTcp(
	tcp: TcpStack,
	to: { address: string; port: number },
	ttl: number,
	timeoutUs: Micros,
): Process<HopProbe> {
	const reply = yield* tcp.probe(to, ttl, timeoutUs);
	if (reply.kind === 'timeout') return reply;
	return answered(reply.from, reply.rttUs, reply.kind === 'error' ? reply.error : undefined);
}
