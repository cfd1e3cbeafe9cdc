import type { Kernel } from '#lib/kernel/kernel.ts';
import { Host } from './host.ts';
import { IpLayer } from './ip-layer.ts';
import type { Lan } from './lan.ts';
import { DNS_PORT, NameZone } from './name-service.ts';
import type { NetworkSpec } from './network-spec.ts';
import { Topology } from './topology.ts';

/**
 * Hosts, LANs, routers and firewalls in virtual time. Everything about a packet's way is decided when it is
 * sent, so a change takes effect with the next packet. With `capture` (the default) every frame is
 * recorded in the kernel's trace, by reference.
 */
export class Network {
	readonly hosts: ReadonlyMap<string, Host>;
	readonly zone: NameZone;
	#topology: Topology;

	/** Throws a RangeError when the spec contradicts itself. */
	constructor(kernel: Kernel, spec: NetworkSpec, options: { capture?: boolean } = {}) {
		this.#topology = new Topology(spec);
		this.zone = new NameZone(spec.names);
		const ip = new IpLayer(kernel, this.#topology, options.capture ?? true);
		this.hosts = new Map(
			spec.hosts.map((host) => [host.id, new Host(ip, this.#topology.node(host.id), host)]),
		);
		const resolvers = new Set(spec.hosts.map((host) => host.resolver));
		for (const host of this.hosts.values()) {
			const serves = host.nics.some((nic) => resolvers.has(nic.address));
			if (serves) host.serveDatagrams(DNS_PORT, this.zone.service);
		}
	}

	/** Throws a RangeError for an id that is not in the spec. */
	host(id: string): Host {
		const host = this.hosts.get(id);
		if (!host) throw new RangeError(`no host ${id}`);
		return host;
	}

	get lans(): ReadonlyMap<string, Lan> {
		return this.#topology.lans;
	}

	/** Throws a RangeError for an id that is not in the spec. */
	lan(id: string): Lan {
		return this.#topology.lan(id);
	}
}
