import { Zip, ZipDeflate } from 'fflate';

/** So much is compressed between two pieces, so that others are served in between. */
const STEP_BYTES = 256 * 1024;

/**
 * The files as a ZIP archive, in pieces that are made when asked for. `at` is when they were written, by the
 * hospital's clock (`2026-03-09T07:40:00`): the same files give the same bytes.
 */
export function* zipPieces(
	files: Iterable<readonly [name: string, bytes: Uint8Array]>,
	at: string,
): Generator<Uint8Array, void, undefined> {
	const pieces: Uint8Array[] = [];
	const zip = new Zip((problem, piece) => {
		if (problem) throw problem;
		pieces.push(piece);
	});
	// A time without a zone is local time, and that is what the format holds.
	const mtime = new Date(at);
	for (const [name, bytes] of files) {
		const entry = new ZipDeflate(name, { level: 1 });
		entry.mtime = mtime;
		zip.add(entry);
		let from = 0;
		do {
			const to = Math.min(bytes.length, from + STEP_BYTES);
			entry.push(bytes.subarray(from, to), to === bytes.length);
			from = to;
			yield* pieces.splice(0);
		} while (from < bytes.length);
	}
	zip.end();
	yield* pieces.splice(0);
}
