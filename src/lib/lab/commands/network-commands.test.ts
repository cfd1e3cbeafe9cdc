import { expect, test } from 'vitest';
import { smallHospital } from './small-hospital.fixture.ts';

test('ping shows replies and takes the time of its packets', () => {
	const { type } = smallHospital();
	const { lines, exitCode, facts, tookUs, traffic } = type('ping -c 2 pacs');
	expect(lines).toEqual([
		'PING pacs (10.20.20.10) 56(84) bytes of data.',
		'64 bytes from pacs (10.20.20.10): icmp_seq=1 ttl=63 time=0.602 ms',
		'64 bytes from pacs (10.20.20.10): icmp_seq=2 ttl=63 time=0.402 ms',
		'',
		'--- pacs ping statistics ---',
		'2 packets transmitted, 2 received, 0% packet loss, time 1000ms',
		'rtt min/avg/max/mdev = 0.402/0.502/0.602/0.100 ms',
	]);
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['ping pacs from admin: reply']);
	expect(traffic).toEqual([{ path: ['admin', 'fw1', 'pacs'], ended: 'answered' }]);
	expect(Math.round(tookUs / 1e6)).toBe(1);
});

test('ping tells silence from unreachable', () => {
	const { type, world } = smallHospital();
	world.host('pacs').answersPing = false;
	const silent = type('ping -c 2 -W 2 pacs');
	expect(silent.lines).toEqual([
		'PING pacs (10.20.20.10) 56(84) bytes of data.',
		'',
		'--- pacs ping statistics ---',
		'2 packets transmitted, 0 received, 100% packet loss, time 1000ms',
	]);
	expect(silent).toMatchObject({ exitCode: 1, facts: ['ping pacs from admin: timeout'] });
	expect(silent.traffic?.[0]?.ended).toBe('lost');
	expect(silent.tookUs).toBeGreaterThanOrEqual(3e6);

	const gone = type('ping -c 1 gone');
	expect(gone.lines[1]).toBe('From 10.20.30.1 icmp_seq=1 Destination Host Unreachable');
	expect(gone.lines.at(-1)).toBe(
		'1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms',
	);
	expect(gone.facts).toEqual(['ping gone from admin: unreachable']);

	world.host('admin').nics[0]!.up = false;
	expect(type('ping -c 1 10.20.20.10')).toMatchObject({
		text: 'ping: connect: Network is unreachable',
		exitCode: 2,
	});
	expect(type('ping -c 1 pacs').text).toBe('ping: pacs: Temporary failure in name resolution');
});

test('an unknown name is no dead host', () => {
	const { type } = smallHospital();
	expect(type('ping nohost')).toMatchObject({
		text: 'ping: nohost: Name or service not known',
		exitCode: 2,
		facts: ['ping nohost from admin: name not found'],
	});
});

test('limits are refused in words', () => {
	const { type } = smallHospital();
	expect(type('ping -c 101 pacs').text).toBe(
		"ping: invalid argument: '101': out of range: 1 <= value <= 100",
	);
	expect(type('nc -zv pacs 1-100').text).toBe('nc: at most 20 ports in one go');
	expect(type('timeout 9999 ping pacs').exitCode).toBe(125);
});

test('nc tells open, refused, dropped and rejected apart', () => {
	const { type } = smallHospital();
	expect(type('nc -zv pacs 104')).toMatchObject({
		text: 'Connection to pacs (10.20.20.10) 104 port [tcp/acr-nema] succeeded!',
		exitCode: 0,
		facts: ['port pacs:104 from admin: open'],
	});
	expect(type('nc -zv pacs 105')).toMatchObject({
		text: 'nc: connect to pacs (10.20.20.10) port 105 (tcp) failed: Connection refused',
		exitCode: 1,
		facts: ['port pacs:105 from admin: refused'],
	});
	const short = type('nc -zv -w 3 pacs 23');
	expect(short).toMatchObject({
		text: 'nc: connect to pacs (10.20.20.10) port 23 (tcp) timed out: Operation now in progress',
		facts: ['port pacs:23 from admin: timeout'],
	});
	expect(Math.floor(short.tookUs / 1e6)).toBe(3);
	const long = type('nc -zv pacs 23');
	expect(long.text).toMatch(/failed: Connection timed out$/);
	expect(Math.floor(long.tookUs / 1e6)).toBe(127);
	expect(type('nc -zv pacs 443')).toMatchObject({
		text: 'nc: connect to pacs (10.20.20.10) port 443 (tcp) failed: No route to host',
		facts: ['port pacs:443 from admin: prohibited'],
	});
	expect(type('nc -z pacs 104').text).toBe('');
});

test('nslookup asks forwards and backwards', () => {
	const { type, world } = smallHospital();
	expect(type('nslookup pacs')).toMatchObject({
		text: 'Server:\t\t10.20.20.2\nAddress:\t10.20.20.2#53\n\nName:\tpacs\nAddress: 10.20.20.10\n',
		facts: ['name pacs: 10.20.20.10'],
	});
	expect(type('nslookup 10.20.20.10').text).toBe('10.20.20.10.in-addr.arpa\tname = pacs.\n');
	expect(type('nslookup nohost')).toMatchObject({ exitCode: 1, facts: ['name nohost: not found'] });
	world.network.zone.healthy = false;
	expect(type('nslookup pacs').text).toContain("** server can't find pacs: SERVFAIL\n");
	world.host('dns1').up = false;
	const dead = type('nslookup pacs');
	expect(dead.text).toBe(
		`${';; communications error to 10.20.20.2#53: host unreachable\n'.repeat(2)};; no servers could be reached\n`,
	);
	expect(dead.facts).toEqual(['name pacs: host unreachable']);
});

