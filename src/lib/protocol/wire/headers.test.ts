import { expect, test } from 'vitest';
import { toHex } from '#lib/kernel/sha256.ts';
import { arpMessage } from './arp.ts';
import { internetChecksum } from './checksum.ts';
import { ethernetHeader } from './ethernet.ts';
import { icmpEcho, icmpError } from './icmp.ts';
import { ipv4Header, pseudoHeader } from './ipv4.ts';
import { tcpHeader } from './tcp.ts';
import { udpHeader } from './udp.ts';

const bytes = (hex: string): Uint8Array =>
	Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test('the checksum example of RFC 1071 section 3', () => {
	expect(internetChecksum([bytes('0001f203f4f5f6f7')])).toBe(~0xddf2 & 0xffff);
});

test('how bytes are cut into pieces does not change the checksum', () => {
	const whole = bytes('0001f203f4f5f6f7ab');
	const pieces = [whole.subarray(0, 3), whole.subarray(3, 4), whole.subarray(4)];
	expect(internetChecksum(pieces)).toBe(internetChecksum([whole]));
	expect(internetChecksum([new Uint8Array(100_000).fill(0xff)])).toBe(0);
});

test('an IPv4 header byte for byte', () => {
	const header = ipv4Header({
		source: '192.168.0.1',
		destination: '192.168.0.199',
		protocol: 'udp',
		payloadBytes: 95,
		ttl: 64,
		identification: 0,
		dontFragment: true,
	});
	expect(toHex(header)).toBe('4500007300004000' + '4011b861' + 'c0a80001' + 'c0a800c7');
	expect(internetChecksum([header])).toBe(0);
});

test('transport checksums verify over the pseudo header', () => {
	const payload = [bytes('01'), bytes('020304')];
	const ends = {
		source: '10.20.10.12',
		sourcePort: 49_152,
		destination: '10.20.20.10',
		destinationPort: 104,
	};
	const flags = { fin: false, syn: true, rst: false, psh: false, acknowledges: false };
	const tcp = tcpHeader(
		{ ...ends, ...flags, seq: 0xffff_fff0, ack: 0, window: 64_240, mssBytes: 1_460 },
		payload,
	);
	expect(toHex(tcp).slice(0, 32)).toBe('c0000068' + 'fffffff0' + '00000000' + '6002faf0');
	expect(toHex(tcp).slice(40)).toBe('020405b4');
	const pseudo = pseudoHeader(ends.source, ends.destination, 'tcp', tcp.length + 4);
	expect(internetChecksum([pseudo, tcp, ...payload])).toBe(0);
	const udp = udpHeader({ ...ends, destinationPort: 53 }, payload);
	const udpPseudo = pseudoHeader(ends.source, ends.destination, 'udp', 12);
	expect(internetChecksum([udpPseudo, udp, ...payload])).toBe(0);
});

test('ICMP, ARP and Ethernet', () => {
	const echo = icmpEcho(8, 1, 2, 3);
	expect(toHex(echo)).toBe('0800f5fb00010002000102');
	expect(internetChecksum([echo])).toBe(0);
	const error = icmpError(3, 4, [bytes('aabb')], 1_400);
	expect(toHex(error).slice(8)).toBe('00000578aabb');
	expect(internetChecksum([error])).toBe(0);
	const arp = arpMessage({
		operation: 'request',
		senderMac: '02:00:00:00:00:01',
		senderAddress: '10.20.10.12',
		targetMac: '00:00:00:00:00:00',
		targetAddress: '10.20.10.1',
	});
	expect(toHex(arp)).toBe('0001080006040001' + '0200000000010a140a0c' + '0000000000000a140a01');
	expect(toHex(ethernetHeader('02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', 0x0806))).toBe(
		'ffffffffffff' + '020000000001' + '0806',
	);
});
