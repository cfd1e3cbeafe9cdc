import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256, sha256, toHex } from './sha256.ts';

/** Examples of FIPS 180-4. */
test.each([
	['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
	['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
	[
		'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
		'248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
	],
	['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('the digest of %.60j', (text, digest) => {
	expect(toHex(sha256(text))).toBe(digest);
});

test('agrees with another implementation at every length around the block', () => {
	for (let length = 0; length <= 200; length++) {
		const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
		expect(toHex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
	}
});

test('how the bytes are cut makes no difference', () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 400 }),
			fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 12 }),
			(bytes, cuts) => {
				const hash = new Sha256();
				let at = 0;
				for (const size of cuts) {
					hash.update(bytes.subarray(at, at + size));
					at = Math.min(bytes.length, at + size);
				}
				hash.update(bytes.subarray(at));
				expect(hash.digest()).toEqual(sha256(bytes));
			},
		),
	);
});

test('two hashes under way do not disturb each other', () => {
	const first = new Sha256().update(new Uint8Array(100));
	const second = new Sha256().update(new Uint8Array(70).fill(1));
	first.update(new Uint8Array(100));
	expect(first.digest()).toEqual(sha256(new Uint8Array(200)));
	expect(second.digest()).toEqual(sha256(new Uint8Array(70).fill(1)));
});
