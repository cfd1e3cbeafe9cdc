/**
 * Wireshark's dissectors read the captures of whole runs: a working hour of the hospital and an attempt
 * with its reference solution. What they count is compared with what the trace says was sent.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { Attempt } from '#lib/lab/attempt.ts';
import { loadContent } from '#lib/lab/content.ts';
import { captureAt, type CapturedPacket } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';

function present(): boolean {
	try {
		execFileSync('tshark', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		console.warn('skipped: whole runs are not checked against tshark, which is not installed');
		return false;
	}
}

const tsharkPresent = present();
const testWithTshark = test.skipIf(!tsharkPresent);
const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);
const SCENARIO = 'assoc-calling-aet-not-registered';

const { content } = loadContent(
	readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.yaml'))
		.map((path) => ({ path, text: readFileSync(join('scenarios', path), 'utf8') })),
);

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'lab-capture-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The hospital from seven to eight in the morning. */
function workingHour(): World {
	const hospital = content.hospitals.get('community');
	if (!hospital) throw new Error('no community hospital');
	const epochUs = parseIsoLocal('2026-03-09T07:00') ?? 0;
	const world = new World(hospital, DEVICE_DEFINITIONS, { seed: 'capture', epochUs });
	world.start();
	startSchedule(world);
	world.kernel.runUntil(hours(1));
	return world;
}

/** The reference solution of a scenario, watched to the end. */
function solvedAttempt(): World {
	const attempt = new Attempt(content, SCENARIO, 'capture');
	attempt.advance();
	for (const action of attempt.scenario.solutions[0]?.actions ?? []) attempt.perform(action);
	attempt.watch();
	return attempt.world;
}

/** One packet as tshark decodes it; each field holds all its occurrences. */
interface Decoded {
	malformed: string;
	checksums: number[];
	gap: boolean;
	pduTypes: number[];
	sourceName: string;
	sourcePort: number;
}

const numbers = (text = ''): number[] => text.split(',').filter(Boolean).map(Number);

const CHECKSUM_FIELDS = ['ip', 'tcp', 'udp', 'icmp'].map((p) => `${p}.checksum.status`);
const FIELDS = [
	...['_ws.malformed', 'tcp.analysis.lost_segment', 'tcp.analysis.ack_lost_segment'],
	...['dicom.pdu.type', 'ip.src_host', 'tcp.srcport', ...CHECKSUM_FIELDS],
];

