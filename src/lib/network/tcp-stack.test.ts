import { wait, type Process } from '#lib/kernel/process.ts';
import { minutes, seconds } from '#lib/kernel/time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bench, fourSubnets, type Bench } from './four-subnets.fixture.ts';
import { PortInUse } from './tcp-listener.ts';
import type { TcpStream } from './tcp-stream.ts';

const PACS = { address: '10.20.20.10', port: 104 };

/** A connected pair of streams from a host to the archive. */
function connected(b: Bench, from = 'ct2'): { client: TcpStream; archive: TcpStream } {
	const listener = b.network.host('pacs').listen(104);
	const { value: client } = b.run(b.network.host(from).connect(PACS));
	if (client.kind !== 'connected') throw new Error(client.kind);
	const { value: archive } = b.run(wait(listener.accept()));
	listener.close();
	return { client, archive };
}

function* readAll(stream: TcpStream): Process<{ bytes: number[]; end: string }> {
	const bytes: number[] = [];
	for (;;) {
		const event = yield* wait(stream.read());
		if (event.kind !== 'data') return { bytes, end: event.kind };
		for (const piece of event.pieces) bytes.push(...piece);
	}
}

test('connects through the firewall in a round trip', () => {
	const b = bench();
	b.network.host('pacs').listen(104);
	b.run(b.network.host('ct2').pingOnce(PACS.address));
	const { value, tookUs } = b.run(b.network.host('ct2').connect(PACS));
	expect(value.kind).toBe('connected');
	// Two links of 100 µs each way, plus 40 bytes at 8 ns each, rounded up.
	expect(tookUs).toBe(2 * (200 + 1));
});

test('a port where nothing listens refuses at once', () => {
	const b = bench();
	b.run(b.network.host('ct2').pingOnce(PACS.address));
	const { value } = b.run(b.network.host('ct2').connect(PACS));
	expect(value).toMatchObject({ kind: 'refused', elapsedUs: 402 });
});

test('a drop rule: SYNs at 0, 1, 3, 7 ... s, given up after 127 s', () => {
	const b = bench();
	const to = { address: PACS.address, port: 11112 };
	const { value, tookUs } = b.run(b.network.host('ct2').connect(to));
	expect(value).toMatchObject({ kind: 'timeout', attempts: 7 });
	expect(tookUs).toBe(seconds(127));
	const syns = b.kernel.trace.events.filter((event) => event.kind === 'frame');
	expect(syns.map((event) => event.timeUs)).toEqual([0, 1, 3, 7, 15, 31, 63].map(seconds));
});

test('the caller may be less patient', () => {
	const b = bench();
	const to = { address: PACS.address, port: 11112 };
	const { value, tookUs } = b.run(b.network.host('ct2').connect(to, { timeoutUs: seconds(10) }));
	expect(value).toMatchObject({ kind: 'timeout', attempts: 4 });
	expect(tookUs).toBe(seconds(10));
});

test('a reject rule is told by the firewall at once', () => {
	const b = bench();
	const { value } = b.run(b.network.host('ct2').connect({ address: PACS.address, port: 443 }));
	expect(value).toMatchObject({ kind: 'prohibited', from: '10.20.10.1' });
	expect(value.kind === 'prohibited' && value.elapsedUs).toBeLessThan(1_000);
});

test('a host that is off: the own host or the router gets no ARP answer in three seconds', () => {
	const b = bench();
	b.network.host('ct1').up = false;
	b.network.host('pacs').nics[0]!.up = false;
	const near = b.run(b.network.host('ct2').connect({ address: '10.20.10.11', port: 104 }));
	expect(near.value).toMatchObject({ kind: 'unreachable', scope: 'host', from: '10.20.10.12' });
	expect(near.tookUs).toBe(seconds(3));
	const far = b.run(b.network.host('ct2').connect(PACS));
	expect(far.value).toMatchObject({ kind: 'unreachable', scope: 'host', from: '10.20.10.1' });
	expect(far.tookUs).toBeGreaterThan(seconds(3));
	expect(far.tookUs).toBeLessThan(seconds(3) + 2_000);
});

test('without a route nothing leaves', () => {
	const b = bench();
	b.network.host('ct2').nics[0]!.gateway = undefined;
	const { value, tookUs } = b.run(b.network.host('ct2').connect(PACS));
	expect(value).toMatchObject({ kind: 'unreachable', scope: 'network' });
	expect(tookUs).toBe(0);
});

test('a server with a wrong gateway receives SYNs but never connects', () => {
	const b = bench();
	b.network.host('pacs').listen(104);
	b.network.host('pacs').nics[0]!.gateway = '10.20.20.99';
	const process = b.network.host('ct2').connect(PACS, { timeoutUs: seconds(5) });
	expect(b.run(process).value.kind).toBe('timeout');
	expect(
		b.network
			.host('pacs')
			.sockets()
			.map((socket) => socket.state),
	).toContain('SYN_RECEIVED');
});

