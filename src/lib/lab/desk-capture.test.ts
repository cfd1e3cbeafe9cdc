import { expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { decodeFrame } from '#lib/protocol/wire/decode-frame.ts';
import { readCapture } from '#lib/protocol/wire/read-capture.ts';
import { smallHospital } from './commands/small-hospital.fixture.ts';
import { deskFiles } from './desk-files.ts';
import { deskCapture } from './desk-capture.ts';
import type { ActionRecord } from './evidence.ts';

function withTls(archive: Archive): void {
	Object.assign(archive.config.tls, { enabled: true, clientCertificate: 'none' });
	archive.stop();
	archive.start();
}

/** A command on the desk as an attempt keeps it. */
function recordOf(
	sequence: number,
	line: string,
	place: string,
	times: { startedUs: number; endedUs: number },
): ActionRecord {
	return {
		sequence,
		action: { kind: 'command', place, line },
		observation: { place, outcome: 'done', text: '', ...times },
		facts: [],
		traceFrom: 0,
		traceTo: 0,
		changed: false,
	};
}

test('packets have the number and the line of the command that caused them, others have none', () => {
	const { type, world } = smallHospital();
	const run = (sequence: number, line: string, place = 'admin'): ActionRecord => {
		// Typing takes time, so that what came before is over.
		world.kernel.runUntil(world.kernel.nowUs + seconds(1));
		const startedUs = world.kernel.nowUs;
		type(line, place);
		return recordOf(sequence, line, place, { startedUs, endedUs: world.kernel.nowUs });
	};
	type('ping -c 1 pacs', 'admin');
	const arrivalUs = world.kernel.nowUs;
	const records = [run(0, 'ls'), run(1, 'ping -c 1 ris'), run(2, 'echoscu -aec PACS1 pacs 104')];
	records.push(run(3, 'ping -c 1 admin', 'pacs'));
	const items = [...readCapture(joinBytes([...deskCapture(world, records, arrivalUs)]))];
	const seen = items.flatMap((item) => (item.kind === 'packet' ? [item] : []));
	const comments = [...new Set(seen.map(({ comment }) => comment))];
	expect(comments).toEqual([
		'action 2: ping -c 1 ris',
		'action 3: echoscu -aec PACS1 pacs 104',
		undefined,
	]);
	const answered = seen.filter(({ comment }) => comment === undefined);
	expect(answered.some(({ bytes }) => decodeFrame(1, bytes).icmp?.type === 0)).toBe(true);
	expect(items.find(({ kind }) => kind === 'interface')).toMatchObject({
		name: 'eth0',
		description: 'Clinical',
	});
});

test('the keys in it are those of the desk, and only since the trainee arrived', () => {
	const { type, world, archive } = smallHospital();
	withTls(archive);
	for (const [path, bytes] of deskFiles(world)) world.system('admin').files.set(path, bytes);
	const connect = 'openssl s_client -connect pacs:2762';
	type(connect);
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	const arrivalUs = world.kernel.nowUs;
	type(connect, 'pacs');
	type(connect);
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	const file = joinBytes([...deskCapture(world, [], arrivalUs)]);
	const secrets = [...readCapture(file)].filter((item) => item.kind === 'secrets');
	expect(secrets).toHaveLength(1);
	const lines = new TextDecoder().decode(secrets[0]?.bytes).trimEnd().split('\n');
	const own = world.kernel.trace.events.filter(
		({ kind, host, timeUs }) => kind === 'tls-handshake' && host === 'admin' && timeUs >= arrivalUs,
	);
	expect(lines).toEqual(own.map(({ keyLogLine }) => keyLogLine));
	expect(lines).toHaveLength(1);
});

test('without TLS there are no keys, and a file of tcpdump never has any', () => {
	const { type, world, archive } = smallHospital();
	expect([...readCapture(joinBytes([...deskCapture(world, [], 0)]))]).not.toContainEqual(
		expect.objectContaining({ kind: 'secrets' }),
	);
	withTls(archive);
	const ct2 = world.device('ct2') as Modality;
	Object.assign(ct2.config.archive, { port: 2762, tls: true });
	const verify = world.operation(ct2, 'verify-archive');
	if (!verify) throw new Error('no such button');
	function* later(): Process {
		yield* world.kernel.sleep(seconds(1));
		yield* world.operate(ct2, verify!, { row: undefined, fields: {} });
	}
	world.kernel.spawn('later', later());
	type('timeout 10 tcpdump -w /home/pacsadm/tap.pcapng port 2762', 'pacs');
	const tap = world.system('pacs').files.get('/home/pacsadm/tap.pcapng');
	const kinds = [...readCapture(tap ?? new Uint8Array())].map(({ kind }) => kind);
	expect(kinds.filter((kind) => kind === 'packet').length).toBeGreaterThan(8);
	expect(kinds).not.toContain('secrets');
});
