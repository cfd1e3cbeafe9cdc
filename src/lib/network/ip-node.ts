import { formatAddress, inSubnet, parseAddress, parseCidr, type Address } from './address.ts';
import { ArpTable } from './arp-table.ts';
import { Firewall } from './firewall.ts';
import type { HostSpec, RouteSpec } from './network-spec.ts';
import { Nic } from './nic.ts';
import type { PacketHandlers } from './packet.ts';

/** Where a packet leaves a host and whom it is handed to on that LAN. */
export interface NextHop {
	readonly nic: Nic;
	readonly address: Address;
}

/** One line of a routing table. */
export interface RouteRow {
	readonly destination: string;
	readonly prefix: number;
	/** Absent for a directly connected subnet. */
	readonly gateway?: string;
	readonly nic: string;
}

const LOOPBACK_PREFIX = 8;
const LOOPBACK = 0x7f00_0000;

/** The internet layer of a host: interfaces, routes, ARP table and firewall. */
export class IpNode {
	readonly id: string;
	readonly nics: readonly Nic[];
	readonly firewall: Firewall;
	readonly arp = new ArpTable();
	readonly forwards: boolean;
	answersPing: boolean;
	handlers: PacketHandlers | undefined;
	#routes: RouteSpec[];
	#up = true;
	#changed: () => void;

	constructor(spec: HostSpec, prefixOf: (lanId: string) => number, changed: () => void) {
		this.id = spec.id;
		this.nics = spec.nics.map(
			(nic, index) => new Nic(spec.id, index, nic, prefixOf(nic.network), changed),
		);
		const rules = spec.firewall ?? [];
		const defaultAction = spec.firewallDefault ?? (rules.length > 0 ? 'drop' : 'allow');
		this.firewall = new Firewall([...rules], defaultAction, changed);
		this.forwards = spec.forwards ?? false;
		this.answersPing = spec.answersPing ?? true;
		this.#routes = [...(spec.routes ?? [])];
		this.#changed = changed;
	}

	/** Powered. Switching off forgets the ARP table and the firewall's sessions. */
	get up(): boolean {
		return this.#up;
	}
	set up(value: boolean) {
		if (this.#up === value) return;
		this.#up = value;
		this.arp.clear();
		this.firewall.clearSessions();
		this.#changed();
	}

	/** Static routes; replace the list to change it. */
	get routes(): readonly RouteSpec[] {
		return this.#routes;
	}
	set routes(value: readonly RouteSpec[]) {
		this.#routes = [...value];
		this.#changed();
	}

	/** Whether a packet to this address stays in this host. */
	owns(address: Address): boolean {
		return (
			inSubnet(address, LOOPBACK, LOOPBACK_PREFIX) ||
			this.nics.some((nic) => nic.addressValue === address)
		);
	}

	/** The most specific route: connected subnets and static routes by prefix length, then the gateways. */
	nextHop(destination: Address): NextHop | undefined {
		let best: NextHop | undefined;
		let bestPrefix = -1;
		for (const nic of this.nics) {
			if (!nic.up || nic.prefix <= bestPrefix) continue;
			if (!inSubnet(destination, nic.addressValue, nic.prefix)) continue;
			best = { nic, address: destination };
			bestPrefix = nic.prefix;
		}
		for (const route of this.#routes) {
			const cidr = parseCidr(route.to);
			const via = parseAddress(route.via);
			if (!cidr || via === undefined || cidr.prefix <= bestPrefix) continue;
			if (!inSubnet(destination, cidr.address, cidr.prefix)) continue;
			const nic = this.#connectedTo(via);
			if (!nic) continue;
			best = { nic, address: via };
			bestPrefix = cidr.prefix;
		}
		return best ?? this.#defaultHop();
	}

	/** The address a packet of this host to `destination` carries; undefined without a route. */
	sourceAddress(destination: Address): string | undefined {
		if (this.owns(destination)) return formatAddress(destination);
		return this.nextHop(destination)?.nic.address;
	}

	/** What `ip route` lists. */
	routeRows(): RouteRow[] {
		const rows: RouteRow[] = [];
		for (const nic of this.nics) {
			if (!nic.up) continue;
			if (nic.gateway !== undefined) {
				rows.push({ destination: '0.0.0.0', prefix: 0, gateway: nic.gateway, nic: nic.name });
			}
			const subnet = parseCidr(`${nic.address}/${nic.prefix}`);
			rows.push({
				destination: formatAddress(subnet?.address ?? 0),
				prefix: nic.prefix,
				nic: nic.name,
			});
		}
		for (const route of this.#routes) {
			const cidr = parseCidr(route.to);
			const nic = this.#connectedTo(parseAddress(route.via) ?? 0);
			if (!cidr || !nic) continue;
			const destination = formatAddress(cidr.address);
			rows.push({ destination, prefix: cidr.prefix, gateway: route.via, nic: nic.name });
		}
		return rows.sort((a, b) => a.prefix - b.prefix);
	}

	#connectedTo(address: Address): Nic | undefined {
		return this.nics.find((nic) => nic.up && inSubnet(address, nic.addressValue, nic.prefix));
	}

	#defaultHop(): NextHop | undefined {
		for (const nic of this.nics) {
			const gateway = nic.up && nic.gateway !== undefined ? parseAddress(nic.gateway) : undefined;
			if (gateway !== undefined) return { nic, address: gateway };
		}
		return undefined;
	}
}
