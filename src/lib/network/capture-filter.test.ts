import { expect, test } from 'vitest';
import type { CapturedIp } from './capture.ts';
import { parseCaptureFilter } from './capture-filter.ts';

const packet: CapturedIp = {
	kind: 'ip',
	departedUs: 0,
	segment: 0,
	timeUs: 0,
	host: 'ct2',
	nic: 0,
	direction: 'out',
	sourceMac: '',
	destinationMac: '',
	protocol: 'tcp',
	source: '10.20.10.12',
	sourcePort: 49_152,
	destination: '10.20.20.10',
	destinationPort: 104,
	ttl: 64,
	dontFragment: true,
	pieces: [],
	payloadBytes: 0,
	mssBytes: 1_460,
	sentBytes: 0,
	serialiseUs: 0,
};

const matches = (text: string): boolean => {
	const parsed = parseCaptureFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.filter(packet);
};

test.each([
	['', true],
	['port 104', true],
	['tcp port 104', true],
	['udp port 104', false],
	['src port 104', false],
	['tcp dst port 104', true],
	['host 10.20.10.12', true],
	['dst host 10.20.10.12', false],
	['src 10.20.10.12', true],
	['10.20.20.10', true],
	['net 10.20.0.0/16', true],
	['src net 10.20.20.0/24', false],
	['icmp', false],
	['ip and not icmp', true],
	['icmp or tcp', true],
	['not (host 10.20.10.12 and port 104)', false],
	['! host 10.20.10.11 && port 104', true],
	['udp || arp', false],
	// `and` and `or` bind equally, from left to right.
	['tcp or udp and icmp', false],
])('%s -> %s', (text, expected) => {
	expect(matches(text)).toBe(expected);
});

test.each(['port', 'port abc', 'port 70000', 'host pacs', 'tcp and', '(tcp', 'vlan 10', 'tcp)'])(
	'%s is refused with a message',
	(text) => {
		expect(parseCaptureFilter(text)).toMatchObject({
			ok: false,
			message: expect.stringMatching(/./),
		});
	},
);
