import { parseCidr } from './address.ts';
import type { LanSpec } from './network-spec.ts';

const DEFAULT_LATENCY_US = 100;
const DEFAULT_BANDWIDTH_BITS_PER_SECOND = 1_000_000_000;
const DEFAULT_MTU_BYTES = 1500;

/** A broadcast domain (a LAN or VLAN) with its switch. Its settings may change at any time. */
export class Lan {
	readonly id: string;
	readonly title: string;
	readonly cidr: string;
	readonly prefix: number;
	#latencyUs: number;
	#bandwidthBitsPerSecond: number;
	#mtuBytes: number;
	#up = true;
	#changed: () => void;

	constructor(spec: LanSpec, changed: () => void) {
		const cidr = parseCidr(spec.cidr);
		if (!cidr) throw new RangeError(`network ${spec.id}: ${spec.cidr} is not a cidr`);
		this.id = spec.id;
		this.title = spec.title ?? spec.id;
		this.cidr = spec.cidr;
		this.prefix = cidr.prefix;
		this.#latencyUs = spec.latencyUs ?? DEFAULT_LATENCY_US;
		this.#bandwidthBitsPerSecond = spec.bandwidthBitsPerSecond ?? DEFAULT_BANDWIDTH_BITS_PER_SECOND;
		this.#mtuBytes = spec.mtuBytes ?? DEFAULT_MTU_BYTES;
		this.#changed = changed;
	}

	/** One way. */
	get latencyUs(): number {
		return this.#latencyUs;
	}
	set latencyUs(value: number) {
		this.#latencyUs = value;
		this.#changed();
	}

	get bandwidthBitsPerSecond(): number {
		return this.#bandwidthBitsPerSecond;
	}
	set bandwidthBitsPerSecond(value: number) {
		this.#bandwidthBitsPerSecond = value;
		this.#changed();
	}

	/** The largest IP packet it carries. */
	get mtuBytes(): number {
		return this.#mtuBytes;
	}
	set mtuBytes(value: number) {
		this.#mtuBytes = value;
		this.#changed();
	}

	/** False when the switch is off. */
	get up(): boolean {
		return this.#up;
	}
	set up(value: boolean) {
		this.#up = value;
		this.#changed();
	}
}
