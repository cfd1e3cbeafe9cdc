import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STANDARD_DELIMITERS } from './delimiters.ts';
import { escapeText, parseEscapes, unescapeText } from './escapes.ts';
import type { Er7Coding } from './message.ts';

function coding(...characterSets: string[]): Er7Coding {
	return { delimiters: { ...STANDARD_DELIMITERS, truncation: '#' }, characterSets };
}

const UTF8 = coding('UNICODE UTF-8');

test.each([
	['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\P\\', 'a|b^c&d~e\\f#'],
	['\\X41C3BC\\', 'Aü'],
	['\\H\\bold\\N\\ not', 'bold not'],
	['a\\.br\\b\\.sp\\c\\.sp3\\d\\.in+4\\\\.ti-2\\\\.fi\\\\.nf\\e\\.ce\\f', 'a\nb\nc\n\n\nde\nf'],
	['a\\Zxx\\b', 'ab'],
	['a\\Q1\\b', 'a\\Q1\\b'],
	['C:\\temp', 'C:\\temp'],
	['C:\\temp\\F\\x', 'C:\\temp|x'],
	['ends \\', 'ends \\'],
	['\\X4\\', '\\X4\\'],
	['\\\\', '\\\\'],
])('%s reads %j', (raw, text) => {
	expect(unescapeText(raw, UTF8)).toBe(text);
});

test('escapes of character sets switch as ISO 2022 does', () => {
	const japanese = coding('', 'ISO IR87');
	expect(unescapeText('\\M2442\\;3ED\\C2842\\ san', japanese)).toBe('山田 san');
	expect(unescapeText('\\M2442\\;3ED\\C2842\\ san', UTF8)).toBe(';3ED san');
});

test('tokens tell what each sequence is', () => {
	const kinds = parseEscapes('a\\F\\\\X0D\\\\H\\\\N\\\\.br\\\\C2842\\\\Z1\\\\Q\\x\\', UTF8);
	expect(kinds.map((token) => token.kind)).toEqual([
		...['text', 'delimiter', 'hexadecimal', 'highlight-on', 'highlight-off', 'format'],
		...['character-set', 'local', 'unknown', 'text', 'stray'],
	]);
});

test('tokens lose nothing', () => {
	const piece = fc.constantFrom(
		'\\',
		'F',
		'X',
		'0D',
		'.br',
		'Z',
		'M2442',
		'\x81',
		'\xff',
		' ',
		'a',
	);
	const labels = fc.constantFrom('', 'UNICODE UTF-8', 'GB 18030-2000', 'ISO IR87');
	fc.assert(
		fc.property(fc.array(piece), labels, (pieces, label) => {
			const raw = pieces.join('');
			const tokens = parseEscapes(raw, coding(label));
			expect(tokens.map((token) => token.raw).join('')).toBe(raw);
		}),
		{ numRuns: 1000 },
	);
});

test('text that was escaped reads as it was, and has no delimiters', () => {
	const text = fc.oneof(
		fc.string({ unit: 'grapheme' }),
		fc.string({ unit: fc.constantFrom(...'|^~\\&#"\r\n\t\x0b\x1cFX.br王亅Aü') }),
	);
	fc.assert(
		fc.property(text, fc.constantFrom('UNICODE UTF-8', 'GB 18030-2000'), (one, label) => {
			const raw = escapeText(one, coding(label));
			expect(unescapeText(raw, coding(label))).toBe(one);
			if (label === 'UNICODE UTF-8') expect(raw).not.toMatch(/[|^~&#\r\n\x0b\x1c]/); // eslint-disable-line no-control-regex
			expect(raw).not.toBe('""');
		}),
		{ numRuns: 1000 },
	);
});

test('what cannot be written becomes a question mark', () => {
	expect(escapeText('Łódź', coding())).toBe('??d?');
	expect(escapeText('Łódź', coding('8859/2'))).toBe('\xa3\xf3d\xbc');
	const bare: Er7Coding = { ...UTF8, delimiters: { ...STANDARD_DELIMITERS, escape: '' } };
	expect(escapeText('a|b', bare)).toBe('a?b');
	expect(escapeText('""', bare)).toBe('??');
});
