/** Captured frames taken apart: link layer, VLAN tags, IP and what it carries. */
import { formatIpv4, formatIpv6 } from './ip-addresses.ts';

/** Link-layer header types of tcpdump.org. */
const LINK = {
	null: 0,
	ethernet: 1,
	rawOld: [12, 14],
	raw: 101,
	loop: 108,
	linuxCooked: 113,
	ipv4: 228,
	ipv6: 229,
	linuxCooked2: 276,
} as const;

const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
/** IEEE 802.1Q, 802.1ad, and the value that was in use before it. */
const VLAN_TYPES = [0x8100, 0x88a8, 0x9100];
const MOST_VLAN_TAGS = 4;
const MOST_EXTENSION_HEADERS = 8;
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
/** Hop-by-hop, routing, fragment, authentication, destination options (RFC 8200 section 4). */
const EXTENSIONS = [0, 43, 44, 51, 60];

export interface DecodedTcp {
	readonly sourcePort: number;
	readonly destinationPort: number;
	readonly seq: number;
	readonly ack: number;
	readonly fin: boolean;
	readonly syn: boolean;
	readonly rst: boolean;
	/** The ACK flag: `ack` means something. */
	readonly acknowledges: boolean;
	readonly window: number;
	/** A view: what was captured of the payload. */
	readonly payload: Uint8Array;
	/** How long the payload was on the wire. */
	readonly payloadBytes: number;
}

export interface DecodedUdp {
	readonly sourcePort: number;
	readonly destinationPort: number;
	readonly payload: Uint8Array;
}

export interface DecodedIcmp {
	readonly version: 4 | 6;
	readonly type: number;
	readonly code: number;
	/** What the error quotes of the packet it is about, from its IP header on; empty in other messages. */
	readonly quoted: Uint8Array;
}

export interface DecodedFrame {
	/** VLAN ids from the outside in. */
	readonly vlans: readonly number[];
	readonly network: 'ipv4' | 'ipv6' | 'arp' | 'other';
	readonly source?: string;
	readonly destination?: string;
	/** IPv4: tells copies of one packet apart from packets sent again. */
	readonly identification?: number;
	readonly ttl?: number;
	readonly tcp?: DecodedTcp;
	readonly udp?: DecodedUdp;
	readonly icmp?: DecodedIcmp;
	/** The packet is one of several fragments; its payload is not looked at. */
	readonly fragment?: boolean;
	/** Why it was not taken apart further. */
	readonly problem?: string;
}

/** Takes a captured frame apart. Never throws; what is cut off or unknown is told in `problem`. */
export function decodeFrame(linkType: number, bytes: Uint8Array): DecodedFrame {
	const link = linkLayer(linkType, bytes);
	if ('problem' in link) return { vlans: [], network: 'other', problem: link.problem };
	const { etherType, vlans } = link;
	const packet = bytes.subarray(link.start);
	if (etherType === ETHER_TYPE.ipv4) return { vlans, ...ipv4(packet) };
	if (etherType === ETHER_TYPE.ipv6) return { vlans, ...ipv6(packet) };
	return { vlans, network: etherType === ETHER_TYPE.arp ? 'arp' : 'other' };
}

interface Link {
	etherType: number;
	start: number;
	vlans: number[];
}

const SHORT = { problem: 'the frame is shorter than its headers' } as const;

function linkLayer(linkType: number, bytes: Uint8Array): Link | { problem: string } {
	const raw = () => {
		const version = (bytes[0] ?? 0) >> 4;
		const etherType = version === 6 ? ETHER_TYPE.ipv6 : ETHER_TYPE.ipv4;
		return { etherType, start: 0, vlans: [] };
	};
	switch (linkType) {
		case LINK.ethernet:
			return bytes.length < 14 ? SHORT : withVlans(bytes, 12);
		case LINK.linuxCooked:
			return bytes.length < 16 ? SHORT : withVlans(bytes, 14);
		case LINK.linuxCooked2:
			if (bytes.length < 20) return SHORT;
			return { etherType: u16(bytes, 0), start: 20, vlans: [] };
		case LINK.null:
		case LINK.loop:
			return loopback(bytes);
		case LINK.raw:
		case LINK.rawOld[0]:
		case LINK.rawOld[1]:
		case LINK.ipv4:
		case LINK.ipv6:
			return raw();
		default:
			return { problem: `link type ${linkType} is not known here` };
	}
}

/** The Ethernet type at `at`, behind any VLAN tags. */
function withVlans(bytes: Uint8Array, at: number): Link | { problem: string } {
	const vlans: number[] = [];
	let offset = at;
	while (VLAN_TYPES.includes(u16(bytes, offset)) && vlans.length < MOST_VLAN_TAGS) {
		if (bytes.length < offset + 6) return SHORT;
		vlans.push(u16(bytes, offset + 2) & 0xfff);
		offset += 4;
	}
	return { etherType: u16(bytes, offset), start: offset + 2, vlans };
}

