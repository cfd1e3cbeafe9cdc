/** One frame of an image as pixels of a screen: native and RLE pixel data (PS3.3 C.7.6.3, C.11.2). */
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { framesOf } from '#lib/protocol/dicom/dataset/encapsulation.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import {
	decodeRleFrame,
	nativeFrameBytes,
	type FrameShape,
} from '#lib/protocol/dicom/dataset/rle.ts';
import { frameShapeOf } from '#lib/protocol/dicom/dataset/rle-pixel-data.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { uidText } from '../uid-words.ts';

export interface Window {
	readonly center: number;
	readonly width: number;
}

export type RenderedFrame =
	| {
			readonly ok: true;
			readonly columns: number;
			readonly rows: number;
			readonly frames: number;
			/** Four bytes a pixel, opaque. */
			readonly rgba: Uint8ClampedArray<ArrayBuffer>;
			/** What was applied; undefined for colour. */
			readonly window?: Window;
	  }
	| { readonly ok: false; readonly reason: string };

const NATIVE: readonly string[] = [
	UID.LittleEndianImplicit,
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.DeflatedLittleEndianExplicit,
];
const MOST_PIXELS = 64_000_000;
const PIXEL_DATA = 0x7fe00010;

const refuse = (reason: string): RenderedFrame => ({ ok: false, reason });

/** Draws a frame, counted from 0. Without `window` the image's own is used, or its least and greatest value. */
export function renderFrame(
	dataSet: DataSet,
	transferSyntax: string,
	frame = 0,
	window?: Window,
): RenderedFrame {
	const shape = frameShapeOf(dataSet);
	if (!shape || !dataSet.has(PIXEL_DATA)) return refuse('There is no image in this object.');
	const { rows, columns, bitsAllocated, samplesPerPixel } = shape;
	if (rows * columns === 0 || rows * columns > MOST_PIXELS) {
		return refuse(`An image of ${columns} by ${rows} pixels is not shown.`);
	}
	const frames = Math.max(1, dataSet.number('NumberOfFrames') ?? 1);
	const pixels = frameBytes(dataSet, transferSyntax, shape, frame);
	if (typeof pixels === 'string') return refuse(pixels);
	if (pixels.length < nativeFrameBytes(shape))
		return refuse('The pixel data is shorter than the image.');
	const photometric = dataSet.text('PhotometricInterpretation') ?? '';
	const size = { columns, rows, frames };
	if (photometric.startsWith('MONOCHROME') && samplesPerPixel === 1) {
		if (bitsAllocated !== 8 && bitsAllocated !== 16) {
			return refuse(`Images with ${bitsAllocated} bits a sample are not shown.`);
		}
		const values = modalityValues(dataSet, pixels, shape);
		const applied = window ?? windowOf(dataSet) ?? fullRange(values);
		const rgba = grey(values, applied, photometric === 'MONOCHROME1');
		return { ok: true, ...size, rgba, window: applied };
	}
	if (
		(photometric === 'RGB' || photometric === 'YBR_FULL') &&
		bitsAllocated === 8 &&
		samplesPerPixel === 3
	) {
		return { ok: true, ...size, rgba: colour(pixels, shape, photometric === 'YBR_FULL') };
	}
	return refuse(`${photometric || 'An unknown photometric interpretation'} is not shown here.`);
}

function frameBytes(
	dataSet: DataSet,
	transferSyntax: string,
	shape: FrameShape,
	frame: number,
): Uint8Array | string {
	if (transferSyntax === UID.RLELossless) {
		const found = framesOf(dataSet, transferSyntax);
		if (!found.ok) return `The frames cannot be told apart: ${found.message}.`;
		const fragments = found.frames[frame];
		if (!fragments) return `There is no frame ${frame + 1}.`;
		const decoded = decodeRleFrame(joinBytes(fragments), shape);
		return decoded.ok ? decoded.frame : `The RLE data is damaged: ${decoded.message}.`;
	}
	if (!NATIVE.includes(transferSyntax)) {
		return `${uidText(transferSyntax)} is not decoded here.`;
	}
	const size = nativeFrameBytes(shape);
	return (
		dataSet.bytes(PIXEL_DATA)?.subarray(frame * size, (frame + 1) * size) ??
		'There is no pixel data.'
	);
}

/** Stored values cut out of their cells, signed where they are, and rescaled (PS3.3 C.11.1). */
function modalityValues(dataSet: DataSet, pixels: Uint8Array, shape: FrameShape): Float32Array {
	const { rows, columns, bitsAllocated } = shape;
	const bitsStored = dataSet.number('BitsStored') ?? bitsAllocated;
	const highBit = dataSet.number('HighBit') ?? bitsStored - 1;
	const shift = Math.max(0, highBit + 1 - bitsStored);
	const unused = 32 - bitsStored;
	const signed = dataSet.pixelsAreSigned() === true;
	const slope = dataSet.number('RescaleSlope') ?? 1;
	const intercept = dataSet.number('RescaleIntercept') ?? 0;
	const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
	const values = new Float32Array(rows * columns);
	for (let i = 0; i < values.length; i++) {
		const cell = bitsAllocated === 8 ? view.getUint8(i) : view.getUint16(2 * i, true);
		const aligned = (cell >>> shift) << unused;
		const stored = signed ? aligned >> unused : aligned >>> unused;
		values[i] = stored * slope + intercept;
	}
	return values;
}

function windowOf(dataSet: DataSet): Window | undefined {
	const center = dataSet.number('WindowCenter');
	const width = dataSet.number('WindowWidth');
	return center !== undefined && width !== undefined && width >= 1 ? { center, width } : undefined;
}

function fullRange(values: Float32Array): Window {
	let least = Infinity;
	let greatest = -Infinity;
	for (const value of values) {
		if (value < least) least = value;
		if (value > greatest) greatest = value;
	}
	return { center: (least + greatest + 1) / 2, width: Math.max(1, greatest - least + 1) };
}

/** The linear function of PS3.3 C.11.2.1.2.1. */
function grey(
	values: Float32Array,
	{ center, width }: Window,
	inverted: boolean,
): Uint8ClampedArray<ArrayBuffer> {
	const rgba = new Uint8ClampedArray(values.length * 4);
	const span = Math.max(1, width - 1);
	for (let i = 0; i < values.length; i++) {
		const level = (((values[i] ?? 0) - (center - 0.5)) / span + 0.5) * 255;
		const shown = inverted ? 255 - level : level;
		rgba[4 * i] = shown;
		rgba[4 * i + 1] = shown;
		rgba[4 * i + 2] = shown;
		rgba[4 * i + 3] = 255;
	}
	return rgba;
}

function colour(
	pixels: Uint8Array,
	{ rows, columns, planarConfiguration }: FrameShape,
	isYbr: boolean,
): Uint8ClampedArray<ArrayBuffer> {
	const count = rows * columns;
	const [step, plane] = planarConfiguration === 1 ? [1, count] : [3, 1];
	const rgba = new Uint8ClampedArray(count * 4);
	for (let i = 0; i < count; i++) {
		const at = i * step;
		const [a, b, c] = [pixels[at]!, pixels[at + plane]!, pixels[at + 2 * plane]!];
		// PS3.3 C.7.6.3.1.2.
		rgba[4 * i] = isYbr ? a + 1.402 * (c - 128) : a;
		rgba[4 * i + 1] = isYbr ? a - 0.344136 * (b - 128) - 0.714136 * (c - 128) : b;
		rgba[4 * i + 2] = isYbr ? a + 1.772 * (b - 128) : c;
		rgba[4 * i + 3] = 255;
	}
	return rgba;
}
