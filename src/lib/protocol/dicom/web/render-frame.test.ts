import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DataSet } from '../dataset/data-set.ts';
import { encodePng } from './encode-png.ts';
import { fitViewport, renderFrame, type Picture } from './render-frame.ts';
import type { Viewport } from './rendered-parameters.ts';

/** A row of stored values of 16 bits, as an image. */
function image(values: number[], changes: Record<string, string | number> = {}) {
	const frame = new Uint8Array(Uint16Array.from(values, (value) => value & 0xffff).buffer);
	const dataSet = DataSet.from({
		Rows: 1,
		Columns: values.length,
		SamplesPerPixel: 1,
		PhotometricInterpretation: 'MONOCHROME2',
		BitsAllocated: 16,
		BitsStored: 16,
		HighBit: 15,
		PixelRepresentation: 0,
		...changes,
	});
	return { dataSet, frame };
}

const grey = (values: number[], changes: Record<string, string | number> = {}): number[] => {
	const { dataSet, frame } = image(values, changes);
	return [...(renderFrame(dataSet, frame, undefined)?.pixels ?? [])];
};

test('LINEAR as in PS3.3 C.11.2.1.2.1', () => {
	const window = { WindowCenter: 2048, WindowWidth: 4096 };
	expect(grey([0, 2048, 4095], window)).toEqual([0, 128, 255]);
	expect(grey([0, 1, 2], { WindowCenter: 1, WindowWidth: 1 })).toEqual([0, 255, 255]);
});

test('LINEAR_EXACT, SIGMOID, MONOCHROME1, and no window at all', () => {
	const exact = { WindowCenter: 10, WindowWidth: 10, VOILUTFunction: 'LINEAR_EXACT' };
	expect(grey([5, 10, 15, 16], exact)).toEqual([0, 128, 255, 255]);
	expect(grey([10], { ...exact, VOILUTFunction: 'SIGMOID' })).toEqual([128]);
	expect(grey([5, 16], { ...exact, PhotometricInterpretation: 'MONOCHROME1' })).toEqual([255, 0]);
	expect(grey([100, 150, 200])).toEqual([0, 128, 255]);
	expect(grey([7, 7])).toEqual([0, 0]);
});

test('stored bits: sign, high bit, and overlay bits above are not part of the value', () => {
	const window = { WindowCenter: 0, WindowWidth: 100, VOILUTFunction: 'LINEAR_EXACT' };
	expect(grey([-50, 0, 50], { ...window, PixelRepresentation: 1 })).toEqual([0, 128, 255]);
	const twelve = { BitsStored: 12, HighBit: 11, WindowCenter: 50, WindowWidth: 100 };
	expect(grey([0xf000, 0x0064], twelve)).toEqual([0, 255]);
	const shifted = { BitsStored: 12, HighBit: 15, WindowCenter: 50, WindowWidth: 100 };
	expect(grey([0x000f, 0x064f], shifted)).toEqual([0, 255]);
	const rescaled = { RescaleSlope: 2, RescaleIntercept: -100, ...window };
	expect(grey([25, 50, 75], rescaled)).toEqual([0, 128, 255]);
});

test('RGB by pixel and by plane; nothing else in colour', () => {
	const colours = Uint8Array.of(1, 2, 3, 4, 5, 6);
	const base = { Rows: 1, Columns: 2, SamplesPerPixel: 3, BitsAllocated: 8 };
	const rgb = (photometric: string, planar: number): number[] | undefined => {
		const dataSet = DataSet.from({
			...base,
			PhotometricInterpretation: photometric,
			PlanarConfiguration: planar,
		});
		const picture = renderFrame(dataSet, colours, undefined);
		return picture && [...picture.pixels];
	};
	expect(rgb('RGB', 0)).toEqual([1, 2, 3, 4, 5, 6]);
	expect(rgb('RGB', 1)).toEqual([1, 3, 5, 2, 4, 6]);
	expect(rgb('YBR_FULL', 0)).toBeUndefined();
	expect(rgb('PALETTE COLOR', 0)).toBeUndefined();
});

const PICTURE: Picture = {
	width: 3,
	height: 2,
	samples: 1,
	pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
};

test('the viewport: as large as fits, cut out, flipped', () => {
	const fit = (viewport: Viewport): number[][] | undefined => {
		const picture = fitViewport(PICTURE, viewport);
		if (!picture) return undefined;
		const { width, pixels } = picture;
		return Array.from({ length: pixels.length / width }, (_, y) => [
			...pixels.subarray(y * width, (y + 1) * width),
		]);
	};
	const whole = { x: 0, y: 0, width: undefined, height: undefined };
	expect(fit({ width: 6, height: 100, source: whole })).toEqual([
		...[
			[1, 1, 2, 2, 3, 3],
			[1, 1, 2, 2, 3, 3],
		],
		...[
			[4, 4, 5, 5, 6, 6],
			[4, 4, 5, 5, 6, 6],
		],
	]);
	expect(fit({ width: 2, height: 2, source: { ...whole, x: 1 } })).toEqual([
		[2, 3],
		[5, 6],
	]);
	expect(fit({ width: 3, height: 2, source: { ...whole, width: -3, height: -2 } })).toEqual([
		[6, 5, 4],
		[3, 2, 1],
	]);
	expect(fit({ width: 3, height: 2, source: { ...whole, width: 4 } })).toBeUndefined();
	expect(fit({ width: 3, height: 2, source: { ...whole, x: 3 } })).toBeUndefined();
});

test('PNG: chunks have their length and CRC, rows their filter byte', () => {
	const bytes = new Uint8Array(Buffer.concat(encodePng({ ...PICTURE, samples: 3, width: 1 })));
	expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	const view = new DataView(bytes.buffer);
	const chunks = new Map<string, Uint8Array>();
	for (let at = 8; at < bytes.length;) {
		const length = view.getUint32(at);
		const typeAndData = bytes.subarray(at + 4, at + 8 + length);
		expect(view.getUint32(at + 8 + length)).toBe(crc32(typeAndData));
		chunks.set(String.fromCharCode(...typeAndData.subarray(0, 4)), typeAndData.subarray(4));
		at += 12 + length;
	}
	expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
	expect([...chunks.get('IHDR')!]).toEqual([0, 0, 0, 1, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
	expect([...inflateSync(chunks.get('IDAT')!)]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
});
