/** The frames of an image, native or encapsulated (PS3.5 8.2, annex A.4). */
import type { DataSet } from '../dataset/data-set.ts';
import { UID } from '../dataset/uids.ts';

const PIXEL_DATA = 0x7fe00010;

/** Media types of compressed frames (PS3.18 table 8.7.3-5), by transfer syntax. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
	[UID.JPEGBaseline]: 'image/jpeg',
	[UID['JPEGExtended:Process2+4']]: 'image/jpeg',
	[UID['JPEGLossless:Non-hierarchical:Process14']]: 'image/jpeg',
	[UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']]: 'image/jpeg',
	[UID.RLELossless]: 'image/dicom-rle',
	[UID.JPEGLSLossless]: 'image/jls',
	[UID.JPEGLSLossy]: 'image/jls',
	[UID.JPEG2000LosslessOnly]: 'image/jp2',
	[UID.JPEG2000]: 'image/jp2',
};

export interface Frames {
	/** `application/octet-stream` for native pixel data. */
	readonly mediaType: string;
	/** Each frame as pieces that are views on the stored value. */
	readonly frames: readonly (readonly Uint8Array[])[];
}

/** Cuts pixel data into frames; undefined where there is none, or no rule by which to cut it. */
export function framesOf(dataSet: DataSet, transferSyntax: string): Frames | undefined {
	const element = dataSet.element(PIXEL_DATA);
	if (!element) return undefined;
	const count = dataSet.number('NumberOfFrames') ?? 1;
	if (!Number.isInteger(count) || count < 1) return undefined;
	const frames = element.fragments
		? encapsulated(element.fragments, count)
		: native(dataSet, element.bytes, count);
	if (!frames) return undefined;
	if (!element.fragments) return { mediaType: 'application/octet-stream', frames };
	const mediaType = MEDIA_TYPES[transferSyntax];
	return mediaType === undefined ? undefined : { mediaType, frames };
}

function native(dataSet: DataSet, bytes: Uint8Array, count: number): Uint8Array[][] | undefined {
	const value = (keyword: string): number => dataSet.number(keyword) ?? 0;
	const samples = value('Rows') * value('Columns') * (value('SamplesPerPixel') || 1);
	const bits = samples * value('BitsAllocated');
	// Frames of single bits follow each other without padding (PS3.5 8.1.1): only whole bytes can be cut.
	if (bits === 0 || bits % 8 !== 0 || bytes.length < (bits / 8) * count) return undefined;
	const size = bits / 8;
	return Array.from({ length: count }, (_, i) => [bytes.subarray(i * size, (i + 1) * size)]);
}

/** By the basic offset table, or one fragment a frame, or all fragments one frame. */
function encapsulated(
	all: readonly Uint8Array[],
	count: number,
): (readonly Uint8Array[])[] | undefined {
	const [table, ...fragments] = all;
	if (count === 1) return [fragments];
	if (fragments.length === count) return fragments.map((fragment) => [fragment]);
	if (!table || table.length !== count * 4) return undefined;
	const view = new DataView(table.buffer, table.byteOffset, table.length);
	const frames: Uint8Array[][] = [];
	let offset = 0;
	for (const fragment of fragments) {
		if (frames.length < count && view.getUint32(frames.length * 4, true) === offset)
			frames.push([]);
		const frame = frames.at(-1);
		if (!frame) return undefined;
		frame.push(fragment);
		// The item tag and length in front of a fragment count too.
		offset += 8 + fragment.length;
	}
	return frames.length === count ? frames : undefined;
}
