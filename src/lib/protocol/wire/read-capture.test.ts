import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCapture, readCapture } from './read-capture.ts';
import type { CaptureItem, CaptureRecord } from './capture-record.ts';
import { writePcapng } from './write-pcapng.ts';

/** Numbers of 16 and 32 bits in one of the byte orders, and bytes as they are. */
function assemble(littleEndian: boolean, parts: ([16 | 32, number] | Uint8Array)[]): Uint8Array {
	const out: number[] = [];
	for (const part of parts) {
		if (part instanceof Uint8Array) out.push(...part);
		else {
			const [bits, value] = part;
			const bytes = Array.from({ length: bits / 8 }, (_, i) => Math.floor(value / 256 ** i) % 256);
			out.push(...(littleEndian ? bytes : bytes.reverse()));
		}
	}
	return Uint8Array.from(out);
}

const packetsOf = (items: Iterable<CaptureItem>): CaptureRecord[] =>
	[...items].filter((item): item is CaptureRecord => item.kind === 'packet');

test.each([
	['little endian, microseconds', true, 0xa1b2c3d4, 123_456, 1_700_000_000_123_456_000n],
	['big endian, microseconds', false, 0xa1b2c3d4, 123_456, 1_700_000_000_123_456_000n],
	['little endian, nanoseconds', true, 0xa1b23c4d, 123_456_789, 1_700_000_000_123_456_789n],
	['big endian, nanoseconds', false, 0xa1b23c4d, 123_456_789, 1_700_000_000_123_456_789n],
])('pcap: %s', (_title, littleEndian, magic, fraction, timeNs) => {
	const file = assemble(littleEndian, [
		...([
			[32, magic],
			[16, 2],
			[16, 4],
			[32, 0],
			[32, 0],
			[32, 96],
			[32, 101],
		] as [16 | 32, number][]),
		...([
			[32, 1_700_000_000],
			[32, fraction],
			[32, 3],
			[32, 1_500],
		] as [32, number][]),
		Uint8Array.of(7, 8, 9),
	]);
	expect(isCapture(file)).toBe(true);
	expect([...readCapture(file)]).toMatchObject([
		{ kind: 'section', format: 'pcap', littleEndian },
		{ kind: 'interface', linkType: 101, snapLengthBytes: 96 },
		{ kind: 'packet', offset: 24, timeNs, bytes: Uint8Array.of(7, 8, 9), originalBytes: 1_500 },
	]);
	expect([...readCapture(file.subarray(0, -1))].at(-1)).toMatchObject({
		kind: 'defect',
		offset: 24,
		fatal: true,
	});
});

type Parts = Parameters<typeof assemble>[1];

function block(littleEndian: boolean, type: number, body: Parts): Uint8Array {
	const inner = assemble(littleEndian, body);
	const total = inner.length + 12;
	return assemble(littleEndian, [[32, type], [32, total], inner, [32, total]]);
}

const SECTION: Parts = [
	[32, 0x1a2b3c4d],
	[16, 1],
	[16, 0],
	[32, 0xffffffff],
	[32, 0xffffffff],
];

function joined(...blocks: Uint8Array[]): Uint8Array {
	return Uint8Array.from(blocks.flatMap((one) => [...one]));
}

test('pcapng: big endian, another time resolution and offset, simple and obsolete packets', () => {
	const be = (type: number, body: Parts) => block(false, type, body);
	const file = joined(
		be(0x0a0d0d0a, SECTION),
		be(1, [
			...([
				[16, 113],
				[16, 0],
				[32, 64],
				[16, 9],
				[16, 1],
			] as Parts),
			Uint8Array.of(0x8a, 0, 0, 0), // units of 2^-10 s
			...([
				[16, 14],
				[16, 8],
				[32, 0],
				[32, 100],
				[32, 0],
			] as Parts),
		]),
		be(0x12345678, [[32, 1]]), // nobody knows this type
		be(3, [[32, 2], Uint8Array.of(5, 6, 0, 0)]),
		be(2, [[16, 0], [16, 1], [32, 0], [32, 1_536], [32, 1], [32, 1], Uint8Array.of(9, 0, 0, 0)]),
	);
	expect(packetsOf(readCapture(file))).toMatchObject([
		{ timeNs: undefined, bytes: Uint8Array.of(5, 6), linkType: 113 },
		{ timeNs: 101_500_000_000n, bytes: Uint8Array.of(9), linkType: 113 },
	]);
});

test('pcapng: sections follow each other in their own byte order, with interfaces of their own', () => {
	const section = (littleEndian: boolean, linkType: number) =>
		joined(
			block(littleEndian, 0x0a0d0d0a, SECTION),
			block(littleEndian, 1, [
				[16, linkType],
				[16, 0],
				[32, 0],
			]),
			block(littleEndian, 6, [[32, 0], [32, 0], [32, 5], [32, 1], [32, 1], new Uint8Array(4)]),
		);
	expect(packetsOf(readCapture(joined(section(true, 1), section(false, 228))))).toMatchObject([
		{ interface: 0, linkType: 1, timeNs: 5_000n },
		{ interface: 1, linkType: 228, timeNs: 5_000n },
	]);
});

test('pcapng: a defect within a block does not end the reading, a wrong length does', () => {
	const packet = (id: number, sizeBytes: number) =>
		block(true, 6, [[32, id], [32, 0], [32, 0], [32, sizeBytes], [32, 1], new Uint8Array(4)]);
	const file = joined(
		block(true, 0x0a0d0d0a, SECTION),
		packet(0, 1), // no interface yet
		block(true, 1, [
			[32, 1],
			[32, 0],
		]),
		packet(0, 9), // longer than its block
		packet(0, 1),
		Uint8Array.of(6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0),
	);
	const items = [...readCapture(file)];
	expect(packetsOf(items)).toHaveLength(1);
	expect(items.filter((item) => item.kind === 'defect').map((item) => item.fatal)).toEqual([
		false,
		false,
		true,
	]);
});

test('limits end the reading with a defect', () => {
	const packets = Array.from({ length: 50 }, (_, i) => ({
		interface: 0,
		timeUs: i,
		pieces: [new Uint8Array(3_000)],
	}));
	const pieces = [...writePcapng({ interfaces: [{ name: 'a' }] }, packets)];
	const file = joined(...pieces);
	expect([...readCapture(file, { items: 10 })].at(-1)).toMatchObject({
		kind: 'defect',
		fatal: true,
	});
	expect([...readCapture(file, { recordBytes: 100 })].at(-1)).toMatchObject({ kind: 'defect' });
});

test('never throws, whatever the bytes, and whatever is changed in a good file', () => {
	const good = joined(
		...writePcapng(
			{ interfaces: [{ name: 'eth0' }], hostNames: [{ address: '1.2.3.4', name: 'x' }] },
			[{ interface: 0, timeUs: 1, pieces: [new Uint8Array(60)], comment: 'c' }],
		),
	);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			expect([...readCapture(bytes)].length).toBeGreaterThan(0);
		}),
	);
	const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }));
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
			const bad = good.slice();
			for (const [at, value] of changes) bad[at] = value;
			expect([...readCapture(bad)].length).toBeGreaterThan(0);
		}),
	);
});
