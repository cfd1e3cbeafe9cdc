/** Frames in the fragments of encapsulated pixel data, and back (PS3.5 section A.4). */
import type { DataSet } from './data-set.ts';

const PIXEL_DATA = 0x7fe00010;
const EXTENDED_OFFSETS = 0x7fe00001;
const EXTENDED_LENGTHS = 0x7fe00002;
const ITEM_HEADER_BYTES = 8;

/** How it was known which fragments belong to which frame. */
export type FrameSource =
	| 'single-frame'
	| 'video' // one stream for all frames
	| 'basic-offset-table'
	| 'extended-offset-table'
	| 'fragment-per-frame'
	| 'markers'; // by the start and end of the code streams of JPEG, JPEG-LS or JPEG 2000

export type FramesResult =
	| {
			readonly ok: true;
			/** The fragments of each frame, as they were. */
			readonly frames: readonly (readonly Uint8Array[])[];
			readonly source: FrameSource;
	  }
	| { readonly ok: false; readonly message: string };

/** Whether pixel data in this syntax is one video stream, whatever Number of Frames says (A.4.5 on). */
function isVideo(transferSyntax: string): boolean {
	const match = /^1\.2\.840\.10008\.1\.2\.4\.(\d+)/.exec(transferSyntax);
	const number = Number(match?.[1]);
	return number >= 100 && number <= 108;
}

/** The offset of each fragment's item tag from the first one after the basic offset table. */
function fragmentOffsets(fragments: readonly Uint8Array[]): Map<number, number> {
	const offsets = new Map<number, number>();
	let at = 0;
	fragments.forEach((fragment, i) => {
		offsets.set(at, i);
		at += ITEM_HEADER_BYTES + fragment.length;
	});
	return offsets;
}

/** Cuts the fragments where the frames start; a start that is no fragment is an error. */
function cutAt(
	starts: readonly number[],
	fragments: readonly Uint8Array[],
	source: FrameSource,
): FramesResult {
	const offsets = fragmentOffsets(fragments);
	const first = starts.map((start) => offsets.get(start));
	const bad = first.findIndex((index, i) =>
		i === 0 ? index !== 0 : index === undefined || index <= first[i - 1]!,
	);
	if (bad >= 0) {
		const message = `frame ${bad + 1}: no fragment begins at offset ${starts[bad]}`;
		return { ok: false, message };
	}
	const frames = first.map((index, i) => fragments.slice(index, first[i + 1]));
	return { ok: true, frames, source };
}

function basicOffsets(table: Uint8Array): number[] {
	const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
	const count = Math.floor(table.length / 4);
	return Array.from({ length: count }, (_, i) => view.getUint32(i * 4, true));
}

/** The 64-bit numbers of an OV value. */
function wideNumbers(bytes: Uint8Array | undefined): number[] {
	if (bytes === undefined) return [];
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const count = Math.floor(bytes.length / 8);
	return Array.from({ length: count }, (_, i) => Number(view.getBigUint64(i * 8, true)));
}

/** Every frame is one fragment, and its length without padding is known (PS3.3 C.7.6.3.1.8). */
function byExtendedTable(dataSet: DataSet, fragments: readonly Uint8Array[]): FramesResult {
	const lengths = wideNumbers(dataSet.bytes(EXTENDED_LENGTHS));
	const starts = wideNumbers(dataSet.bytes(EXTENDED_OFFSETS));
	const result = cutAt(starts, fragments, 'extended-offset-table');
	if (!result.ok) return result;
	const frames = result.frames.map((parts, i) => {
		const length = lengths[i];
		if (parts.length !== 1 || length === undefined) return parts;
		return [parts[0]!.subarray(0, length)];
	});
	return { ...result, frames };
}

/** SOI of JPEG and JPEG-LS, or SOC and SIZ of JPEG 2000. */
function beginsCodeStream(fragment: Uint8Array): boolean {
	if (fragment[0] !== 0xff) return false;
	return fragment[1] === 0xd8 || (fragment[1] === 0x4f && fragment[2] === 0xff);
}

function byMarkers(fragments: readonly Uint8Array[], count: number): FramesResult {
	const frames: Uint8Array[][] = [];
	for (const fragment of fragments) {
		if (beginsCodeStream(fragment)) frames.push([fragment]);
		else frames[frames.length - 1]?.push(fragment);
	}
	if (frames.length === count && beginsCodeStream(fragments[0]!)) {
		return { ok: true, frames, source: 'markers' };
	}
	const message = `${fragments.length} fragments for ${count} frames, and no offset table`;
	return { ok: false, message };
}

