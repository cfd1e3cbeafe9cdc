import { internetChecksum } from './checksum.ts';

const IP_PROTOCOL = { icmp: 1, tcp: 6, udp: 17 } as const;

const HEADER_BYTES = 20;
const FLAG_DONT_FRAGMENT = 0x4000;

export interface Ipv4Fields {
	/** Dotted. */
	source: string;
	destination: string;
	protocol: keyof typeof IP_PROTOCOL;
	/** What follows the header. */
	payloadBytes: number;
	ttl: number;
	identification: number;
	dontFragment: boolean;
}

/** Four bytes of a dotted address. */
export function addressBytes(address: string): Uint8Array {
	return Uint8Array.from(address.split('.').slice(0, 4), Number);
}

/** An IPv4 header without options (RFC 791). */
export function ipv4Header(fields: Ipv4Fields): Uint8Array {
	const header = new Uint8Array(HEADER_BYTES);
	const view = new DataView(header.buffer);
	header[0] = 0x45;
	view.setUint16(2, HEADER_BYTES + fields.payloadBytes);
	view.setUint16(4, fields.identification);
	view.setUint16(6, fields.dontFragment ? FLAG_DONT_FRAGMENT : 0);
	header[8] = fields.ttl;
	header[9] = IP_PROTOCOL[fields.protocol];
	header.set(addressBytes(fields.source), 12);
	header.set(addressBytes(fields.destination), 16);
	view.setUint16(10, internetChecksum([header]));
	return header;
}

/** What TCP and UDP checksums cover besides the segment (RFC 9293 3.1). */
export function pseudoHeader(
	source: string,
	destination: string,
	protocol: 'tcp' | 'udp',
	sizeBytes: number,
): Uint8Array {
	const header = new Uint8Array(12);
	header.set(addressBytes(source), 0);
	header.set(addressBytes(destination), 4);
	header[9] = IP_PROTOCOL[protocol];
	new DataView(header.buffer).setUint16(10, sizeBytes);
	return header;
}
