/**
 * Pictures as JPEG files: the baseline sequential process of ISO/IEC 10918-1 (ITU-T T.81) in a JFIF file
 * (ISO/IEC 10918-5). All arithmetic is in whole numbers: the same picture is the same bytes in every engine.
 */
import { COEFFICIENT_BITS, forwardDct } from './forward-dct.ts';
import { EntropyCoder, huffmanCodes, type HuffmanCodes } from './jpeg-entropy.ts';
import { CHROMINANCE, LUMINANCE, ZIGZAG, type ComponentTables } from './jpeg-tables.ts';
import type { Picture } from './render-frame.ts';

/** Markers (T.81 table B.1). */
const SOI = 0xffd8;
const APP0 = 0xffe0;
const DQT = 0xffdb;
const SOF0 = 0xffc0;
const DHT = 0xffc4;
const SOS = 0xffda;
const EOI = 0xffd9;

const SIDE_MAX = 65_535;

/** Tables are sent and named by their place: 0 luminance, 1 chrominance. */
interface Coding {
	readonly tables: ComponentTables;
	readonly dc: HuffmanCodes;
	readonly ac: HuffmanCodes;
}

const coding = (tables: ComponentTables): Coding => ({
	tables,
	dc: huffmanCodes(tables.dc),
	ac: huffmanCodes(tables.ac),
});
const CODINGS = [coding(LUMINANCE), coding(CHROMINANCE)];

/** The coding of each component: Y alone, or Y, Cb, Cr. */
const GREY = [0];
const COLOUR = [0, 1, 1];

/**
 * A JPEG file as pieces: grey as one component, RGB as YCbCr without subsampling (4:4:4). `quality` is a whole
 * number, 1 to 100, which scales the tables of annex K as the software of the Independent JPEG Group does: 50
 * leaves them as they are, at 100 every step is 1. Throws for a side of 0 or of more than 65 535 pixels.
 */
export function encodeJpeg(picture: Picture, quality: number): Uint8Array[] {
	const { width, height } = picture;
	if (Math.min(width, height) < 1 || Math.max(width, height) > SIDE_MAX) {
		throw new RangeError(`A JPEG file holds no picture of ${width} x ${height}.`);
	}
	const components = picture.samples === 1 ? GREY : COLOUR;
	const codings = CODINGS.slice(0, Math.max(...components) + 1);
	const steps = codings.map(({ tables }) => quantizationSteps(tables.quantization, quality));
	return [
		marker(SOI),
		jfifSegment(),
		...steps.map(quantizationSegment),
		frameSegment(picture, components),
		...codings.map(({ tables }, place) => huffmanSegment(tables, place)),
		scanSegment(components),
		...entropyCoded(picture, components, steps),
		marker(EOI),
	];
}

/** In zig-zag order. Baseline has steps of 8 bits, and none of 0. */
function quantizationSteps(table: Uint8Array, quality: number): Uint8Array {
	const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
	return Uint8Array.from(ZIGZAG, (place) => {
		const step = Math.floor(((table[place] ?? 0) * percent + 50) / 100);
		return Math.max(1, Math.min(255, step));
	});
}

function marker(code: number): Uint8Array {
	return Uint8Array.of(code >> 8, code & 0xff);
}

/** Marker, length with itself, parameters (B.1.1.4). */
function segment(code: number, ...parameters: number[]): Uint8Array {
	const length = parameters.length + 2;
	return Uint8Array.of(...marker(code), length >> 8, length & 0xff, ...parameters);
}

/** JFIF 1.02, square pixels, no thumbnail. */
function jfifSegment(): Uint8Array {
	const identifier = [0x4a, 0x46, 0x49, 0x46, 0];
	return segment(APP0, ...identifier, 1, 2, 0, 0, 1, 0, 1, 0, 0);
}

/** Precision 8 bits, place, steps (B.2.4.1). */
function quantizationSegment(steps: Uint8Array, place: number): Uint8Array {
	return segment(DQT, place, ...steps);
}