/** Writes packets into a file and lets tshark decode it, in one pass. */
function decoded(world: World, name: string, packets: CapturedPacket[]): Decoded[] {
	const path = join(folder, `${name}.pcapng`);
	const hostNames = world.spec.names;
	writeFileSync(path, writeCapture(packets, { epochUs: world.epochUs, hostNames }));
	const fields = FIELDS.flatMap((field) => ['-e', field]);
	const args = ['-N', 'n', '-r', path, ...CHECKSUMS, '-T', 'fields', ...fields];
	const text = execFileSync('tshark', args, {
		encoding: 'utf8',
		maxBuffer: 2 ** 28,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return text
		.split('\n')
		.slice(0, -1)
		.map((line): Decoded => {
			const [malformed = '', lost, ackLost, pdus, sourceName = '', port, ...checksums] =
				line.split('\t');
			return {
				malformed,
				checksums: checksums.flatMap(numbers),
				gap: Boolean(lost) || Boolean(ackLost),
				pduTypes: numbers(pdus),
				sourceName,
				sourcePort: numbers(port)[0] ?? 0,
			};
		});
}

type PduCounts = Record<string, number>;

const count = (types: Iterable<number>): PduCounts => {
	const counts: PduCounts = {};
	for (const type of types) counts[type] = (counts[type] ?? 0) + 1;
	return counts;
};

/** PDUs by type (PS3.8 section 9.3.1) that went through the DICOM port, cut out of the packets' payloads by their lengths alone. */
function pdusOfPackets(packets: CapturedPacket[]): PduCounts {
	const streams = new Map<string, Uint8Array[]>();
	for (const packet of packets) {
		if (packet.kind !== 'ip' || packet.payloadBytes === 0 || !packet.tcp) continue;
		if (packet.sourcePort !== 104 && packet.destinationPort !== 104) continue;
		const { source, sourcePort, destination, destinationPort } = packet;
		const key = `${source}:${sourcePort} ${destination}:${destinationPort} ${packet.tcp.seq - packet.tcp.relativeSeq}`;
		streams.set(key, [...(streams.get(key) ?? []), ...packet.pieces]);
	}
	const types: number[] = [];
	for (const pieces of streams.values()) {
		const bytes = Buffer.concat(pieces);
		for (let at = 0; at + 6 <= bytes.length; at += 6 + bytes.readUInt32BE(at + 2)) {
			if (at + 6 + bytes.readUInt32BE(at + 2) <= bytes.length) types.push(bytes.readUInt8(at));
		}
	}
	return count(types);
}

/** Where the runs are captured. The firewall's NIC on the servers' side sees each packet once. */
const TAPS: { place: string; host: string; nic?: number }[] = [
	{ place: 'the archive', host: 'pacs' },
	{ place: "the firewall, on the servers' side", host: 'fw1', nic: 1 },
	{ place: 'the firewall, on all sides', host: 'fw1' },
];

describe.each([
	['a working hour', workingHour],
	['a solved attempt', solvedAttempt],
])('tshark | capture of %s | reads our pcapng', (title, run) => {
	let world: World;
	beforeAll(() => {
		if (tsharkPresent) world = run();
	}, 60_000);

	describe.each(TAPS)('at $place', ({ host, nic }) => {
		let packets: CapturedPacket[] = [];
		let frames: Decoded[] = [];
		const options = nic === undefined ? {} : { nic };
		beforeAll(() => {
			if (!tsharkPresent) return;
			packets = captureAt(world.kernel.trace, host, options);
			frames = decoded(world, `${host}-${nic ?? 'all'}`, packets);
		}, 120_000);

		testWithTshark('nothing is malformed and all checksums are right', () => {
			expect(frames.length).toBeGreaterThanOrEqual(packets.length);
			expect(frames.filter((frame) => frame.malformed !== '')).toEqual([]);
			const checksums = count(frames.flatMap((frame) => frame.checksums));
			// 1 is "good"; an unverified one would be 2.
			expect(Object.keys(checksums)).toEqual(['1']);
			expect(checksums[1]).toBeGreaterThan(1_000);
		});

		testWithTshark('everybody who speaks DICOM has a name', () => {
			const speakers = new Set(
				frames.filter((frame) => frame.pduTypes.length > 0).map((frame) => frame.sourceName),
			);
			const names = world.spec.names.map((entry) => entry.name);
			expect(speakers.size).toBeGreaterThan(3);
			expect(names).toEqual(expect.arrayContaining([...speakers]));
		});

		const seenOnce = host === 'pacs' || nic !== undefined;
		if (seenOnce)
			testWithTshark('every PDU is decoded', () => {
				const expected = pdusOfPackets(packets);
				expect(count(frames.flatMap((frame) => frame.pduTypes))).toEqual(expected);
				for (const type of [1, 2, 4, 5, 6]) expect(expected[type]).toBeGreaterThan(10);
				expect(frames.filter((frame) => frame.gap)).toEqual([]);
			});

		if (host === 'pacs')
			testWithTshark('the answers are those the archive recorded', () => {
				const recorded = (kind: string): number =>
					world.kernel.trace.events.filter((e) => e.kind === kind && e['device'] === 'pacs').length;
				const answers = frames.filter((f) => f.sourceName === 'pacs' && f.sourcePort === 104);
				const sent = count(answers.flatMap((frame) => frame.pduTypes));
				expect(sent[2]).toBe(recorded('association-accepted'));
				expect(sent[3] ?? 0).toBe(recorded('association-rejected'));
				expect(sent[3] ?? 0).toBeGreaterThan(title === 'a solved attempt' ? 0 : -1);
			});
	});
});
