import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { compressRle, decompressRle } from './rle-pixel-data.ts';
import { decodeRleFrame, encodeRleFrame, type FrameShape, nativeFrameBytes } from './rle.ts';

const shape = fc.record({
	rows: fc.integer({ min: 1, max: 9 }),
	columns: fc.integer({ min: 1, max: 300 }),
	samplesPerPixel: fc.constantFrom(1, 3),
	bitsAllocated: fc.constantFrom(8, 16, 32),
	planarConfiguration: fc.constantFrom(0, 1),
});

/** Runs of every length around the limits of PackBits, with noise between. */
function frameOf(form: FrameShape, runs: readonly [number, number][]): Uint8Array {
	const frame = new Uint8Array(nativeFrameBytes(form));
	let at = 0;
	for (let i = 0; at < frame.length; i += 1) {
		const [length, value] = runs[i % runs.length]!;
		frame.fill(value + i, at, at + length);
		at += length;
	}
	return frame;
}

const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 140 }), fc.nat(255)), {
	minLength: 1,
	maxLength: 12,
});

function encoded(frame: Uint8Array, form: FrameShape): Uint8Array {
	const result = encodeRleFrame(frame, form);
	if (!result.ok) throw new Error(result.message);
	return result.frame;
}

test('every frame comes back, from segments of even length', () => {
	fc.assert(
		fc.property(shape, runs, (form, plan) => {
			const frame = frameOf(form, plan);
			const bytes = encoded(frame, form);
			expect(decodeRleFrame(bytes, form)).toEqual({ ok: true, frame });
			const header = new DataView(bytes.buffer);
			const count = header.getUint32(0, true);
			expect(count).toBe((form.bitsAllocated / 8) * form.samplesPerPixel);
			for (let i = 0; i < 15; i += 1) {
				const offset = header.getUint32(4 + i * 4, true);
				if (i >= count) expect(offset).toBe(0);
				else expect(offset % 2).toBe(0);
			}
		}),
		{ numRuns: 200, seed: 5 },
	);
});

const ROW = { rows: 1, samplesPerPixel: 1, bitsAllocated: 8, planarConfiguration: 0 };

/** The byte strings of PS3.5 G.3.1: literal and repeated runs. */
test('rows are packed as PackBits', () => {
	const pack = (...bytes: number[]) =>
		[...encoded(Uint8Array.from(bytes), { ...ROW, columns: bytes.length })].slice(64);
	expect(pack(7)).toEqual([0, 7]);
	expect(pack(7, 7)).toEqual([255, 7]);
	expect(pack(7, 7, 7, 7)).toEqual([253, 7]);
	expect(pack(1, 2, 3)).toEqual([2, 1, 2, 3]);
	expect(pack(1, 2, 2, 3)).toEqual([3, 1, 2, 2, 3, 0]);
	expect(pack(...Array<number>(130).fill(9))).toEqual([129, 9, 255, 9]);
});

test('a run does not go on in the next row', () => {
	const bytes = encoded(new Uint8Array(8).fill(5), { ...ROW, rows: 2, columns: 4 });
	expect([...bytes].slice(64)).toEqual([253, 5, 253, 5]);
});

test('the most significant byte comes first', () => {
	const form = { ...ROW, columns: 2, bitsAllocated: 16 };
	const bytes = encoded(Uint8Array.of(0x02, 0x01, 0x04, 0x03), form);
	expect([...bytes].slice(64)).toEqual([1, 0x01, 0x03, 0, 1, 0x02, 0x04, 0]);
});

test('mutated frames never throw and never have another size', () => {
	const form = { rows: 4, columns: 20, samplesPerPixel: 3, bitsAllocated: 16 };
	const whole = { ...form, planarConfiguration: 0 };
	const bytes = encoded(frameOf(whole, [[3, 7]]), whole);
	const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
	fc.assert(
		fc.property(fc.array(change, { maxLength: 8 }), fc.nat(bytes.length), (changes, length) => {
			const mutated = bytes.slice(0, length);
			for (const [at, byte] of changes) mutated[at] = byte;
			const result = decodeRleFrame(mutated, whole);
			if (result.ok) expect(result.frame).toHaveLength(nativeFrameBytes(whole));
		}),
		{ numRuns: 1000, seed: 6 },
	);
});

test('what is wrong is said', () => {
	const form = { ...ROW, columns: 4 };
	const good = encoded(Uint8Array.of(1, 2, 3, 4), form);
	const message = (bytes: Uint8Array, other: FrameShape = form): string => {
		const result = decodeRleFrame(bytes, other);
		return result.ok ? 'ok' : result.message;
	};
	expect(message(good.subarray(0, 60))).toContain('header is cut');
	expect(message(good, { ...form, samplesPerPixel: 3 })).toContain('3 planes');
	expect(message(good.subarray(0, 67))).toContain('ends after 2 of 4 pixels');
	expect(message(good.with(0, 16))).toContain('counts 16 segments');
	expect(message(good.with(4, 200))).toContain('not in the frame');
	expect(message(good, { ...form, bitsAllocated: 1 })).toContain('1 bits allocated');
});

test('images of several frames and colours go there and back', () => {
	for (const [bits, samples, planar] of [
		[8, 1, 0],
		[16, 1, 0],
		[8, 3, 0],
		[8, 3, 1],
	] as const) {
		const native = Uint8Array.from({ length: (5 * 7 * 3 * samples * bits) / 8 }, (_, i) => i >> 2);
		const image = DataSet.from({
			PatientID: 'X',
			NumberOfFrames: 3,
			Rows: 5,
			Columns: 7,
			SamplesPerPixel: samples,
			BitsAllocated: bits,
			PlanarConfiguration: planar,
		}).set('PixelData', native);
		const compressed = compressRle(image);
		if (!compressed.ok) throw new Error(compressed.message);
		expect(compressed.dataSet.element('PixelData')?.fragments).toHaveLength(4);
		const again = decompressRle(compressed.dataSet);
		if (!again.ok) throw new Error(again.message);
		expect(again.dataSet.bytes('PixelData')?.slice(0, native.length)).toEqual(native);
		expect(decompressRle(compressed.dataSet, 10)).toMatchObject({ ok: false });
	}
});
