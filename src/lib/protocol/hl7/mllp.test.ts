import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { encodeMllp, MllpDecoder, type MllpEvent } from './mllp.ts';

/** VT, FS and CR are written as <, > and / in these tests. */
function stream(text: string): Uint8Array {
	const bytes: Record<string, string> = { '<': '\x0b', '>': '\x1c', '/': '\r' };
	return bytesOfByteText(text.replace(/[<>/]/g, (sign) => bytes[sign]!));
}

function shown(events: readonly MllpEvent[]): string[] {
	return events.map(({ kind, offset, bytes }) => `${kind} ${offset} ${byteTextOf(bytes)}`);
}

const LIMITS = { blockBytes: 8, garbageBytes: 4 };

function decode(chunks: readonly Uint8Array[]): string[] {
	const decoder = new MllpDecoder(LIMITS);
	return shown([...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()]);
}

test.each([
	['<abc>/', ['block 1 abc']],
	['<a>/<b>/', ['block 1 a', 'block 5 b']],
	['<>/', ['block 1 ']],
	['abc>/', ['missing-start 0 abc']],
	['<a>/bc>/<d>/', ['block 1 a', 'missing-start 4 bc', 'block 9 d']],
	['<abc', ['missing-end 1 abc']],
	['<abc<def>/', ['missing-end 1 abc', 'block 5 def']],
	['<abc>', ['missing-carriage-return 1 abc']],
	['<abc><def>/', ['missing-carriage-return 1 abc', 'block 6 def']],
	['<abc>x<d>/', ['missing-carriage-return 1 abc', 'garbage 5 x', 'block 7 d']],
	['<a>/\n<b>/', ['block 1 a', 'garbage 4 \n', 'block 6 b']],
	['xyz', ['garbage 0 xyz']],
	['>/', ['missing-start 0 ']],
	['<12345678>/', ['block 1 12345678']],
	['<123456789>/<a>/', ['oversize 1 12345678', 'block 13 a']],
	['<123456789<a>/', ['oversize 1 12345678', 'block 11 a']],
	['12345', ['oversize 0 1234']],
	['12345>/12>/', ['oversize 0 1234', 'missing-start 7 12']],
	['', []],
])('%j', (text, expected) => {
	expect(decode([stream(text)])).toEqual(expected);
	expect(decode([...stream(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
});

test('chunks do not matter', () => {
	const pieces = fc.array(fc.constantFrom(...'<>/ab'), { maxLength: 60 });
	fc.assert(
		fc.property(pieces, fc.array(fc.integer({ min: 1, max: 9 })), (signs, sizes) => {
			const bytes = stream(signs.join(''));
			const chunks: Uint8Array[] = [];
			let at = 0;
			for (const size of [...sizes, bytes.length + 1]) {
				chunks.push(bytes.subarray(at, at + size));
				at += size;
			}
			expect(decode(chunks)).toEqual(decode([bytes]));
		}),
		{ numRuns: 1000 },
	);
});

test('blocks come out as they were put in', () => {
	const content = fc.uint8Array({ maxLength: 900 }).map((bytes) => bytes.filter((b) => b >= 0x20));
	fc.assert(
		fc.property(fc.array(content), (contents) => {
			const decoder = new MllpDecoder();
			const events = contents.flatMap((one) => decoder.push(encodeMllp(one)));
			expect(events.map(({ kind }) => kind)).toEqual(contents.map(() => 'block'));
			expect(events.map(({ bytes }) => bytes)).toEqual(contents);
			expect(decoder.end()).toEqual([]);
		}),
	);
});

test('framing can be wrong on purpose', () => {
	const content = bytesOfByteText('MSH|');
	const framed = (start: boolean, end: 'FS CR' | 'FS' | 'CR' | 'none') =>
		byteTextOf(encodeMllp(content, { start, end }));
	expect(framed(true, 'FS CR')).toBe('\x0bMSH|\x1c\r');
	expect(framed(false, 'none')).toBe('MSH|');
	expect(framed(true, 'CR')).toBe('\x0bMSH|\r');
	expect(framed(false, 'FS')).toBe('MSH|\x1c');
});

test('whoever gives up waiting sees what has come', () => {
	const decoder = new MllpDecoder();
	decoder.push(stream('MSA|AA'));
	expect(decoder.pending()).toEqual({ isInBlock: false, bytes: bytesOfByteText('MSA|AA') });
	decoder.push(stream('<MSH'));
	expect(decoder.pending()).toEqual({ isInBlock: true, bytes: bytesOfByteText('MSH') });
});

test('events keep their bytes when the chunk is used again', () => {
	const chunk = stream('<abc>/');
	const [event] = new MllpDecoder().push(chunk);
	chunk.fill(0);
	expect(byteTextOf(event!.bytes)).toBe('abc');
});
