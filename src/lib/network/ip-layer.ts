import type { Kernel } from '#lib/kernel/kernel.ts';
import type { IpFrame, Tap } from './frame.ts';
import type { IpNode } from './ip-node.ts';
import {
	DEFAULT_TTL,
	IP_HEADER_BYTES,
	ipSizeBytes,
	reverseFlow,
	type Flow,
	type FlowStage,
	type IcmpErrorKind,
	type IpPacket,
} from './packet.ts';
import { ARP_GIVE_UP_US, findPath, pathHolds, type MtuLimit, type Path } from './path.ts';
import type { Topology } from './topology.ts';

/** An ICMP error quotes the header it is about and 8 bytes more. */
const QUOTED_BYTES = IP_HEADER_BYTES + 8;

/** Why the sender's own host could not send a packet. */
export type LocalError =
	| { readonly kind: 'no-route' | 'no-arp' | 'prohibited-locally' }
	| { readonly kind: 'too-big'; readonly mtuBytes: number };

/** Moves packets between hosts in virtual time, and records them. */
export class IpLayer {
	readonly kernel: Kernel;
	readonly topology: Topology;
	readonly capture: boolean;

	constructor(kernel: Kernel, topology: Topology, capture: boolean) {
		this.kernel = kernel;
		this.topology = topology;
		this.capture = capture;
	}

	path(source: IpNode, flow: Flow, stage: FlowStage, ttl = DEFAULT_TTL): Path {
		return findPath(this.kernel, this.topology, this.capture, source, flow, stage, ttl);
	}

	holds(path: Path): boolean {
		return pathHolds(path, this.topology.version, this.kernel.nowUs);
	}

	/**
	 * Sends a packet the way the network is now. What the own host notices comes back through
	 * `onLocalError`, an unanswered ARP request only after its three seconds.
	 */
	send(source: IpNode, packet: IpPacket, onLocalError?: (error: LocalError) => void): void {
		const path = this.path(source, packet, packet.stage, packet.ttl);
		// A reset ends the flow for every firewall that sees it.
		if (packet.stage === 'reset') for (const { session } of path.sessions) session.closed = true;
		const sizeBytes = ipSizeBytes(packet);
		const limit = packet.dontFragment ? tooNarrow(path, sizeBytes) : undefined;
		const serialiseUs = Math.ceil(sizeBytes * path.usPerByte);
		const damaged = path.lossyNics.length > 0 && this.#damaged(path);
		if (this.capture) this.#record(packet, path, limit);
		if (limit) this.reportTooBig(source, packet, limit, onLocalError);
		else if (!damaged) this.#arrive(path, packet, serialiseUs, onLocalError);
	}

	#arrive(
		path: Path,
		packet: IpPacket,
		serialiseUs: number,
		onLocalError: ((error: LocalError) => void) | undefined,
	): void {
		const { end } = path;
		if (end.kind === 'delivered') {
			this.kernel.after(path.latencyUs + serialiseUs, () => {
				if (end.node.up) end.node.handlers?.packet(packet, path.ttl);
			});
		} else if (end.kind === 'error') {
			this.kernel.after(end.delayUs, () => {
				this.sendError(end.node, end.address, end.error, packet);
			});
		} else if (end.kind !== 'lost' && end.kind !== 'reset') {
			const { kind } = end;
			const delayUs = kind === 'no-arp' ? ARP_GIVE_UP_US : 0;
			this.kernel.after(delayUs, () => onLocalError?.({ kind }));
		}
	}

	/** A packet with DF met a link it does not fit: the router before that link says so. */
	reportTooBig(
		source: IpNode,
		packet: IpPacket,
		limit: MtuLimit,
		onLocalError?: (error: LocalError) => void,
	): void {
		const { mtuBytes } = limit;
		if (limit.node === source) {
			this.kernel.after(0, () => onLocalError?.({ kind: 'too-big', mtuBytes }));
			return;
		}
		this.kernel.after(limit.delayUs, () => {
			this.sendError(limit.node, limit.address, 'fragmentation-needed', packet, mtuBytes);
		});
	}

	/** An ICMP error from a router, or from the destination itself, to the sender of a packet. */
	sendError(
		node: IpNode,
		address: string,
		kind: IcmpErrorKind,
		about: IpPacket,
		mtuBytes?: number,
	): void {
		if (!node.up || about.stage === 'related') return;
		this.send(node, {
			protocol: 'icmp',
			source: address,
			sourcePort: 0,
			destination: about.source,
			destinationPort: 0,
			stage: 'related',
			ttl: DEFAULT_TTL,
			dontFragment: false,
			pieces: [],
			payloadBytes: QUOTED_BYTES,
			error: {
				kind,
				about: reverseFlow(reverseFlow(about)),
				aboutSizeBytes: ipSizeBytes(about),
				aboutSequence: about.tcp?.seq ?? about.echo?.sequence ?? 0,
				...(mtuBytes === undefined ? {} : { mtuBytes }),
			},
		});
	}

	/** Records a packet as the NICs on its way see it, up to where it gets stuck. */
	#record(packet: IpPacket, path: Path, limit: MtuLimit | undefined): void {
		const taps = this.tapsOf(path, limit);
		if (taps.length === 0) return;
		const { stage: _stage, ...fields } = packet;
		const frame: Omit<IpFrame, 'kind' | 'timeUs'> = { ...fields, taps };
		this.kernel.record('frame', frame);
	}

	/** Where a packet is seen when a link too narrow may stop it; nowhere without capture. */
	tapsOf(path: Path, limit: MtuLimit | undefined): readonly Tap[] {
		return limit ? path.taps.slice(0, limit.tapCount) : path.taps;
	}

	#damaged(path: Path): boolean {
		let damaged = false;
		for (const nic of path.lossyNics) {
			const random = this.kernel.random(`damage ${nic.hostId} ${nic.index}`);
			if (!random.chance(nic.lossPerThousand, 1_000)) continue;
			nic.errorCount++;
			damaged = true;
		}
		return damaged;
	}
}

/** The first link on the way that a packet of this size does not fit. */
export function tooNarrow(path: Path, sizeBytes: number): MtuLimit | undefined {
	return path.limits.find((limit) => limit.mtuBytes < sizeBytes);
}
