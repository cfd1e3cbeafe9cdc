import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import { parseAddress } from './address.ts';
import type { IpLayer } from './ip-layer.ts';
import type { IpNode } from './ip-node.ts';
import {
	IP_HEADER_BYTES,
	reverseFlow,
	type Flow,
	type IcmpError,
	type IpPacket,
	type Segment,
	type SegmentVerdict,
	type TcpHeader,
} from './packet.ts';
import {
	controlPacket,
	DEFAULT_TCP_SETTINGS,
	socketKey,
	type TcpCarrier,
	type TcpSettings,
} from './tcp-carrier.ts';
import { Listener, PortInUse } from './tcp-listener.ts';
import { TcpStream, type TcpState } from './tcp-stream.ts';

const FIRST_SYN_RETRY_US = seconds(1);
/** How long an unanswered SYN-ACK is remembered: Linux's five retries. */
const HALF_OPEN_US = seconds(63);
const TIME_WAIT_US = seconds(60);
const DEFAULT_BACKLOG = 128;
const HEADERS_BYTES = IP_HEADER_BYTES + 20;
const FIRST_EPHEMERAL_PORT = 49_152;
const EPHEMERAL_PORTS = 16_384;

/** Why a connection was not made. */
export type ConnectFailure = {
	readonly address: string;
	readonly port: number;
	/** From the call to the failure. */
	readonly elapsedUs: Micros;
} & (
	| { readonly kind: 'refused' }
	/** Nothing ever came back to `attempts` SYNs. */
	| { readonly kind: 'timeout'; readonly attempts: number }
	/** `from` is the address that said so: a router's, or the own one (no route, no ARP answer). */
	| { readonly kind: 'unreachable'; readonly scope: 'network' | 'host'; readonly from: string }
	/** A firewall rejected it (ICMP type 3 code 13); `from` is the own address for the own firewall. */
	| { readonly kind: 'prohibited'; readonly from: string }
);

/** One line of `netstat` or `ss`. */
export interface SocketRow {
	readonly localAddress: string;
	readonly localPort: number;
	readonly remoteAddress: string;
	readonly remotePort: number;
	readonly state: TcpState | 'LISTEN' | 'SYN_SENT' | 'TIME_WAIT';
	readonly unreadBytes: number;
	readonly unacknowledgedBytes: number;
}

type Answer =
	| { kind: 'packet'; packet: IpPacket; tcp: TcpHeader }
	| { kind: 'error'; from: string; error: IcmpError }
	| { kind: 'local'; error: 'no-route' | 'no-arp' | 'prohibited-locally' | 'too-big' };

interface Attempt {
	readonly flow: Flow;
	readonly answer: Signal<Answer>;
	mssBytes: number;
}

/** What a single SYN with a chosen TTL brought back: the step of a TCP traceroute. */
export type SynProbeReply =
	| { readonly kind: 'open' | 'refused'; readonly from: string; readonly rttUs: Micros }
	| {
			readonly kind: 'error';
			readonly from: string;
			readonly error: IcmpError['kind'];
			readonly rttUs: Micros;
	  }
	| { readonly kind: 'timeout' };

/** A host's TCP: listeners, connections and the handshake. */
export class TcpStack implements TcpCarrier {
	readonly ip: IpLayer;
	readonly node: IpNode;
	readonly settings: TcpSettings = { ...DEFAULT_TCP_SETTINGS };
	#listeners = new Map<number, Listener>();
	#streams = new Map<string, TcpStream>();
	#halfOpen = new Map<string, { listener: Listener; cancel: () => void }>();
	#attempts = new Map<string, Attempt>();
	#lingering = new Map<string, { stream: TcpStream; untilUs: Micros }>();
	#nextPort: number | undefined;

	constructor(ip: IpLayer, node: IpNode) {
		this.ip = ip;
		this.node = node;
	}

