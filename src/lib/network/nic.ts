import { macAddress, parseAddress, type Address } from './address.ts';
import type { NicSpec } from './network-spec.ts';

/** A network interface with its address settings, which may change at any time. */
export class Nic {
	readonly hostId: string;
	readonly index: number;
	readonly mac: string;
	/** Frames damaged on this NIC's cable, as a switch port counts them. */
	errorCount = 0;
	#network: string;
	#address: string;
	#addressValue: Address;
	#prefix: number;
	#gateway: string | undefined;
	#up: boolean;
	#lossPerThousand = 0;
	#changed: () => void;

	constructor(
		hostId: string,
		index: number,
		spec: NicSpec,
		defaultPrefix: number,
		changed: () => void,
	) {
		this.hostId = hostId;
		this.index = index;
		this.mac = macAddress(hostId, index);
		this.#network = spec.network;
		this.#address = spec.address;
		this.#addressValue = checkedAddress(spec.address);
		this.#prefix = spec.prefix ?? defaultPrefix;
		this.#gateway = spec.gateway;
		this.#up = spec.up ?? true;
		this.#changed = changed;
	}

	/** `eth0`, `eth1`, ... */
	get name(): string {
		return `eth${this.index}`;
	}

	/** The id of the LAN its cable (or its switch port's VLAN) leads to. */
	get network(): string {
		return this.#network;
	}
	set network(value: string) {
		this.#network = value;
		this.#changed();
	}

	/** Dotted. Setting anything that is not an IPv4 address throws a RangeError. */
	get address(): string {
		return this.#address;
	}
	set address(value: string) {
		this.#addressValue = checkedAddress(value);
		this.#address = value;
		this.#changed();
	}

	get addressValue(): Address {
		return this.#addressValue;
	}

	get prefix(): number {
		return this.#prefix;
	}
	set prefix(value: number) {
		this.#prefix = value;
		this.#changed();
	}

	get gateway(): string | undefined {
		return this.#gateway;
	}
	set gateway(value: string | undefined) {
		this.#gateway = value;
		this.#changed();
	}

	/** Whether there is link: false when the cable is out or the port is shut. */
	get up(): boolean {
		return this.#up;
	}
	set up(value: boolean) {
		this.#up = value;
		this.#changed();
	}

	/** Frames of a thousand that this link damages (a bad cable, a duplex mismatch). */
	get lossPerThousand(): number {
		return this.#lossPerThousand;
	}
	set lossPerThousand(value: number) {
		this.#lossPerThousand = value;
		this.#changed();
	}
}

function checkedAddress(text: string): Address {
	const value = parseAddress(text);
	if (value === undefined) throw new RangeError(`${text} is not an IPv4 address`);
	return value;
}
