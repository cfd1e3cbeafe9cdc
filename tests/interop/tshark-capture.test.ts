import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from '#lib/network/four-subnets.fixture.ts';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { wait } from '#lib/kernel/process.ts';
import { parseIsoLocal, seconds } from '#lib/kernel/time.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

function present(program: 'tshark' | 'capinfos' = 'tshark'): boolean {
	try {
		execFileSync(program, ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		console.warn(`skipped: the capture is not checked against ${program}, which is not installed`);
		return false;
	}
}

const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);
/** An A-ABORT (PS3.8 9.3.8): the shortest PDU that is complete by itself. */
const ABORT = Uint8Array.of(7, 0, 0, 0, 0, 4, 0, 0, 2, 0);

let folder = '';

/** DNS, ARP, pings, 20 kB on the DICOM port, a refusal, a rejection and a silent drop. */
function capturedAt(host: string): string {
	const b = bench();
	const ct2 = b.network.host('ct2');
	b.run(ct2.resolve('pacs.hospital.example'));
	b.run(ct2.resolve('nobody.hospital.example'));
	b.run(ct2.pingOnce('10.20.20.10', { sizeBytes: 1_400 }));
	b.run(ct2.pingOnce('192.0.2.1'));
	b.run(ct2.traceroute('10.20.20.10'));
	const listener = b.network.host('pacs').listen(104);
	const { value: client } = b.run(ct2.connect({ address: '10.20.20.10', port: 104 }));
	if (client.kind !== 'connected') throw new Error(client.kind);
	const { value: archive } = b.run(wait(listener.accept()));
	client.write(
		Array.from({ length: 2_000 }, () => [ABORT.subarray(0, 3), ABORT.subarray(3)]).flat(),
	);
	client.close();
	for (let ended = false; !ended;) ended = b.run(wait(archive.read())).value.kind === 'end';
	archive.write([new Uint8Array([...ABORT])]);
	archive.close();
	b.run(wait(client.read()));
	b.run(wait(client.read()));
	listener.close();
	b.run(ct2.connect({ address: '10.20.20.10', port: 104 }));
	b.run(ct2.connect({ address: '10.20.20.10', port: 443 }));
	b.run(ct2.connect({ address: '10.20.20.10', port: 11112 }, { timeoutUs: seconds(4) }));
	const path = join(folder, `${host}.pcapng`);
	const names = [
		{ address: '10.20.10.12', name: 'ct2' },
		{ address: '10.20.20.10', name: 'pacs' },
	];
	const bytes = writeCapture(captureAt(b.kernel.trace, host), {
		epochUs: parseIsoLocal('2026-03-09T07:40') ?? 0,
		hostNames: names,
		commentOf: (packet) =>
			packet.kind === 'ip' && packet.tcp?.flags === 'S' ? 'a connection begins' : undefined,
	});
	writeFileSync(path, bytes);
	return path;
}

function tshark(...args: string[]): string[] {
	const text = execFileSync('tshark', [...CHECKSUMS, ...args], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return text.split('\n').filter((line) => line !== '');
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'capture-'));
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

test.skipIf(!present()).each(['ct2', 'firewall', 'pacs'])(
	'tshark | capture of each protocol | reads our pcapng: at %s without a complaint',
	(host) => {
		const path = capturedAt(host);
		const bad =
			'_ws.malformed or ip.checksum.status == 0 or tcp.checksum.status == 0 or udp.checksum.status == 0';
		expect(tshark('-r', path, '-Y', `${bad} or icmp.checksum.status == 0`)).toEqual([]);
		const sequence =
			'tcp.analysis.lost_segment or tcp.analysis.ack_lost_segment or tcp.analysis.out_of_order';
		if (host !== 'firewall') expect(tshark('-r', path, '-Y', sequence)).toEqual([]);
		expect(tshark('-r', path, '-Y', 'tcp.checksum.status == 1').length).toBeGreaterThan(10);
	},
);

test.skipIf(!present())(
	'tshark | capture of each protocol | reads our pcapng: names, PDUs, comments, times',
	() => {
		const path = capturedAt('ct2');
		const talk = tshark('-N', 'n', '-r', path, '-Y', 'tcp.port == 104').join('\n');
		expect(talk).toMatch(/ct2 → pacs +TCP .*\[SYN\]/);
		expect(talk).toMatch(/pacs → ct2 +DICOM .*ABORT/);
		const aborts = tshark('-r', path, '-Y', 'dicom', '-T', 'fields', '-e', 'dicom.pdu.type');
		expect(aborts.join(',').split(',')).toHaveLength(2_001);
		const syn = [
			'-T',
			'fields',
			'-e',
			'frame.comment',
			'-e',
			'frame.interface_name',
			'-e',
			'frame.time_epoch',
		];
		const [first] = tshark('-r', path, '-Y', 'tcp.flags.syn == 1', ...syn);
		expect(first).toMatch(/^a connection begins\teth0\t17730420\d\d\.\d{6}000$/);
		const dns = tshark('-r', path, '-Y', 'dns.flags.response == 1', '-T', 'fields', '-e', 'dns.a');
		expect(dns).toContain('10.20.20.10');
	},
);

/** Every field of capinfos' long report, by its name. */
function capinfos(path: string): Map<string, string> {
	const text = execFileSync('capinfos', ['-M', path], { encoding: 'utf8' });
	return new Map(
		text.split('\n').flatMap((line) => {
			const match = /^(.+?)(?: +)?[:=] +(.*)$/.exec(line.trim());
			return match ? [[match[1]!, match[2]!] as const] : [];
		}),
	);
}

test.skipIf(!present() || !present('capinfos'))(
	'tshark | a capture that is cut | reads our pcapng: the limit and the snap length are told',
	() => {
		const b = bench();
		const ct2 = b.network.host('ct2');
		for (let i = 0; i < 50; i++) b.run(ct2.pingOnce('10.20.20.10', { sizeBytes: 1_000 }));
		const path = join(folder, 'cut.pcapng');
		const packets = captureAt(b.kernel.trace, 'ct2');
		writeFileSync(
			path,
			writeCapture(packets, {
				epochUs: parseIsoLocal('2026-03-09T07:40') ?? 0,
				interfaces: [{ name: 'eth0', description: 'Modalities' }],
				comment: 'captured on ct2',
				snapLengthBytes: 96,
				limitBytes: 10_000,
			}),
		);
		const info = capinfos(path);
		expect(info.get('File type')).toBe('pcapng');
		expect(info.get('Capture comment')).toBe('captured on ct2');
		expect(info.get('Capture application')).toBe('PACS On-Call');
		expect(info.get('Name')).toBe('eth0');
		expect(info.get('Description')).toBe('Modalities');
		expect(info.get('Capture length')).toBe('96');
		expect(info.get('Time precision')).toBe('nanoseconds (9)');
		const written = Number(info.get('Number of packets'));
		expect(written).toBeGreaterThan(30);
		expect(written).toBeLessThan(packets.length);
		const sizes = tshark('-r', path, '-T', 'fields', '-e', 'frame.cap_len', '-e', 'frame.len');
		expect(sizes).toContain('96\t1042');
		// capinfos does not show the comment of interface statistics; the bytes have it.
		const note = `capture stopped at 0.01 MB: ${packets.length - written} packets were left out`;
		expect(readFileSync(path).includes(note)).toBe(true);
	},
);
