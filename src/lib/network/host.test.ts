import { seconds } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { bench, fourSubnets } from './four-subnets.fixture.ts';
import type { Hop } from './traceroute.ts';

test('pings between all four subnets through the firewall', () => {
	const b = bench();
	for (const [from, to] of [
		['ct2', '10.20.20.10'],
		['pacs', '10.20.30.21'],
		['ws1', '10.20.40.31'],
		['reader', '10.20.10.12'],
	] as const) {
		const { value } = b.run(b.network.host(from).pingOnce(to));
		expect(value, from).toMatchObject({ kind: 'reply', from: to, ttl: 63, sizeBytes: 56 });
	}
	const near = b.run(b.network.host('ct2').pingOnce('10.20.10.11')).value;
	expect(near).toMatchObject({ kind: 'reply', ttl: 64 });
});

test('the first ping waits for ARP, the second does not', () => {
	const b = bench();
	const ping = () => {
		const { value } = b.run(b.network.host('ct2').pingOnce('10.20.10.11'));
		return value.kind === 'reply' ? value.rttUs : NaN;
	};
	expect(ping()).toBe(402);
	expect(ping()).toBe(202);
	expect(b.network.host('ct2').arpTable()).toMatchObject([
		{ address: '10.20.10.11', mac: b.network.host('ct1').nics[0]?.mac },
	]);
});

test('ping fails in the ways of the real one', () => {
	const b = bench();
	const ping = (to: string, options = {}) =>
		b.run(b.network.host('ct2').pingOnce(to, options)).value;
	b.network.host('pacs').answersPing = false;
	expect(ping('10.20.20.10')).toEqual({ kind: 'timeout' });
	expect(ping('10.20.10.99', { timeoutUs: seconds(5) })).toMatchObject({
		kind: 'unreachable',
		from: '10.20.10.12',
		error: 'host-unreachable',
		rttUs: seconds(3),
	});
	expect(ping('10.20.20.99', { timeoutUs: seconds(5) })).toMatchObject({
		kind: 'unreachable',
		from: '10.20.10.1',
		error: 'host-unreachable',
	});
	expect(ping('192.0.2.1')).toMatchObject({ from: '10.20.10.1', error: 'net-unreachable' });
	expect(ping('10.20.20.53', { ttl: 1 })).toMatchObject({ kind: 'time-exceeded' });
});

test('large pings with DF find the narrow link', () => {
	const b = bench();
	b.network.lan('servers').mtuBytes = 1_400;
	const ping = (sizeBytes: number, dontFragment: boolean) =>
		b.run(b.network.host('ct2').pingOnce('10.20.20.10', { sizeBytes, dontFragment })).value;
	expect(ping(1_372, true).kind).toBe('reply');
	expect(ping(1_373, true)).toEqual({ kind: 'too-big', from: '10.20.10.1', mtuBytes: 1_400 });
	expect(ping(1_473, true)).toEqual({ kind: 'too-big', from: '10.20.10.12', mtuBytes: 1_500 });
	expect(ping(1_373, false).kind).toBe('reply');
});

test('a wrong mask asks for remote hosts by ARP and finds nobody', () => {
	const b = bench();
	b.network.host('ct2').nics[0]!.prefix = 16;
	const { value } = b.run(b.network.host('ct2').pingOnce('10.20.20.10', { timeoutUs: seconds(5) }));
	expect(value).toMatchObject({ kind: 'unreachable', from: '10.20.10.12' });
	expect(b.run(b.network.host('ct2').pingOnce('10.20.10.11')).value.kind).toBe('reply');
});

test('traceroute lists the hops by each method and calls back', () => {
	const b = bench();
	b.network.host('pacs').listen(104);
	const rules = b.network.host('firewall').firewall.rules;
	rules.push({ id: 'udp', action: 'allow', source: 'any', destination: 'any', protocol: 'udp' });
	for (const method of ['udp', 'icmp', 'tcp'] as const) {
		const seen: Hop[] = [];
		const options = { method, port: 104, onHop: (hop: Hop) => seen.push(hop) };
		const { value } = b.run(b.network.host('ct2').traceroute('10.20.20.10', options));
		const from = value.map((hop) => hop.probes.map((p) => (p.kind === 'answer' ? p.from : '*')));
		expect(from, method).toEqual([
			['10.20.10.1', '10.20.10.1', '10.20.10.1'],
			['10.20.20.10', '10.20.20.10', '10.20.20.10'],
		]);
		expect(seen).toEqual(value);
	}
	b.kernel.runUntil(b.kernel.nowUs + seconds(1));
	expect(b.network.host('pacs').sockets()).toHaveLength(1);
});

