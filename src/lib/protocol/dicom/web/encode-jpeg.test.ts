import fc from 'fast-check';
import { decode, encode } from 'jpeg-js';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256, toHex } from '#lib/kernel/sha256.ts';
import { joinBytes } from '../dataset/encode-data-set.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import type { Picture } from './render-frame.ts';
import { SAMPLE_DIGESTS, samplePicture } from './sample-picture.fixture.ts';

const jpegOf = (picture: Picture, quality: number): Uint8Array =>
	joinBytes(encodeJpeg(picture, quality));

/** What jpeg-js reads out of a file: red, green, blue and alpha, of which a grey picture has the red. */
function decoded(file: Uint8Array, samples: 1 | 3): Uint8Array {
	const { data, width, height } = decode(file, { useTArray: true });
	return Uint8Array.from({ length: width * height * samples }, (_, i) =>
		samples === 1 ? data[i * 4]! : data[Math.floor(i / 3) * 4 + (i % 3)]!,
	);
}

/** The same picture by the encoder of jpeg-js, which has three components also for grey. */
function otherJpeg({ width, height, samples, pixels }: Picture, quality: number): Uint8Array {
	const data = new Uint8Array(width * height * 4).fill(255);
	for (let i = 0; i < width * height; i++) {
		for (let s = 0; s < 3; s++) data[i * 4 + s] = pixels[i * samples + (s % samples)]!;
	}
	return encode({ width, height, data }, quality).data;
}

function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
	expect(a.length).toBe(b.length);
	return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

const worst = (a: Uint8Array, b: Uint8Array): number =>
	a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

interface Segment {
	readonly marker: number;
	readonly parameters: number[];
}

/** The segments in front of the coded blocks, and these with the EOI at their end. */
function segmentsOf(file: Uint8Array): { segments: Segment[]; coded: Uint8Array } {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	expect(view.getUint16(0)).toBe(0xffd8);
	const segments: Segment[] = [];
	let at = 2;
	while (segments.at(-1)?.marker !== 0xffda) {
		const next = at + 2 + view.getUint16(at + 2);
		segments.push({ marker: view.getUint16(at), parameters: [...file.subarray(at + 4, next)] });
		at = next;
	}
	return { segments, coded: file.subarray(at) };
}

/** All parameters of one marker: it makes no difference in how many segments tables are sent. */
const parametersOf = (file: Uint8Array, marker: number): number[] =>
	segmentsOf(file).segments.flatMap((one) => (one.marker === marker ? one.parameters : []));

const hexes = (segments: Segment[]): string[] => segments.map(({ marker }) => marker.toString(16));

