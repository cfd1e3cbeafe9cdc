import type { DecodedIcmp } from '#lib/protocol/wire/decode-frame.ts';
import { formatIpv4, formatIpv6 } from '#lib/protocol/wire/ip-addresses.ts';
import type { Endpoint } from './capture-report.ts';

/** RFC 792, RFC 1122 3.2.2.1 and RFC 1812 5.2.7.1, by code. */
const UNREACHABLE_4: Readonly<Record<number, string>> = {
	0: 'network unreachable',
	1: 'host unreachable',
	2: 'protocol unreachable',
	3: 'port unreachable',
	4: 'packet too big for the next link, and it may not be fragmented',
	9: 'network administratively prohibited',
	10: 'host administratively prohibited',
	13: 'communication administratively prohibited',
};

/** RFC 4443 section 3.1, by code. */
const UNREACHABLE_6: Readonly<Record<number, string>> = {
	0: 'no route to the destination',
	1: 'communication administratively prohibited',
	3: 'address unreachable',
	4: 'port unreachable',
};

/** An ICMP error in words; undefined for any other message. */
export function icmpErrorWords({ version, type, code }: DecodedIcmp): string | undefined {
	if (version === 4) {
		if (type === 3) return UNREACHABLE_4[code] ?? `destination unreachable (code ${code})`;
		return type === 11 ? 'the packet went round until its time to live was used up' : undefined;
	}
	if (type === 1) return UNREACHABLE_6[code] ?? `destination unreachable (code ${code})`;
	if (type === 2) return 'packet too big for the next link';
	return type === 3 ? 'the packet went round until its hop limit was used up' : undefined;
}

/** The ends of the TCP or UDP packet that an ICMP error quotes; undefined where it cannot be read. */
export function quotedEnds(quoted: Uint8Array): { from: Endpoint; to: Endpoint } | undefined {
	const version = (quoted[0] ?? 0) >> 4;
	const header = version === 4 ? ((quoted[0] ?? 0) & 0xf) * 4 : 40;
	const protocol = quoted[version === 4 ? 9 : 6];
	if ((version !== 4 && version !== 6) || quoted.length < header + 4 || header < 20)
		return undefined;
	if (protocol !== 6 && protocol !== 17) return undefined;
	const port = (at: number) => (quoted[header + at]! << 8) | quoted[header + at + 1]!;
	const [source, destination] =
		version === 4
			? [formatIpv4(quoted, 12), formatIpv4(quoted, 16)]
			: [formatIpv6(quoted, 8), formatIpv6(quoted, 24)];
	return {
		from: { address: source, port: port(0) },
		to: { address: destination, port: port(2) },
	};
}
