import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TcpReassembler, type StreamPart } from './tcp-reassembly.ts';

/** Sequence numbers wrap within the first bytes. */
const BASE = 0xffff_fffb;

const segment = (offset: number, payload: number[], more: object = {}) => ({
	seq: (BASE + 1 + offset + 2 ** 32) % 2 ** 32,
	syn: false,
	fin: false,
	payload: Uint8Array.from(payload),
	payloadBytes: payload.length,
	...more,
});
const SYN = { seq: BASE, syn: true, fin: false, payload: new Uint8Array(0), payloadBytes: 0 };

function joined(parts: StreamPart[]): number[] {
	return parts.flatMap((part) => (part.kind === 'data' ? [...part.bytes] : []));
}

test('out of order, twice, overlapping, and across the wrap of sequence numbers', () => {
	const stream = new TcpReassembler();
	stream.push(SYN);
	const pushed = [
		segment(0, [0, 1, 2, 3]),
		segment(8, [8, 9]),
		segment(0, [7, 7, 7, 7]),
		segment(6, [6, 7, 99]), // overlaps what waits: the first bytes count
		segment(4, [4, 5]),
		segment(8, [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]),
		segment(20, [20], { fin: true }),
	].map((one) => stream.push(one));
	const parts = pushed.flatMap((one) => one.parts);
	expect(joined(parts)).toEqual(Array.from({ length: 21 }, (_, i) => (i === 8 ? 99 : i)));
	expect(parts.at(-1)).toEqual({ kind: 'end', offset: 21 });
	expect(pushed.map((one) => one.notice)).toEqual([
		undefined,
		undefined,
		'retransmission',
		'overlap',
		'out-of-order',
		'overlap',
		undefined,
	]);
});

test('any order, any cuts, any repetitions give the same stream', () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ minLength: 1, maxLength: 60, size: 'max' }),
			fc.infiniteStream(fc.nat({ max: 10_000 })),
			(bytes, numbers) => {
				const draw = () => numbers.next().value as number;
				const pieces = Array.from({ length: bytes.length }, (_, i) => [i, i + 1] as const);
				for (let i = 0; i < 20; i++) {
					const from = draw() % bytes.length;
					pieces.push([from, Math.min(bytes.length, from + 1 + (draw() % 9))]);
				}
				const shuffled = pieces.map((piece) => ({ piece, at: draw() })).sort((a, b) => a.at - b.at);
				const stream = new TcpReassembler();
				stream.push(SYN);
				const parts = shuffled.flatMap(
					({ piece: [from, to] }) => stream.push(segment(from, [...bytes.slice(from, to)])).parts,
				);
				expect(joined(parts)).toEqual([...bytes]);
				expect(parts.some((part) => part.kind === 'gap')).toBe(false);
			},
		),
	);
});

test('a hole is given up when the receiver acknowledges what lies behind it', () => {
	const stream = new TcpReassembler();
	stream.push(SYN);
	stream.push(segment(0, [0, 1]));
	expect(stream.push(segment(5, [5, 6])).parts).toEqual([]);
	expect(stream.acknowledge((BASE + 3) % 2 ** 32)).toEqual([]);
	expect(stream.acknowledge((BASE + 8) % 2 ** 32)).toEqual([
		{ kind: 'gap', offset: 2, sizeBytes: 3 },
		{ kind: 'data', offset: 5, bytes: Uint8Array.of(5, 6) },
	]);
});

test('a hole is given up at the end of the capture, and at the limits', () => {
	const stream = new TcpReassembler();
	stream.push(SYN);
	stream.push(segment(1, [1]));
	expect(stream.finish().map(({ kind }) => kind)).toEqual(['gap', 'data']);
	const small = new TcpReassembler({ heldSegments: 2 });
	small.push(SYN);
	const parts = [2, 4, 6].flatMap((offset) => small.push(segment(offset, [offset])).parts);
	expect(parts.map(({ kind }) => kind)).toEqual(['gap', 'data']);
	expect(small.finish().map(({ kind }) => kind)).toEqual(['gap', 'data', 'gap', 'data']);
});

test('bytes cut off by the snap length are a gap', () => {
	const stream = new TcpReassembler();
	stream.push(SYN);
	const { parts } = stream.push(segment(0, [0, 1], { payloadBytes: 10 }));
	expect(parts).toEqual([
		{ kind: 'data', offset: 0, bytes: Uint8Array.of(0, 1) },
		{ kind: 'gap', offset: 2, sizeBytes: 8 },
	]);
	expect(joined(stream.push(segment(10, [10])).parts)).toEqual([10]);
});

test('without a SYN the stream begins with what is seen first', () => {
	const stream = new TcpReassembler();
	expect(joined(stream.push(segment(100, [1, 2])).parts)).toEqual([1, 2]);
	expect(stream.sawSyn).toBe(false);
	expect(stream.push(segment(98, [8, 8])).notice).toBe('retransmission');
	expect(joined(stream.push(segment(102, [3])).parts)).toEqual([3]);
});

test('keep-alives are told apart, and a SYN of another connection is known', () => {
	const stream = new TcpReassembler();
	stream.push(SYN);
	stream.push(segment(0, [1, 2, 3]));
	expect(stream.push(segment(2, [0])).notice).toBe('keep-alive');
	expect(stream.push(segment(2, [])).notice).toBe('keep-alive');
	expect(stream.startsAnew(BASE)).toBe(false);
	expect(stream.startsAnew(77)).toBe(true);
});
