/** Whole images between native pixel data and RLE Lossless (PS3.5 section 8.2.2 and annex G). */
import { DataSet } from './data-set.ts';
import { framesOf, setFrames } from './encapsulation.ts';
import { joinBytes } from './encode-data-set.ts';
import { decodeRleFrame, encodeRleFrame, type FrameShape, nativeFrameBytes } from './rle.ts';
import { UID } from './uids.ts';

const PIXEL_DATA = 0x7fe00010;

type ImageResult =
	| { readonly ok: true; readonly dataSet: DataSet }
	| { readonly ok: false; readonly message: string };

/** The shape of the frames; undefined when the image does not say all of it. */
export function frameShapeOf(dataSet: DataSet): FrameShape | undefined {
	const rows = dataSet.number('Rows');
	const columns = dataSet.number('Columns');
	const bitsAllocated = dataSet.number('BitsAllocated');
	if (rows === undefined || columns === undefined || bitsAllocated === undefined) return undefined;
	return {
		rows,
		columns,
		bitsAllocated,
		samplesPerPixel: dataSet.number('SamplesPerPixel') ?? 1,
		planarConfiguration: dataSet.number('PlanarConfiguration') ?? 0,
	};
}

/** The same elements but the pixel data and its tables. Items stay those of the other data set. */
function withoutPixels(dataSet: DataSet): DataSet {
	const copy = new DataSet();
	for (const element of dataSet.elements()) {
		if (element.tag >>> 16 !== 0x7fe0) copy.add(element);
	}
	return copy;
}

/** The image with its frames as RLE Lossless, one fragment each and a basic offset table. */
export function compressRle(dataSet: DataSet): ImageResult {
	const shape = frameShapeOf(dataSet);
	const native = dataSet.bytes(PIXEL_DATA);
	if (shape === undefined || native === undefined || native.length === 0) {
		return { ok: false, message: 'no native pixel data, or rows, columns or bits are missing' };
	}
	const size = nativeFrameBytes(shape);
	const frames: Uint8Array[] = [];
	for (let i = 0; i < (dataSet.number('NumberOfFrames') ?? 1); i += 1) {
		const result = encodeRleFrame(native.subarray(i * size, (i + 1) * size), shape);
		if (!result.ok) return { ok: false, message: `frame ${i + 1}: ${result.message}` };
		frames.push(result.frame);
	}
	const compressed = withoutPixels(dataSet);
	setFrames(compressed, frames, { offsetTable: 'basic' });
	return { ok: true, dataSet: compressed };
}

/**
 * The image with native pixel data, in the planar configuration that it states. `mostBytes` limits
 * the size, which a few bytes could make huge otherwise.
 */
export function decompressRle(dataSet: DataSet, mostBytes = 1024 * 1024 * 1024): ImageResult {
	const shape = frameShapeOf(dataSet);
	if (shape === undefined) return { ok: false, message: 'rows, columns or bits are missing' };
	const encoded = framesOf(dataSet, UID.RLELossless);
	if (!encoded.ok) return encoded;
	const size = nativeFrameBytes(shape) * encoded.frames.length;
	if (size > mostBytes) return { ok: false, message: `${size} bytes are more than the limit` };
	const frames: Uint8Array[] = [];
	for (const [i, fragments] of encoded.frames.entries()) {
		const result = decodeRleFrame(joinBytes(fragments), shape);
		if (!result.ok) return { ok: false, message: `frame ${i + 1}: ${result.message}` };
		frames.push(result.frame);
	}
	const native = withoutPixels(dataSet);
	native.set(PIXEL_DATA, joinBytes(frames), shape.bitsAllocated > 8 ? 'OW' : 'OB');
	return { ok: true, dataSet: native };
}
