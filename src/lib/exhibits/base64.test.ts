import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64 } from './base64.ts';

test('any bytes come back from their text', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
			expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
		}),
	);
});