test('traceroute shows where a firewall stops the traffic', () => {
	const { type } = smallHospital();
	type('ping -c 1 pacs');
	const open = type('traceroute -n -T -p 104 pacs');
	expect(open.lines).toEqual([
		'traceroute to pacs (10.20.20.10), 30 hops max, 60 byte packets',
		' 1  10.20.30.1  0.201 ms  0.201 ms  0.201 ms',
		' 2  10.20.20.10  0.402 ms  0.402 ms  0.402 ms',
	]);
	expect(open.facts).toEqual(['traceroute pacs:104 from admin: reached in 2 hops']);
	const dropped = type('traceroute -n -T -p 23 -m 3 pacs');
	expect(dropped.lines.slice(2)).toEqual([' 2  * * *', ' 3  * * *']);
	expect(dropped.facts).toEqual(['traceroute pacs:23 from admin: stops after 10.20.30.1']);
	const rejected = type('traceroute -n -T -p 443 pacs');
	expect(rejected.lines[2]).toMatch(/^ 1|^ 2 {2}10\.20\.30\.1 {2}0\.201 ms !X/);
});

test('sockets, neighbours and addresses are those of the machine', () => {
	const { type } = smallHospital();
	type('ping -c 1 pacs');
	expect(type('ss -tln', 'pacs')).toMatchObject({
		lines: [
			'State      Recv-Q Send-Q Local Address:Port Peer Address:Port',
			'LISTEN     0      128           0.0.0.0:104         0.0.0.0:*',
		],
		facts: ['sockets pacs: listening 104'],
	});
	expect(type('netstat -tln', 'pacs').lines[2]).toBe(
		'tcp        0      0 0.0.0.0:104             0.0.0.0:*               LISTEN',
	);
	expect(type('arp -n').lines[1]).toMatch(/^10\.20\.30\.1 {15}ether {3}02(:[0-9a-f]{2}){5}/);
	expect(type('ip neigh').text).toMatch(/^10\.20\.30\.1 dev eth0 lladdr 02(:[0-9a-f]{2}){5} REACH/);
	expect(type('ip route').lines[0]).toBe('default via 10.20.30.1 dev eth0');
	expect(type('ip a').text).toContain('inet 10.20.30.50/24 brd 10.20.30.255 scope global eth0');
});

test('tcpdump sees what the machine sees, and writes a file that begins as pcapng does', () => {
	const { type, world } = smallHospital();
	const modality = world.device('ct2');
	const verify = world.operation(modality, 'verify-archive');
	if (!verify) throw new Error('the modality has no verification');
	world.kernel.spawn(
		'later',
		(function* () {
			yield* world.kernel.sleep(2_000_000);
			yield* world.operate(modality, verify, { row: undefined, fields: {} });
		})(),
	);
	const { lines, facts, tookUs } = type('timeout 10 tcpdump -n -c 3 tcp port 104', 'pacs');
	expect(lines.slice(2, 5).map((line) => line.replace(/\d{9,10}/g, 'N').slice(16))).toEqual([
		expect.stringMatching(/^IP 10\.20\.10\.12\.\d+ > 10\.20\.20\.10\.104: Flags \[S\], seq N/),
		expect.stringMatching(/^IP 10\.20\.20\.10\.104 > 10\.20\.10\.12\.\d+: Flags \[S\.\], seq N/),
		expect.stringMatching(/^IP 10\.20\.10\.12\.\d+ > 10\.20\.20\.10\.104: Flags \[\.\]/),
	]);
	expect(lines[5]).toBe('3 packets captured');
	expect(facts).toEqual(['capture at pacs: ct2 to pacs:104 answered']);
	expect(tookUs).toBeLessThan(4_000_000);

	const quiet = type('timeout 5 tcpdump -w quiet.pcapng', 'pacs');
	expect(quiet).toMatchObject({ exitCode: 124, tookUs: 5_000_000 });
	const file = world.system('pacs').files.get('/home/pacsadm/quiet.pcapng');
	expect([...(file ?? []).slice(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
	expect(type('tcpdump port abc', 'pacs').text).toMatch(/^tcpdump: can't parse filter expression/);
});

test('timeout ends a command and keeps what ping had printed', () => {
	const { type } = smallHospital();
	const { lines, exitCode, tookUs } = type('timeout 1.5 ping -c 50 -n pacs');
	expect(lines).toHaveLength(3);
	expect([exitCode, tookUs]).toEqual([124, 1_500_000]);
});

test('the same line does the same in another run', () => {
	const run = (): string => {
		const { type, world } = smallHospital('seed');
		type('ping -c 3 pacs');
		type('echoscu -v -aet CT2 -aec PACS1 pacs 104');
		return world.kernel.trace.digest();
	};
	expect(run()).toBe(run());
});
