import { formatAddress, type Address } from './address.ts';
import type { Nic } from './nic.ts';
import { seconds } from '#lib/kernel/time.ts';

const LIFETIME_US = seconds(60);

interface ArpEntry {
	readonly target: Nic;
	readonly learntBy: Nic;
	learntUs: number;
}

export interface ArpRow {
	readonly address: string;
	readonly mac: string;
	readonly nic: string;
	readonly ageUs: number;
}

/** Which MAC address a host believes an IP address has. Entries live a minute. */
export class ArpTable {
	#entries = new Map<Address, ArpEntry>();

	/**
	 * The remembered owner of an address, if it still is one of the present `holders`. An entry that grew
	 * old is confirmed in silence while nobody else claims the address, and forgotten otherwise.
	 */
	find(address: Address, holders: readonly Nic[], nowUs: number): Nic | undefined {
		const entry = this.#entries.get(address);
		if (!entry || !holders.includes(entry.target)) return undefined;
		if (nowUs < entry.learntUs + LIFETIME_US) return entry.target;
		if (holders.length > 1) return undefined;
		entry.learntUs = nowUs;
		return entry.target;
	}

	/** When an entry whose address is claimed twice must be asked for again. */
	expiresUs(address: Address): number {
		return (this.#entries.get(address)?.learntUs ?? 0) + LIFETIME_US;
	}

	learn(address: Address, target: Nic, learntBy: Nic, nowUs: number): void {
		this.#entries.set(address, { target, learntBy, learntUs: nowUs });
	}

	/** What `arp -a` lists. */
	rows(nowUs: number): ArpRow[] {
		return [...this.#entries].map(([address, entry]) => ({
			address: formatAddress(address),
			mac: entry.target.mac,
			nic: entry.learntBy.name,
			ageUs: nowUs - entry.learntUs,
		}));
	}

	clear(): void {
		this.#entries.clear();
	}
}