test('grey: JFIF, one component, the tables of luminance only', () => {
	const file = jpegOf(samplePicture(300, 17, 1), 50);
	const { segments } = segmentsOf(file);
	expect(hexes(segments)).toEqual(['ffe0', 'ffdb', 'ffc0', 'ffc4', 'ffda']);
	expect(parametersOf(file, 0xffe0)).toEqual([74, 70, 73, 70, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);
	expect(parametersOf(file, 0xffc0)).toEqual([8, 0, 17, 1, 44, 1, 1, 0x11, 0]);
	expect(parametersOf(file, 0xffda)).toEqual([1, 1, 0, 0, 63, 0]);
	expect(parametersOf(file, 0xffdb).slice(0, 7)).toEqual([0, 16, 11, 12, 14, 12, 10]);
});

test('RGB: three components without subsampling', () => {
	const file = jpegOf(samplePicture(17, 300, 3), 50);
	const { segments } = segmentsOf(file);
	expect(hexes(segments)).toEqual(['ffe0', 'ffdb', 'ffdb', 'ffc0', 'ffc4', 'ffc4', 'ffda']);
	const components = [1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1];
	expect(parametersOf(file, 0xffc0)).toEqual([8, 1, 44, 0, 17, 3, ...components]);
	expect(parametersOf(file, 0xffda)).toEqual([3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
});

test.each([1, 10, 33, 49, 50, 51, 75, 90, 99, 100])(
	'quality %i: the tables are those of jpeg-js',
	(quality) => {
		const picture = samplePicture(8, 8, 3);
		const [ours, theirs] = [jpegOf(picture, quality), otherJpeg(picture, quality)];
		expect(parametersOf(ours, 0xffdb)).toEqual(parametersOf(theirs, 0xffdb));
		expect(parametersOf(ours, 0xffc4)).toEqual(parametersOf(theirs, 0xffc4));
	},
);

test('blocks of mid-grey, bit by bit', () => {
	const flat = (samples: 1 | 3): Uint8Array => {
		const pixels = new Uint8Array(64 * samples).fill(128);
		return segmentsOf(jpegOf({ width: 8, height: 8, samples, pixels }, 50)).coded;
	};
	// Tables K.3 and K.5: category 0 is 00, end of block 1010; two 1 bits fill the byte.
	expect([...flat(1)]).toEqual([0b00101011, 0xff, 0xd9]);
	// Tables K.4 and K.6: both 00.
	expect([...flat(3)]).toEqual([0b00101000, 0b00000011, 0xff, 0xd9]);
});

/** Pixels without any pattern, from a linear congruence. */
function noise(width: number, height: number, samples: 1 | 3, seed = 1): Picture {
	let state = seed;
	const pixels = Uint8Array.from({ length: width * height * samples }, () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state >>> 24;
	});
	return { width, height, samples, pixels };
}

test('a 0 follows every FF of the coded blocks, and EOI ends the file', () => {
	const { coded } = segmentsOf(jpegOf(noise(400, 300, 1), 100));
	expect([...coded.subarray(-2)]).toEqual([0xff, 0xd9]);
	const blocks = coded.subarray(0, -2);
	const next = [...blocks].flatMap((byte, i) => (byte === 0xff ? [blocks[i + 1]] : []));
	expect(next.length).toBeGreaterThan(50);
	expect(new Set(next)).toEqual(new Set([0]));
});

/** The least ratio of signal to noise, in decibel, for grey and for RGB. */
const RATIOS = [
	[10, 20, 15],
	[50, 25, 20],
	[75, 28, 23],
	[90, 36, 29],
	[100, 60, 48],
] as const;
const SIZES = [
	[1, 1],
	[7, 9],
	[8, 8],
	[17, 33],
	[128, 128],
] as const;

test.each(RATIOS)('quality %i: at least %i dB grey and %i dB RGB', (quality, grey, colour) => {
	for (const [width, height] of SIZES) {
		for (const samples of [1, 3] as const) {
			const picture = samplePicture(width, height, samples);
			const error = rootMeanSquare(picture.pixels, decoded(jpegOf(picture, quality), samples));
			const ratio = 20 * Math.log10(255 / error);
			expect(ratio, `${width} x ${height}`).toBeGreaterThan(samples === 1 ? grey : colour);
		}
	}
});

test('one colour stays one colour beyond the edges of blocks (A.2.4)', () => {
	for (const samples of [1, 3] as const) {
		const colour = [200, 90, 30].slice(0, samples);
		const pixels = Uint8Array.from({ length: 9 * 17 * samples }, (_, i) => colour[i % samples]!);
		const file = jpegOf({ width: 9, height: 17, samples, pixels }, 50);
		const shown = decoded(file, samples);
		expect(worst(shown, pixels)).toBeLessThanOrEqual(4);
		expect(shown).toEqual(shown.map((_, i) => shown[i % samples]!));
	}
});

test('whatever the picture, about as little is lost as by the encoder of jpeg-js', () => {
	const side = fc.integer({ min: 1, max: 40 });
	const samples = fc.constantFrom(1 as const, 3 as const);
	const quality = fc.integer({ min: 1, max: 100 });
	const seed = fc.option(fc.nat(), { nil: undefined });
	fc.assert(
		fc.property(side, side, samples, quality, seed, (width, height, samples, quality, seed) => {
			const picture =
				seed === undefined
					? samplePicture(width, height, samples)
					: noise(width, height, samples, seed);
			const loss = (file: Uint8Array): number =>
				rootMeanSquare(picture.pixels, decoded(file, samples));
			const [ours, theirs] = [jpegOf(picture, quality), otherJpeg(picture, quality)];
			// In a picture of few pixels a single coefficient, rounded the other way, is seen.
			expect(loss(ours)).toBeLessThan(1.25 * loss(theirs) + 4);
		}),
		{ numRuns: 100 },
	);
});

test('quality 100 is nearly lossless, also for noise and over several pieces', () => {
	const grey = noise(317, 301, 1);
	expect(encodeJpeg(grey, 100).length).toBeGreaterThan(8);
	expect(worst(grey.pixels, decoded(jpegOf(grey, 100), 1))).toBeLessThanOrEqual(2);
	const colour = noise(61, 43, 3);
	expect(worst(colour.pixels, decoded(jpegOf(colour, 100), 3))).toBeLessThanOrEqual(5);
});

test('the greatest difference of DC, and the longest run of zeros', () => {
	const ofPlace = (width: number, value: (x: number, y: number) => number): Picture => ({
		width,
		height: 8,
		samples: 1,
		pixels: Uint8Array.from({ length: width * 8 }, (_, i) =>
			value(i % width, Math.floor(i / width)),
		),
	});
	const stripes = ofPlace(64, (x) => ((x >> 3) & 1) * 255);
	expect(worst(stripes.pixels, decoded(jpegOf(stripes, 100), 1))).toBeLessThanOrEqual(1);
	const wave = (x: number): number => Math.cos(((2 * x + 1) * 7 * Math.PI) / 16);
	const finest = ofPlace(8, (x, y) => Math.round(128 + 120 * wave(x) * wave(y)));
	const { coded } = segmentsOf(jpegOf(finest, 95));
	// DC 0 (00), three ZRL (11111111001), run 14 and category 6 of coefficient 63, and no end of block.
	expect(Buffer.from(coded.subarray(0, 5)).toString('hex')).toBe('3fcff9ff00');
	expect(worst(finest.pixels, decoded(jpegOf(finest, 95), 1))).toBeLessThanOrEqual(6);
});

test('a picture without pixels, or with too many in a row, is not for JPEG', () => {
	const picture = (width: number): Picture => ({ ...samplePicture(1, 1, 1), width });
	expect(() => encodeJpeg(picture(0), 90)).toThrow(RangeError);
	expect(() => encodeJpeg(picture(65_536), 90)).toThrow(RangeError);
	expect(decode(jpegOf(picture(65_535), 90), { useTArray: true }).width).toBe(65_535);
});

// tests/browser/rendered.test.ts asserts the same of Chromium.
test.each(SAMPLE_DIGESTS)('the files are always the same, $samples', ({ samples, png, jpeg }) => {
	const picture = samplePicture(75, 50, samples);
	expect(toHex(sha256(joinBytes(encodePng(picture))))).toBe(png);
	expect(toHex(sha256(jpegOf(picture, 90)))).toBe(jpeg);
});

const present = ['img2dcm', 'dcmj2pnm'].every(
	(tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (!present) console.warn('skipped: JPEG files are not decoded by DCMTK, which is not installed');

test.skipIf(!present).each([1, 3] as const)('DCMTK decodes our file, samples %i', (samples) => {
	const folder = mkdtempSync(join(tmpdir(), 'jpeg-'));
	try {
		const [jpeg, dicom, pnm] = ['a.jpg', 'a.dcm', 'a.pnm'].map((name) => join(folder, name));
		const picture = samplePicture(17, 33, samples);
		writeFileSync(jpeg!, jpegOf(picture, 90));
		execFileSync('img2dcm', [jpeg!, dicom!]);
		execFileSync('dcmj2pnm', [dicom!, pnm!]);
		const file = readFileSync(pnm!);
		const header = `P${samples === 1 ? 5 : 6}\n17 33\n255\n`;
		expect(file.subarray(0, header.length).toString('latin1')).toBe(header);
		const error = rootMeanSquare(picture.pixels, file.subarray(header.length));
		expect(20 * Math.log10(255 / error)).toBeGreaterThan(29);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
