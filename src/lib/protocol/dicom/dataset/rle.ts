/** RLE Lossless of one frame (PS3.5 annex G): byte planes, most significant first, as PackBits rows. */

export interface FrameShape {
	readonly rows: number;
	readonly columns: number;
	readonly samplesPerPixel: number;
	/** Bits Allocated: a multiple of 8. */
	readonly bitsAllocated: number;
	/** 1: the samples of a colour lie together in the native frame; 0: those of a pixel. */
	readonly planarConfiguration: number;
}

export type RleResult =
	| { readonly ok: true; readonly frame: Uint8Array }
	| { readonly ok: false; readonly message: string };

const HEADER_BYTES = 64;
const MOST_SEGMENTS = 15;
const LONGEST_RUN = 128;

/** Where the byte planes of a native little endian frame lie (G.2). */
interface Plane {
	readonly first: number;
	readonly step: number;
}

function planesOf(shape: FrameShape): Plane[] {
	const { samplesPerPixel, bitsAllocated, planarConfiguration, rows, columns } = shape;
	const bytes = bitsAllocated / 8;
	const planar = planarConfiguration === 1;
	const planes: Plane[] = [];
	for (let sample = 0; sample < samplesPerPixel; sample += 1) {
		const first = planar ? sample * rows * columns * bytes : sample * bytes;
		for (let byte = bytes - 1; byte >= 0; byte -= 1) {
			planes.push({ first: first + byte, step: planar ? bytes : bytes * samplesPerPixel });
		}
	}
	return planes;
}

/** What keeps a frame of this shape from being RLE Lossless; undefined: nothing. */
function problemOf({ bitsAllocated, samplesPerPixel }: FrameShape): string | undefined {
	if (bitsAllocated % 8 !== 0 || bitsAllocated === 0) return `${bitsAllocated} bits allocated`;
	const segments = (bitsAllocated / 8) * samplesPerPixel;
	return segments > MOST_SEGMENTS ? `${segments} byte planes, more than 15` : undefined;
}

/** Bytes of a native frame of this shape. */
export function nativeFrameBytes(shape: FrameShape): number {
	const { rows, columns, samplesPerPixel, bitsAllocated } = shape;
	return rows * columns * samplesPerPixel * (bitsAllocated / 8);
}

/** How many bytes from `at` on are alike, to 128 at most. */
function runAt(row: Uint8Array, at: number): number {
	let end = at + 1;
	while (end < row.length && end - at < LONGEST_RUN && row[end] === row[at]) end += 1;
	return end - at;
}

/** Appends one row (G.3.1): runs of three and more are repeated bytes, the rest is literal. */
function packRow(row: Uint8Array, out: number[]): void {
	let at = 0;
	while (at < row.length) {
		const run = runAt(row, at);
		if (run >= 3 || (run === 2 && at + 2 === row.length)) {
			out.push(257 - run, row[at]!);
			at += run;
			continue;
		}
		let end = at + run;
		while (end < row.length && end - at < LONGEST_RUN && runAt(row, end) < 3) end += 1;
		out.push(end - at - 1);
		for (; at < end; at += 1) out.push(row[at]!);
	}
}

function packPlane(frame: Uint8Array, plane: Plane, { rows, columns }: FrameShape): number[] {
	const out: number[] = [];
	const row = new Uint8Array(columns);
	for (let y = 0; y < rows; y += 1) {
		const start = plane.first + y * columns * plane.step;
		for (let x = 0; x < columns; x += 1) row[x] = frame[start + x * plane.step]!;
		packRow(row, out);
	}
	if (out.length % 2 === 1) out.push(0);
	return out;
}

/** Encodes a native little endian frame. What cannot be encoded is said in the result. */
export function encodeRleFrame(frame: Uint8Array, shape: FrameShape): RleResult {
	const problem = problemOf(shape);
	if (problem !== undefined) return { ok: false, message: `no RLE Lossless: ${problem}` };
	const expected = nativeFrameBytes(shape);
	if (frame.length < expected) {
		return { ok: false, message: `the frame has ${frame.length} bytes of ${expected}` };
	}
	const segments = planesOf(shape).map((plane) => packPlane(frame, plane, shape));
	const total = segments.reduce((sum, segment) => sum + segment.length, HEADER_BYTES);
	const encoded = new Uint8Array(total);
	const view = new DataView(encoded.buffer);
	view.setUint32(0, segments.length, true);
	let at = HEADER_BYTES;
	segments.forEach((segment, i) => {
		view.setUint32(4 + i * 4, at, true);
		encoded.set(segment, at);
		at += segment.length;
	});
	return { ok: true, frame: encoded };
}

/** Unpacks a segment into its plane; returns how many pixels it had bytes for (G.3.2). */
function unpackSegment(
	segment: Uint8Array,
	frame: Uint8Array,
	plane: Plane,
	pixels: number,
): number {
	let at = 0;
	let pixel = 0;
	while (at < segment.length && pixel < pixels) {
		const code = segment[at]!;
		at += 1;
		if (code === 128) continue;
		const literal = code < 128;
		const count = literal ? code + 1 : 257 - code;
		const available = literal ? segment.length - at : segment.length > at ? count : 0;
		const end = Math.min(pixel + Math.min(count, available), pixels);
		for (let i = 0; pixel < end; pixel += 1, i += 1) {
			frame[plane.first + pixel * plane.step] = segment[literal ? at + i : at]!;
		}
		at += literal ? count : 1;
	}
	return pixel;
}

/** The segments of a frame, by its header; or what is wrong with the header (G.5). */
function segmentsOf(encoded: Uint8Array): Uint8Array[] | string {
	if (encoded.length < HEADER_BYTES) return 'the RLE header is cut';
	const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
	const count = view.getUint32(0, true);
	if (count > MOST_SEGMENTS) return `the RLE header counts ${count} segments`;
	const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + i * 4, true));
	const ends = [...starts.slice(1), encoded.length];
	const segments: Uint8Array[] = [];
	for (const [i, start] of starts.entries()) {
		const end = ends[i]!;
		if (start < HEADER_BYTES || start > end || end > encoded.length) {
			return `RLE segment ${i + 1} from ${start} to ${end} is not in the frame`;
		}
		segments.push(encoded.subarray(start, end));
	}
	return segments;
}

/**
 * Decodes a frame to native little endian. Never throws: a wrong header, or a segment that ends
 * before its plane is full, is said in the result. The size of the result follows from the shape
 * alone, so it is for the caller to limit.
 */
export function decodeRleFrame(encoded: Uint8Array, shape: FrameShape): RleResult {
	const problem = problemOf(shape);
	if (problem !== undefined) return { ok: false, message: `no RLE Lossless: ${problem}` };
	const segments = segmentsOf(encoded);
	if (typeof segments === 'string') return { ok: false, message: segments };
	const planes = planesOf(shape);
	if (segments.length !== planes.length) {
		const message = `${segments.length} RLE segments, where the image has ${planes.length} planes`;
		return { ok: false, message };
	}
	const pixels = shape.rows * shape.columns;
	const frame = new Uint8Array(nativeFrameBytes(shape));
	for (const [i, plane] of planes.entries()) {
		const filled = unpackSegment(segments[i]!, frame, plane, pixels);
		if (filled < pixels) {
			const message = `RLE segment ${i + 1} ends after ${filled} of ${pixels} pixels`;
			return { ok: false, message };
		}
	}
	return { ok: true, frame };
}
