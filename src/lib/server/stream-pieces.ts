const CHUNK_BYTES = 64 * 1024;

/**
 * The pieces as the body of a response, in chunks of 64 KiB. A piece is asked for when the client has
 * taken what came before, so a file that is made on the way is never in memory as a whole.
 */
export function streamPieces(
	pieces: Iterable<Uint8Array>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const chunks = chunksOf(pieces);
	return new ReadableStream({
		pull(controller) {
			const next = chunks.next();
			if (next.done) controller.close();
			else controller.enqueue(next.value);
		},
		cancel() {
			chunks.return();
		},
	});
}

function* chunksOf(
	pieces: Iterable<Uint8Array>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
	let chunk = new Uint8Array(CHUNK_BYTES);
	let used = 0;
	for (const piece of pieces) {
		for (let from = 0; from < piece.length;) {
			const part = piece.subarray(from, from + CHUNK_BYTES - used);
			chunk.set(part, used);
			used += part.length;
			from += part.length;
			if (used < CHUNK_BYTES) continue;
			yield chunk;
			// The last one is on its way and must not change.
			chunk = new Uint8Array(CHUNK_BYTES);
			used = 0;
		}
	}
	if (used > 0) yield chunk.subarray(0, used);
}