test('a full backlog drops SYNs', () => {
	const b = bench();
	b.network.host('pacs').listen(104, { backlog: 1 });
	expect(b.run(b.network.host('ct1').connect(PACS)).value.kind).toBe('connected');
	const second = b.run(b.network.host('ct2').connect(PACS, { timeoutUs: seconds(2) }));
	expect(second.value.kind).toBe('timeout');
});

test('a port can be listened on once', () => {
	const b = bench();
	const first = b.network.host('pacs').listen(104);
	expect(() => b.network.host('pacs').listen(104)).toThrow(PortInUse);
	first.close();
	b.network.host('pacs').listen(104);
});

test('bytes written in any pieces arrive complete and in order', () => {
	const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
	fc.assert(
		fc.property(fc.array(fc.tuple(pieces, fc.nat(300)), { maxLength: 20 }), (writes) => {
			const b = bench();
			const { client, archive } = connected(b);
			const reader = b.kernel.spawn('read', readAll(archive));
			b.run(
				(function* () {
					for (const [write, pauseUs] of writes) {
						client.write(write);
						yield* b.kernel.sleep(pauseUs);
					}
					client.close();
				})(),
			);
			const { value } = b.run(wait(reader));
			expect(value.end).toBe('end');
			expect(value.bytes).toEqual(writes.flatMap(([write]) => write.flatMap((p) => [...p])));
		}),
		{ numRuns: 40 },
	);
});

test('a write takes latency plus its size over the slowest link', () => {
	const b = bench();
	b.network.lan('servers').bandwidthBitsPerSecond = 8_000_000;
	const { client, archive } = connected(b);
	client.write([new Uint8Array(1_000_000)]);
	const first = b.run(wait(archive.read()));
	expect(first.tookUs).toBe(200 + 1_000_040);
	client.write([new Uint8Array(500_000)]);
	client.write([new Uint8Array(500_000)]);
	b.run(wait(archive.read()));
	const second = b.run(wait(archive.read()));
	expect(second.tookUs).toBe(500_040);
});

test('a changed rule spares the established flow, a cleared session table does not', () => {
	const b = bench();
	const { client, archive } = connected(b);
	const firewall = b.network.host('firewall').firewall;
	firewall.rules = [];
	client.write([Uint8Array.of(1)]);
	expect(b.run(wait(archive.read())).value.kind).toBe('data');
	firewall.clearSessions();
	const startUs = b.kernel.nowUs;
	client.write([Uint8Array.of(2)]);
	expect(b.run(wait(client.read())).value.kind).toBe('timeout');
	// 200 ms doubled up to 120 s, fifteen retransmissions, and a last wait.
	expect(b.kernel.nowUs - startUs).toBe(924_600_000);
	expect(firewall.log.at(-1)).toMatchObject({ rule: 'out-of-state', action: 'drop' });
});

test('a firewall forgets a silent flow after its idle time, and may answer with RST', () => {
	const b = bench();
	const { client, archive } = connected(b);
	const firewall = b.network.host('firewall').firewall;
	firewall.idleTimeoutUs = minutes(5);
	firewall.outOfState = 'reset';
	b.kernel.runUntil(b.kernel.nowUs + minutes(4));
	client.write([Uint8Array.of(1)]);
	expect(b.run(wait(archive.read())).value.kind).toBe('data');
	b.kernel.runUntil(b.kernel.nowUs + minutes(6));
	client.write([Uint8Array.of(2)]);
	expect(b.run(wait(client.read())).value.kind).toBe('reset');
});

test('data waits out a broken link and arrives once', () => {
	const b = bench();
	const { client, archive } = connected(b);
	const nic = b.network.host('pacs').nics[0]!;
	nic.up = false;
	client.write([Uint8Array.of(1, 2)]);
	client.write([Uint8Array.of(3)]);
	b.kernel.runUntil(b.kernel.nowUs + seconds(2));
	nic.up = true;
	client.close();
	expect(b.run(readAll(archive)).value).toEqual({ bytes: [1, 2, 3], end: 'end' });
});

test('lost acknowledgements cause retransmissions, but no byte arrives twice', () => {
	const b = bench();
	const { client, archive } = connected(b);
	const nic = b.network.host('pacs').nics[0]!;
	nic.gateway = '10.20.20.99';
	client.write([Uint8Array.of(1, 2)]);
	b.kernel.runUntil(b.kernel.nowUs + seconds(2));
	expect([archive.unreadBytes, client.unacknowledgedBytes]).toEqual([2, 2]);
	nic.gateway = '10.20.20.1';
	client.write([Uint8Array.of(3)]);
	client.close();
	expect(b.run(readAll(archive)).value).toEqual({ bytes: [1, 2, 3], end: 'end' });
	expect(client.unacknowledgedBytes).toBe(0);
});