	listen(port: number, backlog = DEFAULT_BACKLOG): Listener {
		if (this.#listeners.has(port)) throw new PortInUse(this.node.id, port);
		const listener = new Listener(port, backlog, () => {
			if (this.#listeners.get(port) === listener) this.#listeners.delete(port);
		});
		this.#listeners.set(port, listener);
		return listener;
	}

	/**
	 * Connects. SYNs are repeated after 1, 3, 7, 15 ... s until the retries or `timeoutUs` are used up. RST,
	 * an ICMP unreachable and a local failure end it at once; an unanswered ARP request after 3 s.
	 */
	*connect(
		to: { address: string; port: number },
		timeoutUs: Micros = Infinity,
	): Process<TcpStream | ConnectFailure> {
		const startUs = this.#nowUs;
		const attempt = this.#attempt(to);
		const failed = (why: FailureReason): ConnectFailure => ({
			address: to.address,
			port: to.port,
			elapsedUs: this.#nowUs - startUs,
			...why,
		});
		if (!attempt) return failed({ kind: 'unreachable', scope: 'network', from: '' });
		const key = socketKey(attempt.flow);
		const seq = this.ip.kernel.random(`tcp ${this.node.id}`).uint32();
		this.#attempts.set(key, attempt);
		try {
			for (let sent = 1; ; sent++) {
				this.#sendSyn(attempt, seq);
				const retryUs = FIRST_SYN_RETRY_US * 2 ** (sent - 1);
				const leftUs = Math.min(retryUs, startUs + timeoutUs - this.#nowUs);
				const first = yield* wait(
					race({ answer: attempt.answer, patience: this.ip.kernel.timeout(leftUs) }),
				);
				if (first.winner === 'answer') {
					const outcome = this.#conclude(attempt, seq, first.value);
					return outcome instanceof TcpStream ? outcome : failed(outcome);
				}
				if (sent > this.settings.synRetries || this.#nowUs >= startUs + timeoutUs) {
					return failed({ kind: 'timeout', attempts: sent });
				}
			}
		} finally {
			this.#attempts.delete(key);
		}
	}

	/** Sends one SYN with a TTL and waits for whatever it brings back; a connection it opened is reset. */
	*probe(
		to: { address: string; port: number },
		ttl: number,
		timeoutUs: Micros,
	): Process<SynProbeReply> {
		const startUs = this.#nowUs;
		const attempt = this.#attempt(to);
		if (!attempt) return { kind: 'timeout' };
		const key = socketKey(attempt.flow);
		this.#attempts.set(key, attempt);
		try {
			this.#sendSyn(attempt, this.ip.kernel.random(`tcp ${this.node.id}`).uint32(), ttl);
			const first = yield* wait(
				race({ answer: attempt.answer, patience: this.ip.kernel.timeout(timeoutUs) }),
			);
			if (first.winner === 'patience' || first.value.kind === 'local') return { kind: 'timeout' };
			const rttUs = this.#nowUs - startUs;
			const { value } = first;
			if (value.kind === 'error') {
				return { kind: 'error', from: value.from, error: value.error.kind, rttUs };
			}
			if (value.tcp.flags === 'S.') this.#refuse(value.packet, value.tcp);
			const kind = value.tcp.flags === 'S.' ? 'open' : 'refused';
			return { kind, from: value.packet.source, rttUs };
		} finally {
			this.#attempts.delete(key);
		}
	}

	/** What `netstat -an` lists. */
	rows(): SocketRow[] {
		const rows: SocketRow[] = [...this.#listeners.keys()].map((port) => ({
			...row({ address: '0.0.0.0', port }, { address: '0.0.0.0', port: 0 }),
			state: 'LISTEN',
		}));
		for (const { flow } of this.#attempts.values()) {
			rows.push({
				...row(
					{ address: flow.source, port: flow.sourcePort },
					{ address: flow.destination, port: flow.destinationPort },
				),
				state: 'SYN_SENT',
			});
		}
		for (const stream of this.#streams.values()) {
			const { unreadBytes, unacknowledgedBytes, state } = stream;
			rows.push({ ...row(stream.local, stream.remote), state, unreadBytes, unacknowledgedBytes });
		}
		for (const [key, { stream, untilUs }] of this.#lingering) {
			if (untilUs <= this.#nowUs) this.#lingering.delete(key);
			else rows.push({ ...row(stream.local, stream.remote), state: 'TIME_WAIT' });
		}
		return rows;
	}

	/** Power is gone: every socket vanishes without a word to the peers. */
	powerOff(): void {
		for (const listener of [...this.#listeners.values()]) listener.close();
		for (const { cancel } of this.#halfOpen.values()) cancel();
		this.#halfOpen.clear();
		this.#lingering.clear();
		for (const stream of [...this.#streams.values()]) stream.abandon();
	}

	packet(packet: IpPacket): void {
		const tcp = packet.tcp;
		if (!tcp) return;
		const key = socketKey(reverseFlow(packet));
		const stream = this.#streams.get(key);
		const attempt = this.#attempts.get(key);
		if (tcp.flags === 'S') this.#receiveSyn(packet, tcp, stream);
		else if (tcp.flags.startsWith('R')) {
			attempt?.answer.fire({ kind: 'packet', packet, tcp });
			stream?.abandon();
		} else if (tcp.flags === 'S.') {
			// A second SYN-ACK answers a repeated SYN of a connection that is made already.
			if (attempt) attempt.answer.fire({ kind: 'packet', packet, tcp });
			else if (!stream) this.#refuse(packet, tcp);
		} else if (stream) stream.completeHandshake();
		else this.#refuse(packet, tcp);
	}

	segment(key: string, segment: Segment): SegmentVerdict {
		const stream = this.#streams.get(key);
		if (stream) return stream.receive(segment);
		const lingering = this.#lingering.get(key);
		if (segment.fin && lingering && lingering.untilUs > this.#nowUs) return 'acknowledged';
		const [local = '', remote = ''] = key.split(' ');
		const [source = '', sourcePort] = local.split(':');
		const [destination = '', destinationPort] = remote.split(':');
		const flow: Flow = {
			protocol: 'tcp',
			source,
			sourcePort: Number(sourcePort),
			destination,
			destinationPort: Number(destinationPort),
		};
		const header = { flags: 'R', seq: 0, ack: 0, relativeSeq: 0, relativeAck: 0 } as const;
		this.ip.send(this.node, controlPacket(flow, 'reset', header));
		return 'no-socket';
	}

	/** An ICMP error about something this host sent. */
	icmpError(from: string, error: IcmpError): void {
		const key = socketKey(error.about);
		const attempt = this.#attempts.get(key);
		if (error.kind === 'fragmentation-needed') {
			this.#streams.get(key)?.shrink(error.mtuBytes ?? 576);
		}
		// About an established stream it is only a hint (RFC 1122 4.2.3.9).
		else attempt?.answer.fire({ kind: 'error', from, error });
	}

	forget(key: string, linger: boolean): void {
		const stream = this.#streams.get(key);
		this.#streams.delete(key);
		this.#dropHalfOpen(key);
		if (stream && linger) {
			this.#lingering.set(key, { stream, untilUs: this.#nowUs + TIME_WAIT_US });
		}
	}

	established(key: string): void {
		const listener = this.#halfOpen.get(key)?.listener;
		this.#dropHalfOpen(key);
		const stream = this.#streams.get(key);
		if (listener && stream) listener.offer(stream);
	}

	get #nowUs(): Micros {
		return this.ip.kernel.nowUs;
	}

	#attempt(to: { address: string; port: number }): Attempt | undefined {
		const destination = parseAddress(to.address);
		const source = destination === undefined ? undefined : this.node.sourceAddress(destination);
		if (source === undefined) return undefined;
		const sourcePort = this.#ephemeralPort();
		return {
			flow: {
				protocol: 'tcp',
				source,
				sourcePort,
				destination: to.address,
				destinationPort: to.port,
			},
			answer: new Signal<Answer>(),
			mssBytes: this.#mssTowards(to.address),
		};
	}

	#ephemeralPort(): number {
		this.#nextPort ??= this.ip.kernel.random(`ports ${this.node.id}`).below(EPHEMERAL_PORTS);
		return FIRST_EPHEMERAL_PORT + (this.#nextPort++ % EPHEMERAL_PORTS);
	}

	/** What the own link takes; 1460 on Ethernet. */
	#mssTowards(address: string): number {
		const nic = this.node.nextHop(parseAddress(address) ?? 0)?.nic;
		const mtuBytes = nic ? this.ip.topology.lan(nic.network).mtuBytes : 1_500;
		return mtuBytes - HEADERS_BYTES;
	}

	#sendSyn(attempt: Attempt, seq: number, ttl?: number): void {
		const { mssBytes } = attempt;
		const header = { flags: 'S', seq, ack: 0, relativeSeq: 0, relativeAck: 0, mssBytes } as const;
		this.ip.send(this.node, controlPacket(attempt.flow, 'open', header, ttl), (error) => {
			attempt.answer.fire({ kind: 'local', error: error.kind });
		});
	}

	#conclude(attempt: Attempt, seq: number, answer: Answer): TcpStream | FailureReason {
		if (answer.kind === 'local') return localFailure(answer.error, attempt.flow.source);
		if (answer.kind === 'error') return remoteFailure(answer.error, answer.from);
		if (answer.tcp.flags !== 'S.') return { kind: 'refused' };
		const stream = this.#open(attempt.flow, seq, answer.tcp, 'ESTABLISHED');
		const ack = (answer.tcp.seq + 1) % 2 ** 32;
		const header = {
			flags: '.',
			seq: (seq + 1) % 2 ** 32,
			ack,
			relativeSeq: 1,
			relativeAck: 1,
		} as const;
		this.ip.send(this.node, controlPacket(attempt.flow, 'established', header));
		return stream;
	}

	#open(
		flow: Flow,
		initialSeq: number,
		peer: TcpHeader,
		state: 'SYN_RECEIVED' | 'ESTABLISHED',
	): TcpStream {
		const mssBytes = Math.min(this.#mssTowards(flow.destination), peer.mssBytes ?? 536);
		const peerInitialSeq = peer.seq;
		const stream = new TcpStream(this, { flow, initialSeq, peerInitialSeq, mssBytes, state });
		this.#streams.set(socketKey(flow), stream);
		return stream;
	}

	#receiveSyn(packet: IpPacket, tcp: TcpHeader, present: TcpStream | undefined): void {
		const flow = reverseFlow(packet);
		if (present) {
			if (present.state === 'SYN_RECEIVED') this.#sendSynAck(flow, present.initialSeq, tcp);
			return;
		}
		const listener = this.#listeners.get(packet.destinationPort);
		if (!listener) {
			this.#refuse(packet, tcp);
			return;
		}
		if (listener.full) return;
		const seq = this.ip.kernel.random(`tcp ${this.node.id}`).uint32();
		const stream = this.#open(flow, seq, tcp, 'SYN_RECEIVED');
		const cancel = this.ip.kernel.after(HALF_OPEN_US, () => {
			stream.abandon();
		});
		listener.halfOpen++;
		this.#halfOpen.set(socketKey(flow), { listener, cancel });
		this.#sendSynAck(flow, seq, tcp);
	}

	#sendSynAck(flow: Flow, seq: number, syn: TcpHeader): void {
		const header = {
			flags: 'S.',
			seq,
			ack: (syn.seq + 1) % 2 ** 32,
			relativeSeq: 0,
			relativeAck: 1,
			mssBytes: this.#mssTowards(flow.destination),
		} as const;
		this.ip.send(this.node, controlPacket(flow, 'established', header));
	}

	#dropHalfOpen(key: string): void {
		const entry = this.#halfOpen.get(key);
		if (!entry) return;
		this.#halfOpen.delete(key);
		entry.cancel();
		entry.listener.halfOpen--;
	}

