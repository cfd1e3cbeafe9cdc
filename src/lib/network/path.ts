import type { Kernel } from '#lib/kernel/kernel.ts';
import { seconds } from '#lib/kernel/time.ts';
import { formatAddress, parseAddress, type Address } from './address.ts';
import { BROADCAST_MAC, UNKNOWN_MAC, type ArpFrame, type Tap } from './frame.ts';
import type { Firewall, Session } from './firewall.ts';
import type { IpNode } from './ip-node.ts';
import type { Nic } from './nic.ts';
import { flowKey, type Flow, type FlowStage, type IcmpErrorKind } from './packet.ts';
import type { Topology } from './topology.ts';

/** Three requests, a second apart, then the address counts as unreachable (RFC 1122 2.3.2.1; Linux's timing). */
export const ARP_GIVE_UP_US = seconds(3);
const ARP_REQUESTS = 3;
const LOOPBACK_LATENCY_US = 20;
const LOOPBACK_MTU_BYTES = 65_536;

type PathEnd =
	| { readonly kind: 'delivered'; readonly node: IpNode }
	/** Nothing comes back: a drop rule, a router that is off, a host that does not forward. */
	| { readonly kind: 'lost' }
	/** The sender itself has no route, gets no ARP answer, or its own firewall rejects. */
	| { readonly kind: 'no-route' | 'no-arp' | 'prohibited-locally' }
	/** Some router (or the destination) sends an ICMP error from `address`, after `delayUs`. */
	| {
			readonly kind: 'error';
			readonly error: IcmpErrorKind;
			readonly node: IpNode;
			readonly address: string;
			readonly delayUs: number;
	  }
	/** A firewall answers in the destination's name with RST. */
	| { readonly kind: 'reset'; readonly delayUs: number };

/** A link on the way that carries smaller packets than those before it. */
export interface MtuLimit {
	readonly mtuBytes: number;
	/** The router before it, and the address it reports the problem from; the sender itself for the first link. */
	readonly node: IpNode;
	readonly address: string;
	readonly delayUs: number;
	/** How many taps a packet that is too big still passes. */
	readonly tapCount: number;
}

/** Where packets of one flow go, as of one instant. Valid while {@link pathHolds}. */
export interface Path {
	readonly end: PathEnd;
	readonly latencyUs: number;
	/** Left when the packet arrives. */
	readonly ttl: number;
	/** Of the slowest link. */
	readonly usPerByte: number;
	readonly limits: readonly MtuLimit[];
	readonly lossyNics: readonly Nic[];
	readonly sessions: readonly {
		readonly firewall: Firewall;
		readonly session: Session;
		readonly reverse: boolean;
	}[];
	readonly taps: readonly Tap[];
	readonly version: number;
	readonly validUntilUs: number;
}

/** Whether nothing on the way has changed or expired; keeps the firewalls' sessions alive. */
export function pathHolds(path: Path, version: number, nowUs: number): boolean {
	if (path.version !== version || nowUs >= path.validUntilUs) return false;
	for (const { firewall, session } of path.sessions) {
		if (!firewall.alive(session, nowUs)) return false;
	}
	for (const { session } of path.sessions) session.lastUsedUs = nowUs;
	return true;
}

/** Finds the way of a packet hop by hop as the network is now: routes, ARP, firewalls, TTL. */
export function findPath(
	kernel: Kernel,
	topology: Topology,
	capture: boolean,
	source: IpNode,
	flow: Flow,
	stage: FlowStage,
	ttl: number,
): Path {
	return new Walk(kernel, topology, capture, source, flow, stage, ttl).run();
}

class Walk {
	#kernel: Kernel;
	#topology: Topology;
	#capture: boolean;
	#source: IpNode;
	#flow: Flow;
	#stage: FlowStage;
	#ttl: number;
	#destination: Address;
	#latencyUs = 0;
	#usPerByte = 0;
	#mtuBytes = Infinity;
	#limits: MtuLimit[] = [];
	#lossyNics: Nic[] = [];
	#sessions: Path['sessions'][number][] = [];
	#taps: Tap[] = [];
	#validUntilUs = Infinity;

