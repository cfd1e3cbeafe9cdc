import { race, Signal, wait, type Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { parseAddress } from './address.ts';
import type { IpLayer } from './ip-layer.ts';
import type { IpNode } from './ip-node.ts';
import {
	DEFAULT_TTL,
	reverseFlow,
	type Flow,
	type FlowStage,
	type IcmpError,
	type IcmpErrorKind,
	type IpPacket,
} from './packet.ts';

export type DatagramReply =
	| {
			readonly kind: 'reply';
			readonly payload: Uint8Array;
			readonly from: string;
			readonly rttUs: Micros;
	  }
	| {
			readonly kind: 'error';
			readonly from: string;
			readonly error: IcmpErrorKind;
			readonly rttUs: Micros;
	  }
	| { readonly kind: 'timeout' };

/** Answers a datagram, or stays silent. */
export type DatagramService = (payload: Uint8Array) => Uint8Array | undefined;

const FIRST_PORT = 32_768;
const PORTS = 16_384;

/** A host's UDP, as far as requests with one answer need it: DNS, NTP, traceroute. */
export class UdpStack {
	#ip: IpLayer;
	#node: IpNode;
	#services = new Map<number, DatagramService>();
	#waiting = new Map<number, Signal<DatagramReply>>();
	#portCount = 0;

	constructor(ip: IpLayer, node: IpNode) {
		this.#ip = ip;
		this.#node = node;
	}

	/** Serves a port until the returned function is called. */
	serve(port: number, service: DatagramService): () => void {
		this.#services.set(port, service);
		return () => {
			if (this.#services.get(port) === service) this.#services.delete(port);
		};
	}

	/** Sends a datagram and waits for the answer, an ICMP error, or the end of patience. */
	*request(
		to: { address: string; port: number },
		payload: Uint8Array,
		timeoutUs: Micros,
		ttl = DEFAULT_TTL,
	): Process<DatagramReply> {
		const startUs = this.#ip.kernel.nowUs;
		const destination = parseAddress(to.address);
		const source = destination === undefined ? undefined : this.#node.sourceAddress(destination);
		if (source === undefined) {
			return { kind: 'error', from: '', error: 'net-unreachable', rttUs: 0 };
		}
		const sourcePort = FIRST_PORT + (this.#portCount++ % PORTS);
		const answer = new Signal<DatagramReply>();
		this.#waiting.set(sourcePort, answer);
		try {
			const flow: Flow = {
				protocol: 'udp',
				source,
				sourcePort,
				destination: to.address,
				destinationPort: to.port,
			};
			this.#send(flow, 'open', payload, ttl, (error) => {
				const rttUs = this.#ip.kernel.nowUs - startUs;
				answer.fire({ kind: 'error', from: source, error, rttUs });
			});
			const patience = this.#ip.kernel.timeout(timeoutUs);
			const first = yield* wait(race({ answer, patience }));
			if (first.winner === 'patience') return { kind: 'timeout' };
			const rttUs = this.#ip.kernel.nowUs - startUs;
			return first.value.kind === 'timeout' ? first.value : { ...first.value, rttUs };
		} finally {
			this.#waiting.delete(sourcePort);
		}
	}

	packet(packet: IpPacket): void {
		const [payload] = packet.pieces;
		const waiting = this.#waiting.get(packet.destinationPort);
		if (waiting && payload) {
			waiting.fire({ kind: 'reply', payload, from: packet.source, rttUs: 0 });
			return;
		}
		const service = this.#services.get(packet.destinationPort);
		if (!service) {
			this.#ip.sendError(this.#node, packet.destination, 'port-unreachable', packet);
			return;
		}
		const reply = payload && service(payload);
		if (reply) this.#send(reverseFlow(packet), 'established', reply, DEFAULT_TTL);
	}

	icmpError(from: string, error: IcmpError): void {
		const waiting = this.#waiting.get(error.about.sourcePort);
		waiting?.fire({ kind: 'error', from, error: error.kind, rttUs: 0 });
	}

	#send(
		flow: Flow,
		stage: FlowStage,
		payload: Uint8Array,
		ttl: number,
		onError?: (error: IcmpErrorKind) => void,
	): void {
		const packet: IpPacket = {
			...flow,
			stage,
			ttl,
			dontFragment: false,
			pieces: [payload],
			payloadBytes: payload.length,
		};
		this.#ip.send(this.#node, packet, (error) => {
			if (error.kind === 'no-route') onError?.('net-unreachable');
			else if (error.kind === 'prohibited-locally') onError?.('prohibited');
			else onError?.('host-unreachable');
		});
	}
}
