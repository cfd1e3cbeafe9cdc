/** The compression of the deflated transfer syntaxes (PS3.5 A.5): raw deflate streams of RFC 1951. */
import { deflateSync, Inflate } from 'fflate';

type Inflated =
	| { readonly ok: true; readonly bytes: Uint8Array }
	| { readonly ok: false; readonly offset: number; readonly message: string };

/** So much is inflated before the limit is looked at again: a chunk grows to 1032 times at most. */
const CHUNK_BYTES = 1024;

/** The stream of a whole data set, with a NUL after it where its length would be odd (A.5). */
export function deflateDataSet(bytes: Uint8Array): Uint8Array {
	const stream = deflateSync(bytes);
	if (stream.length % 2 === 0) return stream;
	const even = new Uint8Array(stream.length + 1);
	even.set(stream);
	return even;
}

/** A zlib stream (RFC 1950) begins with 78 and a multiple of 31. */
function looksLikeZlib(bytes: Uint8Array): boolean {
	return bytes[0] === 0x78 && (0x7800 + (bytes[1] ?? 0)) % 31 === 0;
}

function reasonOf(problem: unknown, bytes: Uint8Array): string {
	if (looksLikeZlib(bytes)) return 'it begins with a zlib header, which PS3.5 A.5 does not have';
	return problem instanceof Error ? problem.message : String(problem);
}

/**
 * Inflates at most `mostBytes`; a stream that gives more is an error, so that a few bytes cannot
 * fill the memory. Never throws. `offset` is where in the stream inflating stopped, to the kilobyte.
 */
export function inflateDataSet(bytes: Uint8Array, mostBytes: number): Inflated {
	if (bytes.length === 0) return { ok: false, offset: 0, message: 'is empty' };
	const pieces: Uint8Array[] = [];
	let size = 0;
	const inflate = new Inflate((piece) => {
		size += piece.length;
		if (size <= mostBytes) pieces.push(piece);
	});
	let offset = 0;
	try {
		for (; offset < bytes.length; offset += CHUNK_BYTES) {
			inflate.push(
				bytes.subarray(offset, offset + CHUNK_BYTES),
				offset + CHUNK_BYTES >= bytes.length,
			);
			if (size > mostBytes) {
				const message = `inflates to more than the limit of ${mostBytes} bytes`;
				return { ok: false, offset, message };
			}
		}
	} catch (problem) {
		return { ok: false, offset, message: `cannot be inflated: ${reasonOf(problem, bytes)}` };
	}
	const inflated = new Uint8Array(size);
	let at = 0;
	for (const piece of pieces) {
		inflated.set(piece, at);
		at += piece.length;
	}
	return { ok: true, bytes: inflated };
}
