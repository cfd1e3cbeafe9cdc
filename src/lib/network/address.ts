import { sha256, toHex } from '#lib/kernel/sha256.ts';

/** An IPv4 address as an unsigned 32-bit integer. */
export type Address = number;

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Reads a dotted IPv4 address; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
	const parts = DOTTED.exec(text);
	if (!parts) return undefined;
	let value = 0;
	for (const part of parts.slice(1)) {
		const octet = Number(part);
		if (octet > 255) return undefined;
		value = value * 256 + octet;
	}
	return value;
}

export function formatAddress(address: Address): string {
	return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** The network mask of a prefix length 0..32, e.g. 24 is 255.255.255.0. */
export function maskOf(prefix: number): Address {
	return prefix <= 0 ? 0 : (0xffff_ffff << (32 - Math.min(prefix, 32))) >>> 0;
}

/** The prefix length of a mask; undefined when its one bits are not contiguous. */
export function prefixOfMask(mask: Address): number | undefined {
	for (let prefix = 0; prefix <= 32; prefix++) if (maskOf(prefix) === mask) return prefix;
	return undefined;
}

/** A block of addresses: the lowest one and the length of the common prefix. */
export interface Cidr {
	readonly address: Address;
	readonly prefix: number;
}

/** Reads `10.20.10.0/24`; a bare address is a /32. Bits below the prefix are cleared. */
export function parseCidr(text: string): Cidr | undefined {
	const [host = '', length] = text.split('/', 2);
	const address = parseAddress(host);
	const prefix = length === undefined ? 32 : /^\d{1,2}$/.test(length) ? Number(length) : NaN;
	if (address === undefined || !(prefix <= 32)) return undefined;
	return { address: (address & maskOf(prefix)) >>> 0, prefix };
}

/** Whether two addresses agree in their first `prefix` bits. */
export function inSubnet(address: Address, other: Address, prefix: number): boolean {
	const mask = maskOf(prefix);
	return (address & mask) >>> 0 === (other & mask) >>> 0;
}

/** The MAC address of a host's NIC: locally administered unicast (02:...), the same in every run. */
export function macAddress(hostId: string, nicIndex: number): string {
	const digits = toHex(sha256(`mac ${hostId} ${nicIndex}`).subarray(0, 5));
	return ['02', ...(digits.match(/../g) ?? [])].join(':');
}
