import { expect, test } from 'vitest';
import { murmur3 } from './murmur3.ts';

const littleEndian = (words: Uint32Array): Uint8Array => {
	const view = new DataView(new ArrayBuffer(16));
	words.forEach((word, i) => view.setUint32(4 * i, word, true));
	return new Uint8Array(view.buffer);
};

test('the verification value of SMHasher: keys of 0 to 255 bytes, seeds 256 to 1', () => {
	const key = Uint8Array.from({ length: 256 }, (_, i) => i);
	const hashes = new Uint8Array(256 * 16);
	for (let i = 0; i < 256; i++) {
		hashes.set(littleEndian(murmur3(key.subarray(0, i), 256 - i)), 16 * i);
	}
	expect(murmur3(hashes)[0]?.toString(16)).toBe('b3ece62a');
});

test('a view on a larger buffer hashes as its own bytes', () => {
	const large = Uint8Array.from({ length: 100 }, (_, i) => i);
	const view = large.subarray(3, 60);
	expect(murmur3(view)).toEqual(murmur3(view.slice()));
});