	constructor(
		kernel: Kernel,
		topology: Topology,
		capture: boolean,
		source: IpNode,
		flow: Flow,
		stage: FlowStage,
		ttl: number,
	) {
		this.#kernel = kernel;
		this.#topology = topology;
		this.#capture = capture;
		this.#source = source;
		this.#flow = flow;
		this.#stage = stage;
		this.#ttl = ttl;
		this.#destination = parseAddress(flow.destination) ?? 0;
	}

	run(): Path {
		return {
			end: this.#walk(),
			ttl: this.#ttl,
			latencyUs: this.#latencyUs,
			usPerByte: this.#usPerByte,
			limits: this.#limits,
			lossyNics: this.#lossyNics,
			sessions: this.#sessions,
			taps: this.#taps,
			version: this.#topology.version,
			validUntilUs: this.#validUntilUs,
		};
	}

	#walk(): PathEnd {
		if (!this.#source.up) return { kind: 'lost' };
		if (this.#source.owns(this.#destination)) return this.#loopback();
		let node = this.#source;
		let ingress: Nic | undefined;
		// The TTL bounds the loop: each router takes one.
		for (;;) {
			const blocked = this.#filter(node, ingress);
			if (blocked) return blocked;
			const hop = node.nextHop(this.#destination);
			if (!hop) return this.#error(node, ingress, 'net-unreachable', 0);
			const target = this.#resolve(node, hop.nic, hop.address);
			if (!target) return this.#error(node, ingress, 'host-unreachable', ARP_GIVE_UP_US);
			this.#cross(node, ingress, hop.nic, target);
			node = this.#topology.node(target.hostId);
			ingress = target;
			if (node.owns(this.#destination)) {
				return this.#filter(node, ingress) ?? { kind: 'delivered', node };
			}
			if (!node.forwards) return { kind: 'lost' };
			if (--this.#ttl <= 0) return this.#error(node, ingress, 'time-exceeded', 0);
		}
	}

	#loopback(): PathEnd {
		this.#latencyUs = LOOPBACK_LATENCY_US;
		this.#mtuBytes = LOOPBACK_MTU_BYTES;
		this.#limits.push({
			mtuBytes: LOOPBACK_MTU_BYTES,
			node: this.#source,
			address: '127.0.0.1',
			delayUs: 0,
			tapCount: 0,
		});
		return { kind: 'delivered', node: this.#source };
	}

	/** A firewall's verdict; undefined when the packet may pass. A router's own ICMP errors are not judged by itself. */
	#filter(node: IpNode, ingress: Nic | undefined): PathEnd | undefined {
		if (!ingress && this.#stage === 'related') return undefined;
		const decision = node.firewall.decide(this.#flow, this.#stage, this.#nowUs());
		if (decision.pass) {
			if (decision.session) {
				const { session, reverse } = decision;
				this.#sessions.push({ firewall: node.firewall, session, reverse });
			}
			return undefined;
		}
		this.#kernel.record('firewall-denied', {
			host: node.id,
			rule: decision.rule,
			action: decision.action,
			flow: flowKey(this.#flow),
		});
		if (decision.action === 'drop') return { kind: 'lost' };
		if (decision.action === 'reset') return { kind: 'reset', delayUs: 2 * this.#latencyUs };
		if (!ingress) return { kind: 'prohibited-locally' };
		return this.#error(node, ingress, 'prohibited', 0);
	}

	/** Nobody reports an error about an error (RFC 1122 3.2.2). */
	#error(node: IpNode, ingress: Nic | undefined, error: IcmpErrorKind, delayUs: number): PathEnd {
		if (!ingress) return { kind: error === 'net-unreachable' ? 'no-route' : 'no-arp' };
		if (this.#stage === 'related') return { kind: 'lost' };
		const address = ingress.address;
		return { kind: 'error', error, node, address, delayUs: this.#latencyUs + delayUs };
	}

	/** Over the LAN to the next host. */
	#cross(node: IpNode, ingress: Nic | undefined, egress: Nic, target: Nic): void {
		const lan = this.#topology.lan(egress.network);
		if (lan.mtuBytes < this.#mtuBytes) {
			this.#mtuBytes = lan.mtuBytes;
			this.#limits.push({
				mtuBytes: lan.mtuBytes,
				node,
				address: (ingress ?? egress).address,
				delayUs: this.#latencyUs,
				tapCount: this.#taps.length,
			});
		}
		this.#tap(egress, 'out', egress, target);
		this.#latencyUs += lan.latencyUs;
		this.#usPerByte = Math.max(this.#usPerByte, 8_000_000 / lan.bandwidthBitsPerSecond);
		this.#tap(target, 'in', egress, target);
		for (const nic of [egress, target]) if (nic.lossPerThousand > 0) this.#lossyNics.push(nic);
	}

	#tap(at: Nic, direction: 'in' | 'out', from: Nic, to: Nic): void {
		if (!this.#capture) return;
		this.#taps.push({
			host: at.hostId,
			nic: at.index,
			direction,
			offsetUs: this.#latencyUs,
			ttl: this.#ttl,
			sourceMac: from.mac,
			destinationMac: to.mac,
		});
	}

	/** Asks for the MAC address unless it is known; both sides learn, and the packet waits for the answer. */
	#resolve(node: IpNode, egress: Nic, address: Address): Nic | undefined {
		const present = this.#topology.holders(egress.network, address);
		const holders = present.filter((nic) => nic.hostId !== node.id);
		const nowUs = this.#nowUs();
		let target = node.arp.find(address, holders, nowUs);
		if (!target) {
			const choice =
				holders.length > 1 ? this.#kernel.random(`arp ${node.id}`).below(holders.length) : 0;
			target = holders[choice];
			const latencyUs = this.#topology.lan(egress.network).latencyUs;
			this.#recordArp(egress, address, target, latencyUs);
			if (!target) return undefined;
			node.arp.learn(address, target, egress, nowUs);
			const owner = this.#topology.node(target.hostId);
			owner.arp.learn(egress.addressValue, egress, target, nowUs);
			this.#latencyUs += 2 * latencyUs;
			// The wait belongs to this packet only, not to those that follow on the same path.
			this.#validUntilUs = nowUs;
		}
		if (holders.length > 1) {
			this.#validUntilUs = Math.min(this.#validUntilUs, node.arp.expiresUs(address));
		}
		return target;
	}

	#recordArp(egress: Nic, address: Address, target: Nic | undefined, latencyUs: number): void {
		if (!this.#capture) return;
		const hearers = this.#topology.attached(egress.network).filter((nic) => nic !== egress);
		for (let attempt = 0; attempt < (target ? 1 : ARP_REQUESTS); attempt++) {
			const startUs = this.#latencyUs + seconds(attempt);
			this.#recordArpFrame({
				operation: 'request',
				senderMac: egress.mac,
				senderAddress: egress.address,
				targetMac: UNKNOWN_MAC,
				targetAddress: formatAddress(address),
				taps: [
					arpTap(egress, 'out', startUs, egress.mac, BROADCAST_MAC),
					...hearers.map((nic) =>
						arpTap(nic, 'in', startUs + latencyUs, egress.mac, BROADCAST_MAC),
					),
				],
			});
		}
		if (!target) return;
		const repliedUs = this.#latencyUs + latencyUs;
		this.#recordArpFrame({
			operation: 'reply',
			senderMac: target.mac,
			senderAddress: formatAddress(address),
			targetMac: egress.mac,
			targetAddress: egress.address,
			taps: [
				arpTap(target, 'out', repliedUs, target.mac, egress.mac),
				arpTap(egress, 'in', repliedUs + latencyUs, target.mac, egress.mac),
			],
		});
	}

	#recordArpFrame(fields: Omit<ArpFrame, 'kind' | 'timeUs'>): void {
		this.#kernel.record('arp-frame', fields);
	}

	#nowUs(): number {
		return this.#kernel.nowUs;
	}
}

function arpTap(
	nic: Nic,
	direction: 'in' | 'out',
	offsetUs: number,
	sourceMac: string,
	destinationMac: string,
): Tap {
	const { hostId: host, index } = nic;
	return { host, nic: index, direction, offsetUs, ttl: 0, sourceMac, destinationMac };
}
