import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setAt, valueAt } from './access.ts';
import { buildMessage, type Er7FieldData } from './build.ts';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { type Er7Message, writeEr7 } from './message.ts';
import { parseEr7 } from './parse-er7.ts';

function parse(text: string): Er7Message {
	const result = parseEr7(bytesOfByteText(text));
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

function set(message: Er7Message, path: string, data: Er7FieldData): Er7Message {
	const result = setAt(message, path, data);
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

const MESSAGE = parse(
	'MSH|^~\\&#|LAB|NORTH|||20260101||ORU^R01|7|P|2.7|||||||\r' +
		'PID|||4711^^^NORTH&2.999.1&ISO^MR~99^^^CITY||""|""^JANE||F||\r' +
		'OBX|1|TX|A||first\r' +
		'OBX|2|FT|B||a \\F\\ b\\.br\\c~second rep#\r',
);

test.each([
	['MSH-1', 'value', '|', '|'],
	['MSH-2', 'value', '^~\\&#', '^~\\&#'],
	['MSH-9', 'value', 'ORU^R01', 'ORU'],
	['MSH-9.2', 'value', 'R01', 'R01'],
	['PID-3', 'value', '4711^^^NORTH&2.999.1&ISO^MR~99^^^CITY', '4711'],
	['PID-3.4', 'value', 'NORTH&2.999.1&ISO', 'NORTH'],
	['PID-3.4.3', 'value', 'ISO', 'ISO'],
	['PID-3[2]', 'value', '99^^^CITY', '99'],
	['PID-3[2].4', 'value', 'CITY', 'CITY'],
	['PID-3[3]', 'absent', '', ''],
	['PID-3.2', 'empty', '', ''],
	['PID-5', 'delete', '""', ''],
	['PID-5.1', 'delete', '""', ''],
	['PID-5.2', 'absent', '', ''],
	['PID-6', 'value', '""^JANE', ''],
	['PID-6.1', 'delete', '""', ''],
	['PID-10', 'empty', '', ''],
	['PID-11', 'absent', '', ''],
	['OBX-5', 'value', 'first', 'first'],
	['OBX[2]-5', 'value', 'a \\F\\ b\\.br\\c~second rep#', 'a | b\nc'],
	['OBX[3]-5', 'absent', '', ''],
	['ZZZ-1', 'absent', '', ''],
])('%s is %s', (path, presence, raw, text) => {
	expect(valueAt(MESSAGE, path)).toMatchObject({ presence, raw, text });
});

test('the truncation character is noticed where it is declared', () => {
	expect(valueAt(MESSAGE, 'OBX[2]-5[2]').isTruncated).toBe(true);
	expect(valueAt(MESSAGE, 'OBX[2]-5').isTruncated).toBe(false);
	expect(valueAt(parse('MSH|^~\\&|A#\r'), 'MSH-3').isTruncated).toBe(false);
});

test.each<[string, Er7FieldData, string]>([
	['PID-3.1', '12', '12^^^NORTH&2.999.1&ISO^MR~99^^^CITY'],
	['PID-3[2].4.2', '2.999.2', '4711^^^NORTH&2.999.1&ISO^MR~99^^^CITY&2.999.2'],
	['PID-3[4].2', 'x', '4711^^^NORTH&2.999.1&ISO^MR~99^^^CITY~~^x'],
	['PID-3', [['1', undefined, undefined, ['N', '2.9']], '2'], '1^^^N&2.9~2'],
	['PID-3[1]', ['1', '2'], '1^2~99^^^CITY'],
	['PID-3', null, '""'],
	['PID-3', 'a|b^c&d~e\\f#\r', 'a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\P\\\\X0D\\'],
	['PID-3', { raw: 'a^b' }, 'a^b'],
	['PID-3', { formatted: 'a\nb' }, 'a\\.br\\b'],
	['PID-3', '""', '\\X22\\"'],
	['PID-5.2', 'ANNA', '^ANNA'],
	['PID-12.2', 'y', '^y'],
])('setting %s changes that and nothing else', (path, data, field) => {
	const message = set(MESSAGE, path, data);
	const place = path.replace(/(-\d+).*/, '$1');
	expect(valueAt(message, place).raw).toBe(field);
	const others = ['PID-3', 'PID-5', 'PID-6', 'PID-8'].filter((other) => other !== place);
	for (const other of others) expect(valueAt(message, other)).toEqual(valueAt(MESSAGE, other));
	expect(message.segments.toSpliced(1, 1)).toEqual(MESSAGE.segments.toSpliced(1, 1));
});

test('setting what is there already gives the same bytes', () => {
	const number = fc.integer({ min: 1, max: 4 });
	fc.assert(
		fc.property(fc.constantFrom('PID', 'MSH', 'OBX'), number, number, number, (id, f, r, c) => {
			const path = `${id}-${f + 2}[${r}].${c}`;
			const { presence, raw } = valueAt(MESSAGE, path);
			if (presence === 'absent') return;
			expect(set(MESSAGE, path, { raw })).toEqual(MESSAGE);
		}),
	);
});

test('MSH-18 relabels the text and recodes nothing', () => {
	const latin = buildMessage({ 18: '8859/1' }, [['PID', { 5: [['Müller']] }]]);
	expect(valueAt(latin, 'PID-5').text).toBe('Müller');
	const relabelled = set(latin, 'MSH-18', 'UNICODE UTF-8');
	expect(relabelled.segments[1]).toEqual(latin.segments[1]);
	expect(valueAt(relabelled, 'PID-5').text).toBe('M\ufffdller');
	const reread = { ...relabelled, characterSets: ['8859/1'] };
	expect(valueAt(reread, 'PID-5').text).toBe('Müller');
});

test.each([
	['PV1-2', 'no-such-segment'],
	['OBX[3]-5', 'no-such-segment'],
	['MSH-2', 'delimiter-field'],
])('%s cannot be set: %s', (path, code) => {
	expect(setAt(MESSAGE, path, 'x')).toMatchObject({ error: { code } });
});

test('a component cannot be set without a component separator', () => {
	const message = parse('MSH|\rPID|1\r');
	expect(setAt(message, 'PID-3.2', 'x')).toMatchObject({ error: { code: 'undeclared-delimiter' } });
	expect(byteTextOf(writeEr7(set(message, 'PID-3.1', 'x|y')))).toBe('MSH|\rPID|1||x?y\r');
});

test('text that is no path is the mistake of the program', () => {
	expect(() => valueAt(MESSAGE, 'PID.3')).toThrow(TypeError);
});

test('bytes of a character are not taken for delimiters', () => {
	// The second bytes of these are 7C, 5E and 5C.
	const text = 'MSH|^~\\&|||||||||||||||||GB 18030-2000\rPID|||||\x81|^\x82^~\x83\\|F\r';
	const message = parse(text.replace('|||||||||||||||||', '||||||||||||||||'));
	expect(message.characterSets).toEqual(['GB 18030-2000']);
	expect(valueAt(message, 'PID-5.2').raw).toBe('\x82^');
	expect(valueAt(message, 'PID-5[2]').raw).toBe('\x83\\');
	expect(valueAt(message, 'PID-6').text).toBe('F');
	const japanese = buildMessage({ 18: ['', 'ISO IR87'] }, [['PID', { 5: [['山田', '太郎']] }]]);
	expect(valueAt(japanese, 'PID-5.2').text).toBe('太郎');
});
