import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCapture } from './read-capture.ts';
import type { CaptureRecord } from './capture-record.ts';
import { writePcapng, type PcapngOptions, type PcapngPacket } from './write-pcapng.ts';

const OPTIONS: PcapngOptions = {
	interfaces: [{ name: 'eth0', description: 'server room' }, { name: 'eth1' }],
	hostNames: [{ address: '10.20.20.10', name: 'pacs' }],
	application: 'a test',
	comment: 'of the file',
};

const PACKETS: PcapngPacket[] = [
	{
		interface: 1,
		timeUs: 1_773_042_000_123_456,
		pieces: [Uint8Array.of(1, 2), Uint8Array.of(3)],
	},
	{ interface: 0, timeUs: 1_773_042_000_123_457, pieces: [Uint8Array.of(4)], comment: 'reject' },
];

function whole(options: PcapngOptions, packets: PcapngPacket[]): Uint8Array<ArrayBuffer> {
	return Uint8Array.from([...writePcapng(options, packets)].flatMap((piece) => [...piece]));
}

function itemsOf(options: PcapngOptions, packets: PcapngPacket[]) {
	return [...readCapture(whole(options, packets))];
}

test('every block states its length twice, in multiples of four', () => {
	const file = whole(OPTIONS, PACKETS);
	const view = new DataView(file.buffer);
	const types: number[] = [];
	for (let offset = 0; offset < file.length;) {
		const length = view.getUint32(offset + 4, true);
		expect(length % 4).toBe(0);
		expect(view.getUint32(offset + length - 4, true)).toBe(length);
		types.push(view.getUint32(offset, true));
		offset += length;
	}
	expect(types).toEqual([0x0a0d0d0a, 4, 1, 1, 6, 6, 5, 5]);
});

test('time stamps count nanoseconds', () => {
	const [, , , , head] = writePcapng(OPTIONS, PACKETS);
	const view = new DataView(head!.buffer, head!.byteOffset);
	const time = (BigInt(view.getUint32(12, true)) << 32n) | BigInt(view.getUint32(16, true));
	expect(time).toBe(1_773_042_000_123_456_000n);
	expect([view.getUint32(8, true), view.getUint32(20, true)]).toEqual([1, 3]);
});

test('the packets are not copied, and the next one is asked for when the last was taken', () => {
	const piece = Uint8Array.of(9);
	let asked = 0;
	function* packets(): Generator<PcapngPacket> {
		for (; asked < 1_000; asked++) yield { interface: 0, timeUs: asked, pieces: [piece] };
	}
	const writing = writePcapng({ interfaces: [{ name: 'eth0' }] }, packets());
	for (let i = 0; i < 2; i++) writing.next();
	writing.next();
	expect(writing.next().value).toBe(piece);
	expect(asked).toBeLessThan(3);
});

test('what is written is read back', () => {
	const packet = fc.record({
		interface: fc.integer({ min: 0, max: 3 }),
		timeUs: fc.integer({ min: 0, max: 2 ** 51 }),
		pieces: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
		comment: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
	});
	fc.assert(
		fc.property(fc.array(packet), fc.integer({ min: 1, max: 120 }), (packets, snapLengthBytes) => {
			const items = itemsOf({ ...OPTIONS, snapLengthBytes }, packets);
			expect(items.filter((item) => item.kind === 'defect')).toEqual([]);
			const read = items.filter((item): item is CaptureRecord => item.kind === 'packet');
			expect(read.map(({ interface: id, timeNs, comment }) => [id, timeNs, comment])).toEqual(
				packets.map((one) => [
					one.interface,
					BigInt(one.timeUs) * 1_000n,
					one.comment.replace(/\0+$/, ''),
				]),
			);
			for (const [i, { bytes, originalBytes }] of read.entries()) {
				const sent = packets[i]!.pieces.flatMap((piece) => [...piece]);
				expect([...bytes]).toEqual(sent.slice(0, snapLengthBytes));
				expect(originalBytes).toBe(sent.length);
			}
		}),
	);
});

test('interfaces, names, comments and counts are read back', () => {
	expect(itemsOf(OPTIONS, PACKETS).filter(({ kind }) => kind !== 'packet')).toMatchObject([
		{ kind: 'section', format: 'pcapng', application: 'a test', comment: 'of the file' },
		{ kind: 'name', address: '10.20.20.10', names: ['pacs'] },
		{ kind: 'interface', interface: 0, linkType: 1, name: 'eth0', description: 'server room' },
		{ kind: 'interface', interface: 1, name: 'eth1' },
		{ kind: 'statistics', interface: 0, received: 1, dropped: 0 },
		{ kind: 'statistics', interface: 1, received: 1, dropped: 0 },
	]);
});

test('the keys of TLS stand before the packets and are read back', () => {
	const tlsKeyLog = ['CLIENT_RANDOM aa bb', 'CLIENT_RANDOM cc dd1'];
	const file = whole({ ...OPTIONS, tlsKeyLog }, PACKETS);
	const items = [...readCapture(file)];
	const kinds = items.map(({ kind }) => kind);
	expect(kinds.indexOf('secrets')).toBe(kinds.indexOf('interface') - 1);
	const secrets = items.find((item) => item.kind === 'secrets');
	expect(secrets?.secretsType).toBe(0x544c534b);
	expect(new TextDecoder().decode(secrets?.bytes)).toBe(
		'CLIENT_RANDOM aa bb\nCLIENT_RANDOM cc dd1\n',
	);
	const view = new DataView(file.buffer);
	const at = secrets?.offset ?? 0;
	// Type, length of the block, type of the secrets, their length without the padding.
	expect([0, 4, 8, 12].map((offset) => view.getUint32(at + offset, true))).toEqual([
		10,
		20 + 44,
		0x544c534b,
		41,
	]);
	expect(itemsOf({ ...OPTIONS, tlsKeyLog: [] }, PACKETS)).toEqual(itemsOf(OPTIONS, PACKETS));
});

test('secrets that say more than is there are a defect, and the packets are read', () => {
	const file = whole({ ...OPTIONS, tlsKeyLog: ['CLIENT_RANDOM aa bb'] }, PACKETS);
	const at = [...readCapture(file)].find(({ kind }) => kind === 'secrets')?.offset ?? 0;
	new DataView(file.buffer).setUint32(at + 12, 1_000, true);
	const items = [...readCapture(file)];
	expect(items.find(({ kind }) => kind === 'defect')).toMatchObject({ offset: at, fatal: false });
	expect(items.filter(({ kind }) => kind === 'packet')).toHaveLength(2);
});

test('a file that reaches its limit says what is missing, and has no holes before', () => {
	const packets = Array.from({ length: 100 }, (_, i) => ({
		interface: 0,
		timeUs: i,
		// A large one in the middle does not fit; the small ones behind it would.
		pieces: [new Uint8Array(i === 40 ? 30_000 : 50)],
	}));
	const limitBytes = 20_000;
	const options = { interfaces: [{ name: 'eth0' }], limitBytes };
	expect(whole(options, packets).length).toBeLessThanOrEqual(limitBytes);
	const items = itemsOf(options, packets);
	const read = items.filter((item): item is CaptureRecord => item.kind === 'packet');
	expect(read.map(({ timeNs }) => timeNs)).toEqual(
		Array.from({ length: 40 }, (_, i) => BigInt(i) * 1_000n),
	);
	expect(items.at(-1)).toMatchObject({
		kind: 'statistics',
		received: 100,
		dropped: 60,
		comment: 'capture stopped at 0.02 MB: 60 packets were left out',
	});
});