/** The address family of BSD loopback in either byte order; 24, 28 and 30 are IPv6 of different systems. */
function loopback(bytes: Uint8Array): Link | { problem: string } {
	if (bytes.length < 4) return SHORT;
	const family = bytes[0] === 0 && bytes[1] === 0 ? u16(bytes, 2) : (bytes[0] ?? 0);
	const etherType = family === 2 ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6;
	if (![2, 10, 24, 28, 30].includes(family)) return { problem: `address family ${family}` };
	return { etherType, start: 4, vlans: [] };
}

type Packet = Omit<DecodedFrame, 'vlans'>;

function ipv4(bytes: Uint8Array): Packet {
	const headerBytes = ((bytes[0] ?? 0) & 0xf) * 4;
	if (bytes.length < 20 || (bytes[0] ?? 0) >> 4 !== 4 || headerBytes < 20) {
		return { network: 'ipv4', problem: 'no IPv4 header' };
	}
	// Zero when the network card cuts segments and the capture is taken before it.
	const stated = u16(bytes, 2);
	const totalBytes = stated === 0 ? bytes.length : stated;
	if (totalBytes < headerBytes)
		return { network: 'ipv4', problem: 'a total length below the header' };
	const head: Packet = {
		network: 'ipv4',
		source: formatIpv4(bytes, 12),
		destination: formatIpv4(bytes, 16),
		identification: u16(bytes, 4),
		ttl: bytes[8] ?? 0,
	};
	if ((u16(bytes, 6) & 0x3fff) !== 0) return { ...head, fragment: true };
	// Short frames are padded: what follows the total length is not the packet's.
	const payload = bytes.subarray(headerBytes, totalBytes);
	return { ...head, ...transport(bytes[9] ?? 0, payload, totalBytes - headerBytes, 4) };
}

function ipv6(bytes: Uint8Array): Packet {
	if (bytes.length < 40 || (bytes[0] ?? 0) >> 4 !== 6) {
		return { network: 'ipv6', problem: 'no IPv6 header' };
	}
	const head: Packet = {
		network: 'ipv6',
		source: formatIpv6(bytes, 8),
		destination: formatIpv6(bytes, 24),
		ttl: bytes[7] ?? 0,
	};
	const stated = u16(bytes, 4);
	const end = 40 + (stated === 0 ? bytes.length - 40 : stated);
	let next = bytes[6] ?? 0;
	let at = 40;
	for (let count = 0; EXTENSIONS.includes(next); count++) {
		if (count >= MOST_EXTENSION_HEADERS || at + 8 > bytes.length) {
			return { ...head, problem: 'the extension headers do not end' };
		}
		if (next === 44 && (u16(bytes, at + 2) & 0xfff9) !== 0) return { ...head, fragment: true };
		const units = bytes[at + 1] ?? 0;
		// The authentication header alone counts in units of four bytes (RFC 4302 section 2.2).
		const sizeBytes = next === 51 ? (units + 2) * 4 : (units + 1) * 8;
		next = bytes[at] ?? 0;
		at += sizeBytes;
	}
	return { ...head, ...transport(next, bytes.subarray(at, end), Math.max(0, end - at), 6) };
}

function transport(
	protocol: number,
	bytes: Uint8Array,
	sizeBytes: number,
	version: 4 | 6,
): Pick<DecodedFrame, 'tcp' | 'udp' | 'icmp' | 'problem'> {
	switch (protocol) {
		case PROTOCOL.tcp:
			return tcp(bytes, sizeBytes);
		case PROTOCOL.udp: {
			if (bytes.length < 8) return { problem: 'the UDP header is cut' };
			const [sourcePort, destinationPort] = [u16(bytes, 0), u16(bytes, 2)];
			return { udp: { sourcePort, destinationPort, payload: bytes.subarray(8) } };
		}
		case PROTOCOL.icmp:
		case PROTOCOL.icmpv6: {
			if (bytes.length < 4) return { problem: 'the ICMP header is cut' };
			const [type = 0, code = 0] = bytes;
			const isError = version === 4 ? [3, 4, 5, 11, 12].includes(type) : type < 128;
			return { icmp: { version, type, code, quoted: bytes.subarray(isError ? 8 : bytes.length) } };
		}
		default:
			return {};
	}
}

function tcp(bytes: Uint8Array, sizeBytes: number): Pick<DecodedFrame, 'tcp' | 'problem'> {
	const headerBytes = ((bytes[12] ?? 0) >> 4) * 4;
	if (bytes.length < 20 || headerBytes < 20 || headerBytes > sizeBytes) {
		return { problem: 'the TCP header is cut or wrong' };
	}
	const flags = bytes[13] ?? 0;
	return {
		tcp: {
			sourcePort: u16(bytes, 0),
			destinationPort: u16(bytes, 2),
			seq: u32(bytes, 4),
			ack: u32(bytes, 8),
			fin: (flags & 0x01) !== 0,
			syn: (flags & 0x02) !== 0,
			rst: (flags & 0x04) !== 0,
			acknowledges: (flags & 0x10) !== 0,
			window: u16(bytes, 14),
			payload: bytes.subarray(headerBytes),
			payloadBytes: sizeBytes - headerBytes,
		},
	};
}

function u16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
	return u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2);
}
