import { expect, test } from 'vitest';
import { streamPieces } from '../../src/lib/server/stream-pieces.ts';

async function chunksOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return chunks;
}

test('pieces of any size come as chunks of 64 KiB, with every byte', async () => {
	const pieces = [1, 0, 70_000, 28, 200_000, 3].map((size, i) => new Uint8Array(size).fill(i + 1));
	const chunks = await chunksOf(streamPieces(pieces));
	expect(chunks.slice(0, -1).every((chunk) => chunk.length === 65_536)).toBe(true);
	expect(Buffer.concat(chunks)).toEqual(Buffer.concat(pieces));
});

test('a file is made while it is sent, and no further than somebody takes it', async () => {
	let made = 0;
	let closed = false;
	function* pieces(): Generator<Uint8Array> {
		try {
			for (; made < 1_000; made++) yield new Uint8Array(65_536);
		} finally {
			closed = true;
		}
	}
	const reader = streamPieces(pieces()).getReader();
	await reader.read();
	await reader.read();
	expect(made).toBeLessThan(10);
	await reader.cancel();
	expect(closed).toBe(true);
});
