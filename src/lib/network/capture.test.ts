import { wait } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { captureAt, cutSegments, type CapturedPacket } from './capture.ts';
import { parseCaptureFilter } from './capture-filter.ts';
import { bench, type Bench } from './four-subnets.fixture.ts';
import { formatTcpdumpLine } from './tcpdump-text.ts';

const PACS = { address: '10.20.20.10', port: 104 };

/** 07:40:00 on some day. */
const EPOCH_US = seconds(7 * 3_600 + 40 * 60);

function filtered(b: Bench, host: string, text: string, nic?: number): CapturedPacket[] {
	const parsed = parseCaptureFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return captureAt(b.kernel.trace, host, {
		filter: parsed.filter,
		...(nic !== undefined && { nic }),
	});
}

function exchange(b: Bench, sizeBytes: number): void {
	const listener = b.network.host('pacs').listen(104);
	const { value: client } = b.run(b.network.host('ct2').connect(PACS));
	if (client.kind !== 'connected') throw new Error(client.kind);
	const { value: archive } = b.run(wait(listener.accept()));
	client.write([new Uint8Array(sizeBytes).map((_, i) => i)]);
	b.run(wait(archive.read()));
	archive.write([Uint8Array.of(1, 2, 3)]);
	b.run(wait(client.read()));
	client.close();
	b.run(wait(archive.read()));
	archive.close();
	b.run(wait(client.read()));
}

test('a dropping firewall: SYNs seen outside, none inside, and none at the archive', () => {
	const b = bench();
	const to = { address: PACS.address, port: 11112 };
	b.run(b.network.host('ct2').connect(to, { timeoutUs: seconds(5) }));
	const outside = filtered(b, 'firewall', 'tcp', 0);
	expect(outside.map((packet) => packet.timeUs)).toEqual([300, 1_000_100, 3_000_100]);
	expect(filtered(b, 'firewall', 'tcp', 1)).toEqual([]);
	expect(filtered(b, 'pacs', 'tcp')).toEqual([]);
	expect(filtered(b, 'ct2', 'tcp')).toHaveLength(3);
	expect(filtered(b, 'ct1', 'tcp')).toEqual([]);
	expect(filtered(b, 'ct1', 'arp')).toHaveLength(1);
});

test('a router sees what it forwards on both sides, with one TTL less', () => {
	const b = bench();
	b.run(b.network.host('ct2').pingOnce(PACS.address));
	const seen = filtered(b, 'firewall', 'icmp and dst host 10.20.20.10');
	expect(seen).toMatchObject([
		{ nic: 0, direction: 'in', ttl: 64 },
		{ nic: 1, direction: 'out', ttl: 63 },
	]);
});

test('segments carry exactly the bytes that were written, in order and in time', () => {
	const b = bench();
	exchange(b, 10_000);
	for (const host of ['ct2', 'pacs']) {
		const packets = filtered(b, host, 'src 10.20.10.12 and tcp');
		const segments = [...cutSegments(packets)].filter((p) => p.kind === 'ip' && p.payloadBytes > 0);
		expect(segments).toHaveLength(7);
		const bytes = segments.flatMap((p) => (p.kind === 'ip' ? p.pieces.flatMap((x) => [...x]) : []));
		expect(bytes).toEqual(Array.from({ length: 10_000 }, (_, i) => i & 0xff));
		const times = segments.map((p) => p.timeUs);
		expect(times).toEqual([...times].sort((x, y) => x - y));
		expect(new Set(times).size).toBe(7);
	}
});

test('nothing is recorded with capture off', () => {
	const b = bench(undefined, { capture: false });
	exchange(b, 10_000);
	expect(b.kernel.trace.events).toEqual([]);
});

test('prints like tcpdump', () => {
	const b = bench();
	b.run(b.network.host('ct2').resolve('pacs.hospital.example'));
	exchange(b, 1_500);
	b.run(b.network.host('ct2').pingOnce(PACS.address));
	b.run(b.network.host('ct2').connect({ address: PACS.address, port: 443 }));
	const lines = [...cutSegments(captureAt(b.kernel.trace, 'ct2'))].map((packet) =>
		formatTcpdumpLine(packet, { epochUs: EPOCH_US, numeric: true })
			.replace(/^07:40:00\.\d{6} /, '')
			.replace(/seq \d{6,}/, 'seq S')
			.replace(/ack \d{6,}/, 'ack A')
			.replace(/10\.20\.10\.12\.\d+/, 'CT2')
			.replace(/^(IP .*: )\d+(\+|\*)/, '$1ID$2'),
	);
	expect(lines).toEqual([
		'ARP, Request who-has 10.20.10.1 tell 10.20.10.12, length 28',
		`ARP, Reply 10.20.10.1 is-at ${b.network.host('firewall').nics[0]?.mac}, length 28`,
		'IP CT2 > 10.20.20.53.53: ID+ A? pacs.hospital.example. (39)',
		'IP 10.20.20.53.53 > CT2: ID* 1/0/0 A 10.20.20.10 (55)',
		'IP CT2 > 10.20.20.10.104: Flags [S], seq S, win 64240, options [mss 1460], length 0',
		'IP 10.20.20.10.104 > CT2: Flags [S.], seq S, ack A, win 64240, options [mss 1460], length 0',
		'IP CT2 > 10.20.20.10.104: Flags [.], ack 1, win 64240, length 0',
		'IP CT2 > 10.20.20.10.104: Flags [.], seq 1:1461, ack 1, win 64240, length 1460',
		'IP CT2 > 10.20.20.10.104: Flags [P.], seq 1461:1501, ack 1, win 64240, length 40',
		'IP 10.20.20.10.104 > CT2: Flags [.], ack 1501, win 64240, length 0',
		'IP 10.20.20.10.104 > CT2: Flags [P.], seq 1:4, ack 1501, win 64240, length 3',
		'IP CT2 > 10.20.20.10.104: Flags [.], ack 4, win 64240, length 0',
		'IP CT2 > 10.20.20.10.104: Flags [F.], seq 1501, ack 4, win 64240, length 0',
		'IP 10.20.20.10.104 > CT2: Flags [.], ack 1502, win 64240, length 0',
		'IP 10.20.20.10.104 > CT2: Flags [F.], seq 4, ack 1502, win 64240, length 0',
		'IP CT2 > 10.20.20.10.104: Flags [.], ack 5, win 64240, length 0',
		'IP 10.20.10.12 > 10.20.20.10: ICMP echo request, id 1, seq 1, length 64',
		'IP 10.20.20.10 > 10.20.10.12: ICMP echo reply, id 1, seq 1, length 64',
		'IP CT2 > 10.20.20.10.443: Flags [S], seq S, win 64240, options [mss 1460], length 0',
		'IP 10.20.10.1 > 10.20.10.12: ICMP host 10.20.20.10 unreachable - admin prohibited filter, length 36',
	]);
});

test('prints names and services without -n', () => {
	const b = bench();
	b.run(b.network.host('ct2').connect(PACS));
	const [syn, refusal] = filtered(b, 'ct2', 'tcp');
	const hostNames = new Map([['10.20.20.10', 'pacs']]);
	const line = (packet: CapturedPacket | undefined) =>
		packet && formatTcpdumpLine(packet, { epochUs: EPOCH_US, numeric: false, hostNames });
	expect(line(syn)).toMatch(
		/^07:40:00\.000200 IP 10\.20\.10\.12\.\d+ > pacs\.acr-nema: Flags \[S\]/,
	);
	expect(line(refusal)).toMatch(
		/pacs\.acr-nema > .*: Flags \[R\.\], seq 0, ack 1, win 0, length 0$/,
	);
});