test('traceroute shows stars behind a drop rule', () => {
	const b = bench();
	const options = { method: 'tcp', port: 11112, maxHops: 3, probes: 1 } as const;
	const { value } = b.run(b.network.host('ct2').traceroute('10.20.20.10', options));
	expect(value.map((hop) => hop.probes[0]?.kind)).toEqual(['answer', 'timeout', 'timeout']);
});

test('names: dotted, hosts file, DNS through the firewall, and reverse', () => {
	const b = bench();
	const ct2 = b.network.host('ct2');
	const resolve = (name: string) => b.run(ct2.resolve(name));
	expect(resolve('10.1.2.3')).toEqual({ value: { address: '10.1.2.3' }, tookUs: 0 });
	const found = resolve('PACS.hospital.example.');
	expect(found.value).toEqual({ address: '10.20.20.10' });
	expect(found.tookUs).toBeGreaterThan(400);
	expect(resolve('nobody.hospital.example').value).toEqual({ failure: 'not-found' });
	ct2.names.hostsFile.push({ name: 'pacs.hospital.example', address: '10.9.9.9' });
	expect(resolve('pacs.hospital.example')).toEqual({ value: { address: '10.9.9.9' }, tookUs: 0 });
	expect(b.run(ct2.names.reverse('10.20.10.12')).value).toEqual({ name: 'ct2.hospital.example' });
});

test('names fail like a resolver does: after ten seconds, or at once when told', () => {
	const b = bench();
	const resolve = () => b.run(b.network.host('ct2').resolve('pacs.hospital.example'));
	b.network.zone.healthy = false;
	expect(resolve().value).toEqual({ failure: 'server-failure' });
	b.network.host('firewall').firewall.rules = [];
	b.kernel.runUntil(b.kernel.nowUs + seconds(60));
	expect(resolve()).toEqual({ value: { failure: 'timeout' }, tookUs: seconds(10) });
	b.network.host('ct2').names.server = '10.20.10.11';
	const near = resolve();
	expect(near.value).toEqual({ failure: 'server-failure' });
	expect(near.tookUs).toBeLessThan(1_000);
});

test('two routers in a row, with static and default routes', () => {
	const spec = fourSubnets();
	spec.networks.push({ id: 'tunnel', cidr: '10.99.0.0/30', latencyUs: 15_000 });
	spec.networks.push({ id: 'clinic', cidr: '10.50.0.0/24' });
	spec.hosts[0]!.nics.push({ network: 'tunnel', address: '10.99.0.1' });
	spec.hosts[0]!.routes = [{ to: '10.50.0.0/24', via: '10.99.0.2' }];
	spec.hosts.push(
		{
			id: 'clinic-router',
			forwards: true,
			nics: [
				{ network: 'tunnel', address: '10.99.0.2', gateway: '10.99.0.1' },
				{ network: 'clinic', address: '10.50.0.1' },
			],
		},
		{ id: 'us1', nics: [{ network: 'clinic', address: '10.50.0.9', gateway: '10.50.0.1' }] },
	);
	const b = bench(spec);
	const { value } = b.run(b.network.host('ct2').pingOnce('10.50.0.9'));
	expect(value).toMatchObject({ kind: 'reply', ttl: 62 });
	expect(value.kind === 'reply' && value.rttUs).toBeGreaterThan(30_000);
	expect(b.network.host('firewall').routingTable()).toContainEqual({
		destination: '10.50.0.0',
		prefix: 24,
		gateway: '10.99.0.2',
		nic: 'eth4',
	});
});

test('routers that send to each other are ended by the TTL', () => {
	const spec = fourSubnets();
	spec.hosts[0]!.nics[1]!.gateway = '10.20.20.2';
	spec.hosts.push({
		id: 'other',
		forwards: true,
		nics: [{ network: 'servers', address: '10.20.20.2', gateway: '10.20.20.1' }],
	});
	const loop = bench(spec);
	const { value } = loop.run(loop.network.host('ct2').pingOnce('192.0.2.1'));
	expect(value.kind).toBe('time-exceeded');
});

test('a spec that contradicts itself is refused', () => {
	const spec = fourSubnets();
	spec.hosts[1]!.nics[0]!.network = 'nowhere';
	expect(() => bench(spec)).toThrow('no network nowhere');
	const twice = fourSubnets();
	twice.hosts.push(twice.hosts[1]!);
	expect(() => bench(twice)).toThrow('two of the same id: ct1');
});
