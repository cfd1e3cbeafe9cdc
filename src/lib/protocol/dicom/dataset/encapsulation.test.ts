import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { type EncapsulationOptions, framesOf, setFrames } from './encapsulation.ts';
import { UID } from './uids.ts';

const JPEG = UID.JPEGBaseline;

/** Code streams as JPEG has them, but for what is inside. */
function frames(count: number): Uint8Array[] {
	return Array.from({ length: count }, (_, i) =>
		Uint8Array.of(0xff, 0xd8, ...Array<number>(40 + i).fill(i + 1), 0xff, 0xd9),
	);
}

function image(count: number, options: EncapsulationOptions): DataSet {
	const dataSet = DataSet.from({ NumberOfFrames: count });
	setFrames(dataSet, frames(count), options);
	return dataSet;
}

function joined(parts: readonly Uint8Array[]): number[] {
	return parts.flatMap((part) => [...part]);
}

test.each([
	[3, { offsetTable: 'basic' }, 'basic-offset-table'],
	[3, { offsetTable: 'basic', fragmentBytes: 16 }, 'basic-offset-table'],
	[3, { offsetTable: 'extended' }, 'extended-offset-table'],
	[3, { offsetTable: 'empty' }, 'fragment-per-frame'],
	[3, { offsetTable: 'empty', fragmentBytes: 16 }, 'markers'],
	[1, { offsetTable: 'empty', fragmentBytes: 16 }, 'single-frame'],
] as const)('%i frames with %o are found by %s', (count, options, source) => {
	const result = framesOf(image(count, options), JPEG);
	if (!result.ok) throw new Error(result.message);
	expect(result.source).toBe(source);
	const found = result.frames.map(joined);
	// Only the extended table knows where the padding begins.
	const expected = frames(count).map((frame) => {
		const padded = [...frame];
		if (source !== 'extended-offset-table' && padded.length % 2 === 1) padded.push(0);
		return padded;
	});
	expect(found).toEqual(expected);
});

test('the tables count from the first item after the basic one', () => {
	const basic = image(3, { offsetTable: 'basic' }).element('PixelData')?.fragments?.[0];
	expect([...new Uint32Array(basic!.slice().buffer)]).toEqual([0, 52, 106]);
	const extended = image(3, { offsetTable: 'extended' });
	expect(extended.element('PixelData')?.fragments?.[0]).toHaveLength(0);
	expect(extended.element('ExtendedOffsetTable')?.vr).toBe('OV');
	const lengths = extended.bytes('ExtendedOffsetTableLengths')!.slice();
	expect([...new BigUint64Array(lengths.buffer)]).toEqual([44n, 45n, 46n]);
});

test('a video is one stream, whatever the number of frames', () => {
	const result = framesOf(image(3, { offsetTable: 'empty' }), UID['MPEG4HighProfile/Level4.1']);
	expect(result).toMatchObject({ ok: true, source: 'video' });
	if (result.ok) expect(result.frames.map((one) => one.length)).toEqual([3]);
});

test('tables that do not fit are said', () => {
	const wrong = image(3, { offsetTable: 'basic' });
	const [table, ...fragments] = wrong.element('PixelData')!.fragments!;
	const message = (changed: Uint8Array, number = 3): string => {
		wrong.set('NumberOfFrames', number).setFragments('PixelData', [changed, ...fragments]);
		const result = framesOf(wrong, JPEG);
		return result.ok ? 'ok' : result.message;
	};
	expect(message(table!.with(4, 51))).toBe('frame 2: no fragment begins at offset 51');
	expect(message(table!.with(0, 52))).toContain('frame 1');
	expect(message(table!.with(8, 52))).toContain('frame 3');
	expect(message(table!, 4)).toBe('the offset table has 3 frames, the image 4');
	expect(message(new Uint8Array(0), 2)).toBe('3 fragments for 2 frames, and no offset table');
	expect(framesOf(new DataSet(), JPEG)).toMatchObject({ ok: false });
	expect(framesOf(new DataSet().setFragments('PixelData', []), JPEG)).toMatchObject({ ok: false });
});

test('what cannot be written is refused', () => {
	expect(() => image(1, { offsetTable: 'basic', fragmentBytes: 15 })).toThrow(RangeError);
	expect(() => image(1, { offsetTable: 'extended', fragmentBytes: 16 })).toThrow(RangeError);
});