	/** RST in answer to a packet no socket is waiting for (RFC 9293 3.5.2). */
	#refuse(packet: IpPacket, tcp: TcpHeader): void {
		const syn = tcp.flags === 'S';
		const header = {
			flags: syn ? 'R.' : 'R',
			seq: syn ? 0 : tcp.ack,
			ack: syn ? (tcp.seq + 1) % 2 ** 32 : 0,
			relativeSeq: syn ? 0 : tcp.relativeAck,
			relativeAck: syn ? 1 : 0,
		} as const;
		this.ip.send(this.node, controlPacket(reverseFlow(packet), 'reset', header));
	}
}

type FailureReason = ConnectFailure extends infer F
	? F extends { kind: string }
		? Omit<F, 'address' | 'port' | 'elapsedUs'>
		: never
	: never;

function localFailure(
	error: 'no-route' | 'no-arp' | 'prohibited-locally' | 'too-big',
	from: string,
): FailureReason {
	if (error === 'prohibited-locally') return { kind: 'prohibited', from };
	return { kind: 'unreachable', scope: error === 'no-route' ? 'network' : 'host', from };
}

function remoteFailure(error: IcmpError, from: string): FailureReason {
	if (error.kind === 'prohibited') return { kind: 'prohibited', from };
	if (error.kind === 'port-unreachable') return { kind: 'refused' };
	const scope = error.kind === 'net-unreachable' ? 'network' : 'host';
	return { kind: 'unreachable', scope, from };
}

function row(
	local: { address: string; port: number },
	remote: { address: string; port: number },
): Omit<SocketRow, 'state'> {
	return {
		localAddress: local.address,
		localPort: local.port,
		remoteAddress: remote.address,
		remotePort: remote.port,
		unreadBytes: 0,
		unacknowledgedBytes: 0,
	};
}