/** Precision, lines, samples a line; of each component: identifier, sampling 1 x 1, table (B.2.2). */
function frameSegment({ width, height }: Picture, components: readonly number[]): Uint8Array {
	const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
	const each = components.flatMap((place, i) => [i + 1, 0x11, place]);
	return segment(SOF0, 8, ...size, components.length, ...each);
}

/** The table of DC (class 0), and that of AC (class 1) (B.2.4.2). */
function huffmanSegment({ dc, ac }: ComponentTables, place: number): Uint8Array {
	const tables = [place, ...dc.counts, ...dc.symbols, 0x10 | place, ...ac.counts, ...ac.symbols];
	return segment(DHT, ...tables);
}

/** Of each component: identifier and tables; all 64 coefficients, with all their bits (B.2.3). */
function scanSegment(components: readonly number[]): Uint8Array {
	const each = components.flatMap((place, i) => [i + 1, (place << 4) | place]);
	return segment(SOS, components.length, ...each, 0, 63, 0);
}

/** Blocks from left to right and from top to bottom, at each place one of every component (A.2). */
function entropyCoded(
	picture: Picture,
	components: readonly number[],
	steps: readonly Uint8Array[],
): Uint8Array[] {
	const coder = new EntropyCoder();
	const predictedDc = components.map(() => 0);
	const samples = components.map(() => new Int32Array(64));
	const block = new Int32Array(64);
	for (let y = 0; y < picture.height; y += 8) {
		for (let x = 0; x < picture.width; x += 8) {
			if (picture.samples === 1) loadGrey(picture, x, y, samples);
			else loadColour(picture, x, y, samples);
			components.forEach((place, i) => {
				const { dc, ac } = CODINGS[place]!;
				quantize(samples[i]!, steps[place]!, block);
				coder.addBlock(block, predictedDc[i] ?? 0, dc, ac);
				predictedDc[i] = block[0] ?? 0;
			});
		}
	}
	return coder.finish();
}

/** The samples of a block less 128; beyond the edges the last column and the last row go on (A.2.4). */
function loadGrey(
	{ width, height, pixels }: Picture,
	x: number,
	y: number,
	[grey]: readonly Int32Array[],
): void {
	for (let i = 0; i < 64; i++) {
		const row = Math.min(y + (i >> 3), height - 1);
		const column = Math.min(x + (i & 7), width - 1);
		grey![i] = (pixels[row * width + column] ?? 0) - 128;
	}
}

/** Y less 128, Cb and Cr about 0, by the equations of JFIF with 16 fractional bits. */
function loadColour(
	{ width, height, pixels }: Picture,
	x: number,
	y: number,
	[luminance, blue, red]: readonly Int32Array[],
): void {
	for (let i = 0; i < 64; i++) {
		const row = Math.min(y + (i >> 3), height - 1);
		const column = Math.min(x + (i & 7), width - 1);
		const at = (row * width + column) * 3;
		const r = pixels[at] ?? 0;
		const g = pixels[at + 1] ?? 0;
		const b = pixels[at + 2] ?? 0;
		luminance![i] = ((19_595 * r + 38_470 * g + 7_471 * b + 0x8000) >> 16) - 128;
		// A half is rounded down, or pure blue and pure red would come to 128.
		blue![i] = (-11_059 * r - 21_709 * g + 32_768 * b + 0x7fff) >> 16;
		red![i] = (32_768 * r - 27_439 * g - 5_329 * b + 0x7fff) >> 16;
	}
}

const COEFFICIENTS = new Int32Array(64);

/** The DCT of the samples in zig-zag order, in steps, rounded to the nearest (A.3.4). */
function quantize(samples: Int32Array, steps: Uint8Array, block: Int32Array): void {
	forwardDct(samples, COEFFICIENTS);
	for (let k = 0; k < 64; k++) {
		const coefficient = COEFFICIENTS[ZIGZAG[k] ?? 0] ?? 0;
		const step = (steps[k] ?? 1) << COEFFICIENT_BITS;
		const half = step >> 1;
		block[k] = ((coefficient < 0 ? coefficient - half : coefficient + half) / step) | 0;
	}
}
