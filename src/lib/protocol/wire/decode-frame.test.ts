import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { ethernetHeader } from './ethernet.ts';
import { formatIpv6 } from './ip-addresses.ts';
import { ipv4Header } from './ipv4.ts';
import { tcpHeader } from './tcp.ts';

const ENDS = { source: '10.20.10.12', sourcePort: 49_152, destination: '10.20.20.10' };
const PAYLOAD = Uint8Array.of(1, 2, 3);

function tcpBytes(): Uint8Array {
	const flags = { fin: false, syn: false, rst: false, psh: true, acknowledges: true };
	const fields = { ...ENDS, destinationPort: 104, seq: 7, ack: 9, window: 100, ...flags };
	return Uint8Array.from([...tcpHeader(fields, [PAYLOAD]), ...PAYLOAD]);
}

function ipv4Packet(): Uint8Array {
	const tcp = tcpBytes();
	const { source, destination } = ENDS;
	const more = { protocol: 'tcp', ttl: 64, identification: 5, dontFragment: true } as const;
	const header = ipv4Header({ source, destination, payloadBytes: tcp.length, ...more });
	return Uint8Array.from([...header, ...tcp]);
}

function ipv6Packet(extensions: number[] = [], next = 6): Uint8Array {
	const tcp = tcpBytes();
	const size = extensions.length + tcp.length;
	const address = (last: number) => [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), last];
	const head = [0x60, 0, 0, 0, size >> 8, size & 0xff, next, 64, ...address(1), ...address(2)];
	return Uint8Array.from([...head, ...extensions, ...tcp]);
}

const ethernet = [...ethernetHeader('02:00:00:00:00:01', '02:00:00:00:00:02', 0x0800)];
const TCP = {
	sourcePort: 49_152,
	destinationPort: 104,
	seq: 7,
	ack: 9,
	acknowledges: true,
	payload: PAYLOAD,
	payloadBytes: 3,
};

test.each([
	['Ethernet', 1, ethernet],
	[
		'Ethernet with two VLAN tags',
		1,
		[...ethernet.slice(0, 12), 0x88, 0xa8, 0, 5, 0x81, 0, 0x20, 7, 8, 0],
	],
	['raw IP', 101, []],
	['IPv4', 228, []],
	['Linux cooked', 113, [0, 0, 0, 1, 0, 6, ...Array<number>(8).fill(0), 8, 0]],
	['Linux cooked, version 2', 276, [8, 0, ...Array<number>(18).fill(0)]],
	['loopback, little endian', 0, [2, 0, 0, 0]],
	['loopback, big endian', 108, [0, 0, 0, 2]],
])('%s', (_title, linkType, header) => {
	const frame = decodeFrame(linkType, Uint8Array.from([...header, ...ipv4Packet(), 0, 0, 0]));
	expect(frame).toMatchObject({
		network: 'ipv4',
		source: '10.20.10.12',
		destination: '10.20.20.10',
		tcp: TCP,
	});
	expect(frame.vlans).toEqual(header.length === 22 ? [5, 7] : []);
});

test('IPv6 with and without extension headers; a fragment is only told', () => {
	const plain = decodeFrame(101, ipv6Packet());
	expect(plain).toMatchObject({ source: '2001:db8::1', destination: '2001:db8::2', tcp: TCP });
	const hop = [60, 0, 0, 0, 0, 0, 0, 0];
	const options = [6, 0, 0, 0, 0, 0, 0, 0];
	expect(decodeFrame(101, ipv6Packet([...hop, ...options], 0))).toMatchObject({ tcp: TCP });
	// An authentication header counts its length in units of four bytes, less two.
	const authentication = [6, 1, ...Array<number>(10).fill(0)];
	expect(decodeFrame(101, ipv6Packet(authentication, 51))).toMatchObject({ tcp: TCP });
	const fragment = [6, 0, 0, 1, 0, 0, 0, 1];
	expect(decodeFrame(101, ipv6Packet(fragment, 44))).toMatchObject({ fragment: true });
});

test('a payload cut by the snap length keeps its length', () => {
	const cut = ipv4Packet().subarray(0, -2);
	expect(decodeFrame(101, cut).tcp).toMatchObject({
		payload: PAYLOAD.subarray(0, 1),
		payloadBytes: 3,
	});
});

test('IPv6 addresses in the form of RFC 5952', () => {
	const text = (groups: number[]) =>
		formatIpv6(Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])), 0);
	expect(text([0, 0, 0, 0, 0, 0, 0, 0])).toBe('::');
	expect(text([0, 0, 0, 0, 0, 0, 0, 1])).toBe('::1');
	expect(text([0xfe80, 0, 0, 0, 1, 0, 0, 2])).toBe('fe80::1:0:0:2');
	expect(text([1, 0, 2, 3, 4, 5, 6, 7])).toBe('1:0:2:3:4:5:6:7');
	expect(text([1, 2, 3, 4, 5, 6, 0, 0])).toBe('1:2:3:4:5:6::');
});

test('never throws', () => {
	const links = fc.constantFrom(0, 1, 12, 101, 108, 113, 228, 229, 276, 999);
	fc.assert(
		fc.property(links, fc.uint8Array({ maxLength: 120 }), (linkType, bytes) => {
			expect(decodeFrame(linkType, bytes).vlans).toBeDefined();
		}),
	);
	const good = ipv6Packet([6, 0, 0, 0, 0, 0, 0, 0], 0);
	for (let size = 0; size < good.length; size++) decodeFrame(101, good.subarray(0, size));
});
