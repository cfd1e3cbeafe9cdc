import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMultipart, writeMultipart, type ReceivedPart } from './multipart.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const join = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));

const read = (text: string, boundary = 'b'): unknown => {
	const parts = readMultipart(latin1(text), boundary);
	if (!Array.isArray(parts)) return parts.text;
	return parts.map(({ fields, body }) => [fields, String.fromCharCode(...body)]);
};

test('preamble and epilogue are skipped, blanks after a delimiter too', () => {
	const body =
		'pre\r\n--b \t\r\nContent-Type: a/b\r\n\r\none\r\n--b\r\n\r\n--bee\r\n\r\n--b-- \r\nmore --b';
	expect(read(body)).toEqual([
		[[['Content-Type', 'a/b']], 'one'],
		[[], '--bee\r\n'],
	]);
});

test('a delimiter stands at the beginning of a line and is followed by nothing else', () => {
	expect(read('--b\r\n\r\nx--b\r\ny\n--b\r\nz\r\n--bb\r\n\r\n--b--')).toEqual([
		[[], 'x--b\r\ny\n--b\r\nz\r\n--bb\r\n'],
	]);
});

test.each([
	['no delimiter', 'nothing', 'b', 'nowhere'],
	['no closing delimiter', '--b\r\n\r\nx\r\n--b\r\n\r\ny', 'b', 'closing delimiter "--b--"'],
	['cut in the closing delimiter', '--b\r\n\r\nx\r\n--b-', 'b', 'closing'],
	['no empty line', '--b\r\nContent-Type: a/b\r\n--b--', 'b', 'no empty line'],
	['nothing at all', '--b\r\n--b--', 'b', 'no empty line'],
	['a field that is none', '--b\r\nwhat\r\n\r\n--b--', 'b', 'no name'],
	['a boundary that is none', '--b--', 'b"', 'boundary'],
	['a long boundary', '--b--', 'b'.repeat(71), 'boundary'],
])('refused: %s', (_what, body, boundary, reason) => {
	expect(read(body, boundary)).toContain(reason);
});

test('no parts', () => {
	expect(read('--b--')).toEqual([]);
});

const part = fc.record({
	fields: fc.constantFrom<(readonly [string, string])[]>(
		[],
		[['Content-Type', 'application/dicom']],
	),
	body: fc.array(fc.oneof(fc.uint8Array(), fc.constantFrom('--', '\r\n', '\r\n--').map(latin1))),
});

test('property: what is written is read again, and parts are views', () => {
	fc.assert(
		fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
			const { boundary, body } = writeMultipart(parts);
			const bytes = join(body);
			const back = readMultipart(bytes, boundary) as ReceivedPart[];
			expect(back.map((one) => one.body)).toEqual(parts.map((one) => join(one.body)));
			expect(back.every((one) => one.body.buffer === bytes.buffer)).toBe(true);
			expect(writeMultipart(parts).boundary).toBe(boundary);
		}),
	);
});

test('a boundary that occurs in a body is not taken, not even across pieces', () => {
	const fields = [['Content-Type', 'application/dicom']] as const;
	// The boundary follows from the fields, so that a body of the same length would get it again.
	const sizeBytes = writeMultipart([{ fields, body: [] }]).boundary.length + 2;
	const { boundary } = writeMultipart([{ fields, body: [new Uint8Array(sizeBytes)] }]);
	const hidden = latin1(`--${boundary}`);
	expect(hidden).toHaveLength(sizeBytes);
	for (let cut = 0; cut < sizeBytes; cut++) {
		const body = [hidden.subarray(0, cut), hidden.subarray(cut)];
		expect(writeMultipart([{ fields, body }]).boundary).not.toBe(boundary);
	}
	const bytewise = [...hidden].map((byte) => Uint8Array.of(byte));
	expect(writeMultipart([{ fields, body: bytewise }]).boundary).not.toBe(boundary);
});
