import type { Address } from './address.ts';
import { IpNode } from './ip-node.ts';
import { Lan } from './lan.ts';
import type { NetworkSpec } from './network-spec.ts';
import type { Nic } from './nic.ts';

/** What is plugged into what, as it is now. `version` grows with each change, so that paths can be kept meanwhile. */
export class Topology {
	readonly lans: ReadonlyMap<string, Lan>;
	readonly nodes: ReadonlyMap<string, IpNode>;
	version = 0;
	#holders = new Map<string, Nic[]>();
	#holdersVersion = -1;

	/** Throws a RangeError for a spec that contradicts itself: an unknown LAN, a double id, a bad address. */
	constructor(spec: NetworkSpec) {
		const changed = (): void => {
			this.version++;
		};
		this.lans = uniqueById(spec.networks.map((lan) => new Lan(lan, changed)));
		const prefixOf = (lanId: string): number => this.lan(lanId).prefix;
		this.nodes = uniqueById(spec.hosts.map((host) => new IpNode(host, prefixOf, changed)));
	}

	lan(id: string): Lan {
		const lan = this.lans.get(id);
		if (!lan) throw new RangeError(`no network ${id}`);
		return lan;
	}

	node(id: string): IpNode {
		const node = this.nodes.get(id);
		if (!node) throw new RangeError(`no host ${id}`);
		return node;
	}

	/** The live NICs on a LAN that answer an ARP request for an address: more than one when it is used twice. */
	holders(lanId: string, address: Address): readonly Nic[] {
		this.#refresh();
		return this.#holders.get(`${lanId} ${address}`) ?? [];
	}

	/** All live NICs on a LAN. */
	attached(lanId: string): Nic[] {
		return [...this.nodes.values()].flatMap((node) =>
			node.up ? node.nics.filter((nic) => nic.up && nic.network === lanId) : [],
		);
	}

	#refresh(): void {
		if (this.#holdersVersion === this.version) return;
		this.#holdersVersion = this.version;
		this.#holders.clear();
		for (const lan of this.lans.values()) {
			if (!lan.up) continue;
			for (const nic of this.attached(lan.id)) {
				const key = `${lan.id} ${nic.addressValue}`;
				const present = this.#holders.get(key);
				if (present) present.push(nic);
				else this.#holders.set(key, [nic]);
			}
		}
	}
}

function uniqueById<T extends { id: string }>(things: T[]): Map<string, T> {
	const byId = new Map<string, T>();
	for (const thing of things) {
		if (byId.has(thing.id)) throw new RangeError(`two of the same id: ${thing.id}`);
		byId.set(thing.id, thing);
	}
	return byId;
}