/**
 * The fragments of each frame of encapsulated pixel data, by the offset tables, or without them by
 * what the code streams show. A video is one "frame" with all its fragments. The bytes are those of
 * the fragments; only an extended offset table takes the padding away. Errors are said in the result.
 */
export function framesOf(dataSet: DataSet, transferSyntax: string): FramesResult {
	const all = dataSet.element(PIXEL_DATA)?.fragments;
	if (all === undefined) return { ok: false, message: 'no encapsulated pixel data' };
	const [table, ...fragments] = all;
	if (table === undefined || fragments.length === 0) return { ok: false, message: 'no fragments' };
	const count = dataSet.number('NumberOfFrames') ?? 1;
	if (isVideo(transferSyntax)) return { ok: true, frames: [fragments], source: 'video' };
	const result = cutByTables(dataSet, table, fragments, count);
	if (result.ok && result.frames.length !== count) {
		const message = `the offset table has ${result.frames.length} frames, the image ${count}`;
		return { ok: false, message };
	}
	return result;
}

function cutByTables(
	dataSet: DataSet,
	table: Uint8Array,
	fragments: readonly Uint8Array[],
	count: number,
): FramesResult {
	if (dataSet.has(EXTENDED_OFFSETS)) return byExtendedTable(dataSet, fragments);
	if (table.length > 0) return cutAt(basicOffsets(table), fragments, 'basic-offset-table');
	if (count === 1) return { ok: true, frames: [fragments], source: 'single-frame' };
	if (fragments.length === count) {
		return { ok: true, frames: fragments.map((one) => [one]), source: 'fragment-per-frame' };
	}
	return byMarkers(fragments, count);
}

export interface EncapsulationOptions {
	/** The extended table needs one fragment for each frame (PS3.3 C.7.6.3.1.8). */
	readonly offsetTable: 'empty' | 'basic' | 'extended';
	/** Frames are cut into fragments of this even size; one fragment for each unless given. */
	readonly fragmentBytes?: number;
}

function evenBytes(bytes: Uint8Array): Uint8Array {
	if (bytes.length % 2 === 0) return bytes;
	const even = new Uint8Array(bytes.length + 1);
	even.set(bytes);
	return even;
}

function cutFrame(frame: Uint8Array, fragmentBytes: number): Uint8Array[] {
	const fragments: Uint8Array[] = [];
	for (let at = 0; at === 0 || at < frame.length; at += fragmentBytes) {
		fragments.push(evenBytes(frame.subarray(at, at + fragmentBytes)));
	}
	return fragments;
}

function wideBytes(values: readonly number[]): Uint8Array {
	const view = new DataView(new ArrayBuffer(values.length * 8));
	values.forEach((value, i) => view.setBigUint64(i * 8, BigInt(value), true));
	return new Uint8Array(view.buffer);
}

/**
 * Sets the pixel data of a data set to encapsulated frames, padded to even length, with the offset
 * table that is asked for. Throws RangeError for a fragment size that is odd, or that would cut the
 * frames of an extended table, and for a basic table beyond 32 bits.
 */
export function setFrames(
	dataSet: DataSet,
	frames: readonly Uint8Array[],
	{ offsetTable, fragmentBytes = Infinity }: EncapsulationOptions,
): void {
	if (fragmentBytes !== Infinity && (fragmentBytes % 2 === 1 || fragmentBytes < 2)) {
		throw new RangeError('a fragment has an even number of bytes');
	}
	const cut = frames.map((frame) => cutFrame(frame, fragmentBytes));
	if (offsetTable === 'extended' && cut.some((fragments) => fragments.length > 1)) {
		throw new RangeError('an extended offset table needs one fragment for each frame');
	}
	const starts: number[] = [];
	let at = 0;
	for (const fragments of cut) {
		starts.push(at);
		for (const fragment of fragments) at += ITEM_HEADER_BYTES + fragment.length;
	}
	if (offsetTable === 'basic' && (starts.at(-1) ?? 0) > 0xffffffff) {
		throw new RangeError('the frames are too long for a basic offset table');
	}
	const basic = offsetTable === 'basic' ? Uint32Array.from(starts) : new Uint32Array(0);
	const table = new Uint8Array(basic.length * 4);
	const view = new DataView(table.buffer);
	basic.forEach((start, i) => view.setUint32(i * 4, start, true));
	dataSet.delete(EXTENDED_OFFSETS);
	dataSet.delete(EXTENDED_LENGTHS);
	if (offsetTable === 'extended') {
		dataSet.set(EXTENDED_OFFSETS, wideBytes(starts));
		dataSet.set(EXTENDED_LENGTHS, wideBytes(frames.map((frame) => frame.length)));
	}
	dataSet.setFragments(PIXEL_DATA, [table, ...cut.flat()]);
}
