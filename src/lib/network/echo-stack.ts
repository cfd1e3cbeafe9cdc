import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import { parseAddress } from './address.ts';
import type { IpLayer } from './ip-layer.ts';
import type { IpNode } from './ip-node.ts';
import { DEFAULT_TTL, type IcmpError, type IcmpErrorKind, type IpPacket } from './packet.ts';

export interface PingOptions {
	/** Of the ICMP payload; 56 unless told otherwise, as Linux does. */
	sizeBytes?: number;
	timeoutUs?: Micros;
	ttl?: number;
	dontFragment?: boolean;
	/** Counted by the caller, from 1. */
	sequence?: number;
}

export type PingReply =
	| {
			readonly kind: 'reply';
			readonly from: string;
			readonly ttl: number;
			readonly rttUs: Micros;
			readonly sizeBytes: number;
	  }
	| { readonly kind: 'timeout' }
	/** An ICMP error came from `from`: a router, the destination's firewall, or the own host without ARP answer or route. */
	| {
			readonly kind: 'unreachable';
			readonly from: string;
			readonly error: Exclude<IcmpErrorKind, 'fragmentation-needed' | 'time-exceeded'>;
			readonly rttUs: Micros;
	  }
	| { readonly kind: 'time-exceeded'; readonly from: string; readonly rttUs: Micros }
	| { readonly kind: 'too-big'; readonly from: string; readonly mtuBytes: number };

const DEFAULT_SIZE_BYTES = 56;
const DEFAULT_TIMEOUT_US = seconds(1);

type Answer =
	| { kind: 'reply'; packet: IpPacket; ttl: number }
	| { kind: 'error'; from: string; error: IcmpError }
	| { kind: 'local'; reply: PingReply };

/** A host's ICMP echo: it answers pings and sends them. */
export class EchoStack {
	#ip: IpLayer;
	#node: IpNode;
	#waiting = new Map<string, Signal<Answer>>();
	#identifier = 0;

	constructor(ip: IpLayer, node: IpNode) {
		this.#ip = ip;
		this.#node = node;
	}

	/** Sends one echo request and waits for what comes back. */
	*ping(address: string, options: PingOptions = {}): Process<PingReply> {
		const startUs = this.#ip.kernel.nowUs;
		const destination = parseAddress(address);
		const source = destination === undefined ? undefined : this.#node.sourceAddress(destination);
		if (source === undefined) {
			return { kind: 'unreachable', from: '', error: 'net-unreachable', rttUs: 0 };
		}
		const identifier = (this.#identifier = (this.#identifier % 0xffff) + 1);
		const sequence = options.sequence ?? 1;
		const answer = new Signal<Answer>();
		const key = `${identifier} ${sequence}`;
		this.#waiting.set(key, answer);
		try {
			const request: IpPacket = {
				protocol: 'icmp',
				source,
				sourcePort: identifier,
				destination: address,
				destinationPort: 0,
				stage: 'open',
				ttl: options.ttl ?? DEFAULT_TTL,
				dontFragment: options.dontFragment ?? false,
				pieces: [],
				payloadBytes: options.sizeBytes ?? DEFAULT_SIZE_BYTES,
				echo: { kind: 'echo-request', identifier, sequence },
			};
			this.#ip.send(this.#node, request, (error) => {
				const rttUs = this.#ip.kernel.nowUs - startUs;
				answer.fire({ kind: 'local', reply: localReply(error, source, rttUs) });
			});
			const patience = this.#ip.kernel.timeout(options.timeoutUs ?? DEFAULT_TIMEOUT_US);
			const first = yield* wait(race({ answer, patience }));
			if (first.winner === 'patience') return { kind: 'timeout' };
			return this.#reply(first.value, this.#ip.kernel.nowUs - startUs);
		} finally {
			this.#waiting.delete(key);
		}
	}

	packet(packet: IpPacket, ttl: number): void {
		const { echo } = packet;
		if (!echo) return;
		if (echo.kind === 'echo-reply') {
			const answer = this.#waiting.get(`${echo.identifier} ${echo.sequence}`);
			answer?.fire({ kind: 'reply', packet, ttl });
		} else if (this.#node.answersPing) {
			this.#ip.send(this.#node, {
				...packet,
				source: packet.destination,
				sourcePort: packet.destinationPort,
				destination: packet.source,
				destinationPort: packet.sourcePort,
				stage: 'established',
				ttl: DEFAULT_TTL,
				dontFragment: false,
				echo: { ...echo, kind: 'echo-reply' },
			});
		}
	}

	icmpError(from: string, error: IcmpError): void {
		const answer = this.#waiting.get(`${error.about.sourcePort} ${error.aboutSequence}`);
		answer?.fire({ kind: 'error', from, error });
	}

	#reply(answer: Answer, rttUs: Micros): PingReply {
		if (answer.kind === 'local') return answer.reply;
		if (answer.kind === 'reply') {
			const { source: from, payloadBytes: sizeBytes } = answer.packet;
			return { kind: 'reply', from, ttl: answer.ttl, rttUs, sizeBytes };
		}
		const { from, error } = answer;
		if (error.kind === 'time-exceeded') return { kind: 'time-exceeded', from, rttUs };
		if (error.kind === 'fragmentation-needed') {
			return { kind: 'too-big', from, mtuBytes: error.mtuBytes ?? 0 };
		}
		return { kind: 'unreachable', from, error: error.kind, rttUs };
	}
}

function localReply(
	error:
		{ kind: 'no-route' | 'no-arp' | 'prohibited-locally' } | { kind: 'too-big'; mtuBytes: number },
	from: string,
	rttUs: Micros,
): PingReply {
	if (error.kind === 'too-big') return { kind: 'too-big', from, mtuBytes: error.mtuBytes };
	const kinds = {
		'no-route': 'net-unreachable',
		'no-arp': 'host-unreachable',
		'prohibited-locally': 'prohibited',
	} as const;
	return { kind: 'unreachable', from, error: kinds[error.kind], rttUs };
}
