import { expect, test } from 'vitest';
import { decodeText, encodeText } from './character-sets.ts';

const PN = '\\^=';
const ESC = '\u001b';

/** Bytes from text with \x-style characters below 256. */
function raw(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** [label, text, bytes]: the bytes are those of the examples in PS3.5 annexes H to K, or of iconv. */
const EXACT: readonly [string, string, string][] = [
	[
		'\\ISO 2022 IR 87',
		'Yamada^Tarou=山田^太郎=やまだ^たろう',
		`Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=` +
			`${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`,
	],
	[
		'ISO 2022 IR 13\\ISO 2022 IR 87',
		'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
		`\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${ESC}$B;3ED${ESC}(J^${ESC}$BB@O:${ESC}(J=` +
			`${ESC}$B$d$^$@${ESC}(J^${ESC}$B$?$m$&${ESC}(J`,
	],
	[
		'\\ISO 2022 IR 149',
		'Hong^Gildong=洪^吉洞=홍^길동',
		`Hong^Gildong=${ESC}$)C\xfb\xf3^${ESC}$)C\xd1\xce\xd4\xd7=` +
			`${ESC}$)C\xc8\xab^${ESC}$)C\xb1\xe6\xb5\xbf`,
	],
	[
		'\\ISO 2022 IR 58',
		'Zhang^XiaoDong=张^小东=',
		`Zhang^XiaoDong=${ESC}$)A\xd5\xc5^${ESC}$)A\xd0\xa1\xb6\xab=`,
	],
	['GB18030', 'Wang^XiaoDong=王^小东=', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab='],
	['GBK', 'Wang^XiaoDong=王^小东=', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab='],
	['ISO_IR 192', 'Wang^XiaoDong=王^小東=', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1='],
	['ISO_IR 100', 'Böhm^Renée', 'B\xf6hm^Ren\xe9e'],
	['ISO_IR 101', 'Wałęsa^Łucja', 'Wa\xb3\xeasa^\xa3ucja'],
	['ISO_IR 144', 'Иванов^Пётр', '\xb8\xd2\xd0\xdd\xde\xd2^\xbf\xf1\xe2\xe0'],
	['ISO_IR 126', 'Διονύσιος', '\xc4\xe9\xef\xed\xfd\xf3\xe9\xef\xf2'],
	['ISO_IR 127', 'قباني', '\xe2\xc8\xc7\xe6\xea'],
	['ISO_IR 138', 'שרון', '\xf9\xf8\xe5\xef'],
	['ISO_IR 148', 'Çavuşoğlu^Işıl', '\xc7avu\xfeo\xf0lu^I\xfe\xfdl'],
	['ISO_IR 166', 'นามสกุล', '\xb9\xd2\xc1\xca\xa1\xd8\xc5'],
	['ISO_IR 13', 'ﾔﾏﾀﾞ^ﾀﾛｳ', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3'],
	[
		'ISO 2022 IR 100\\ISO 2022 IR 144',
		'Müller^Anna=Иванов',
		`M\xfcller^Anna=${ESC}-L\xb8\xd2\xd0\xdd\xde\xd2`,
	],
];

test.each(EXACT)('%s: %s has the expected bytes both ways', (label, text, bytes) => {
	const terms = label.split('\\');
	expect(encodeText(text, terms, PN)).toEqual(raw(bytes));
	expect(decodeText(raw(bytes), terms, PN)).toBe(text);
});

test('JIS X 0212 is used for characters that JIS X 0208 does not have', () => {
	const terms = ['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'];
	const bytes = encodeText('山丂', terms, PN);
	expect(bytes).toEqual(raw(`${ESC}$B;3${ESC}$(D0!${ESC}(B`));
	expect(decodeText(bytes, terms, PN)).toBe('山丂');
});

test('a line end resets the code extension (PS3.5 6.1.2.5.3)', () => {
	const terms = ['', 'ISO 2022 IR 149'];
	const bytes = raw(`${ESC}$)C\xb1\xe6\r\n\xb1\xe6`);
	expect(decodeText(bytes, terms, '')).toBe('길\r\n\ufffd\ufffd');
	expect(encodeText('길\r\n길', terms, '')).toEqual(raw(`${ESC}$)C\xb1\xe6\r\n${ESC}$)C\xb1\xe6`));
});

test('a caret resets in person names only', () => {
	const bytes = raw(`${ESC}$)C\xb1\xe6^\xb1\xe6`);
	expect(decodeText(bytes, ['', 'ISO 2022 IR 149'], PN)).toBe('길^\ufffd\ufffd');
	expect(decodeText(bytes, ['', 'ISO 2022 IR 149'], '\\')).toBe('길^길');
});

test('the second byte of a character may look like a backslash', () => {
	// 81 5C is one character of GB18030; the 5C after it is a delimiter.
	const bytes = Uint8Array.of(0x81, 0x5c, 0x5c, 0x41);
	const text = decodeText(bytes, ['GB18030'], '\\');
	expect(text.split('\\')).toHaveLength(2);
	expect(encodeText(text, ['GB18030'], '\\')).toEqual(bytes);
});

test('GB18030 has four-byte codes for the rest of Unicode', () => {
	for (const text of ['é', 'ÿ', '한', '\u{1f600}', '\u{20000}', '\uffff']) {
		const bytes = encodeText(text, ['GB18030'], '');
		expect(new TextDecoder('gb18030').decode(bytes)).toBe(text);
	}
	expect(() => encodeText('\u{1f600}', ['GBK'], '')).toThrow('is not in GBK');
});

test('what the label does not have is an error, with the character in it', () => {
	expect(() => encodeText('Müller', [], PN)).toThrow('U+00FC "ü" is not in the default repertoire');
	expect(() => encodeText('山', ['ISO_IR 100'], PN)).toThrow('is not in ISO_IR 100');
	expect(() => encodeText('山', ['GBK-0'], PN)).toThrow('is not in GBK-0');
	expect(() => encodeText('🙂', ['', 'ISO 2022 IR 87'], PN)).toThrow('U+1F642');
});

test('the wrong label shows wrong text, not an error', () => {
	const utf8 = new TextEncoder().encode('Müller');
	expect(decodeText(utf8, ['ISO_IR 100'], PN)).toBe('MÃ¼ller');
	expect(decodeText(utf8, [], PN)).toBe('M\ufffd\ufffdller');
	expect(decodeText(raw('M\xfcller'), ['ISO_IR 192'], PN)).toBe('M\ufffdller');
	expect(decodeText(raw('M\xfcller'), ['no such term'], PN)).toBe('M\ufffdller');
});

test('every single byte of every 8-bit set survives a round trip', () => {
	for (const number of [100, 101, 109, 110, 126, 127, 138, 144, 148, 166, 203]) {
		const terms = [`ISO_IR ${number}`];
		for (let byte = 0x20; byte < 0x100; byte += 1) {
			if (byte >= 0x7f && byte < 0xa0) continue;
			const text = decodeText(Uint8Array.of(byte), terms, '');
			if (text !== '\ufffd') expect(encodeText(text, terms, '')).toEqual(Uint8Array.of(byte));
		}
	}
});