test('a peer that dies in silence is noticed by retransmission only; reborn it answers with RST', () => {
	const b = bench();
	const { client } = connected(b);
	const pacs = b.network.host('pacs');
	pacs.up = false;
	b.kernel.runUntil(b.kernel.nowUs + minutes(10));
	expect(client.open).toBe(true);
	client.write([Uint8Array.of(1)]);
	b.kernel.runUntil(b.kernel.nowUs + seconds(1));
	expect(client.open).toBe(true);
	pacs.up = true;
	expect(b.run(wait(client.read())).value.kind).toBe('reset');
	expect(client.open).toBe(false);
});

test('a reset reaches the peer; both closing leaves TIME-WAIT on the first side', () => {
	const b = bench();
	const first = connected(b);
	first.archive.reset();
	expect(b.run(wait(first.client.read())).value.kind).toBe('reset');
	const { client, archive } = connected(b, 'ct1');
	client.close();
	expect(b.run(wait(archive.read())).value.kind).toBe('end');
	expect(archive.state).toBe('CLOSE_WAIT');
	archive.close();
	expect(b.run(wait(client.read())).value.kind).toBe('end');
	const states = (id: string) =>
		b.network
			.host(id)
			.sockets()
			.map((socket) => socket.state);
	expect(states('ct1')).toEqual(['TIME_WAIT']);
	b.kernel.runUntil(b.kernel.nowUs + seconds(61));
	expect([...states('ct1'), ...states('pacs')]).toEqual([]);
});

test('a smaller link on the way: path MTU discovery, or a black hole when ICMP is filtered', () => {
	for (const filtered of [false, true]) {
		const b = bench(vpn(filtered));
		const { client, archive } = connected(b, 'reader');
		client.write([new Uint8Array(100)]);
		expect(b.run(wait(archive.read())).value.kind).toBe('data');
		client.write([new Uint8Array(50_000)]);
		const outcome = b.kernel.spawn('read', wait(filtered ? client.read() : archive.read()));
		expect(b.run(wait(outcome)).value.kind).toBe(filtered ? 'timeout' : 'data');
	}
});

/** The reader's site behind a tunnel of 1400 bytes, with a firewall of its own that may filter ICMP. */
function vpn(filtered: boolean) {
	const spec = fourSubnets();
	spec.networks.push({ id: 'tunnel', cidr: '10.99.0.0/30', mtuBytes: 1_400 });
	const firewall = spec.hosts.find((host) => host.id === 'firewall')!;
	firewall.nics = firewall.nics.filter((nic) => nic.network !== 'remote');
	firewall.nics.push({ network: 'tunnel', address: '10.99.0.1', gateway: '10.99.0.2' });
	spec.hosts.push({
		id: 'site-router',
		forwards: true,
		nics: [
			{ network: 'remote', address: '10.20.40.1' },
			{ network: 'tunnel', address: '10.99.0.2', gateway: '10.99.0.1' },
		],
	});
	if (filtered) {
		const icmp = { action: 'drop', source: 'any', destination: 'any', protocol: 'icmp' } as const;
		spec.hosts.find((host) => host.id === 'reader')!.firewall = [
			{ id: 'no-icmp', ...icmp },
			{ id: 'out', action: 'allow', source: 'any', destination: 'any', protocol: 'any' },
		];
	}
	return spec;
}

test('two hosts with one address: connections break as the ARP entry flips', () => {
	const b = bench();
	b.network.host('ws1').nics[0]!.network = 'servers';
	b.network.host('ws1').nics[0]!.address = PACS.address;
	b.network.host('ws1').nics[0]!.gateway = '10.20.20.1';
	b.network.host('pacs').listen(104);
	const outcomes = new Set<string>();
	for (let i = 0; i < 12; i++) {
		outcomes.add(b.run(b.network.host('ct2').connect(PACS, { timeoutUs: seconds(4) })).value.kind);
		b.kernel.runUntil(b.kernel.nowUs + seconds(61));
	}
	expect([...outcomes].sort()).toEqual(['connected', 'refused']);
});

test('a damaged link is slow and counts errors, but loses no bytes', () => {
	const b = bench();
	const { client, archive } = connected(b);
	const nic = b.network.host('ct2').nics[0]!;
	nic.lossPerThousand = 20;
	client.write([new Uint8Array(1_460_000)]);
	const { tookUs } = b.run(wait(archive.read()));
	expect(nic.errorCount).toBe(20);
	expect(tookUs).toBeGreaterThan(seconds(4));
});

test('two runs of one seed leave equal traces, another seed does not', () => {
	const digest = (seed: string) => {
		const b = bench(fourSubnets(), { seed });
		const { client, archive } = connected(b);
		client.write([Uint8Array.of(1, 2, 3)]);
		b.run(wait(archive.read()));
		return b.kernel.trace.digest();
	};
	expect(digest('a')).toBe(digest('a'));
	expect(digest('a')).not.toBe(digest('b'));
});
