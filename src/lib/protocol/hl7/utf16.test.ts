import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setAt, valueAt } from './access.ts';
import { acknowledge } from './acknowledgement.ts';
import { buildMessage } from './build.ts';
import { decodeByteText, encodeByteText, standingOfCharacterSet } from './character-sets.ts';
import { type Er7Message, writeEr7 } from './message.ts';
import { clashWithMllp } from './mllp.ts';
import { parseEr7, parseEr7Text } from './parse-er7.ts';

const TEXT = 'MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5.1||||||UNICODE UTF-16\rPID|1||7||Müller^王\r';

function utf16(text: string, order: 'BE' | 'LE', mark = ''): Uint8Array {
	const bytes = new Uint8Array(2 * (mark + text).length);
	const view = new DataView(bytes.buffer);
	[...Array((mark + text).length).keys()].forEach((i) => {
		view.setUint16(2 * i, (mark + text).charCodeAt(i), order === 'LE');
	});
	return bytes;
}

function read(bytes: Uint8Array): Er7Message {
	const result = parseEr7(bytes);
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

test.each([
	['BE', ''],
	['LE', ''],
	['BE', '\ufeff'],
	['LE', '\ufeff'],
] as const)('UTF-16%s is read and written (mark %j)', (order, mark) => {
	const bytes = utf16(TEXT, order, mark);
	const message = read(bytes);
	expect(valueAt(message, 'PID-5.1').text).toBe('Müller');
	expect(valueAt(message, 'PID-5.2').text).toBe('王');
	expect(writeEr7(message)).toEqual(bytes);
	const changed = setAt(message, 'PID-5.2', '李|😀');
	if ('error' in changed) throw new Error(changed.error.text);
	const again = read(writeEr7(changed.message));
	expect(valueAt(again, 'PID-5.2').text).toBe('李|😀');
});

test('a message that says UTF-16 is built, acknowledged and read from text in it', () => {
	const message = buildMessage({ 10: '1', 18: 'UNICODE UTF-16' }, [['PID', { 5: 'Łoś' }]]);
	const bytes = writeEr7(message);
	expect([...bytes.subarray(0, 6)]).toEqual([0, 0x4d, 0, 0x53, 0, 0x48]);
	expect(read(bytes)).toEqual(message);
	const answer = acknowledge(message, { code: 'AA', controlId: '2', time: '2026' });
	expect(writeEr7(answer)[0]).toBe(0);
	const fromText = parseEr7Text(TEXT);
	expect('message' in fromText && writeEr7(fromText.message)).toEqual(utf16(TEXT, 'BE'));
});

test('common characters of UTF-16 hold bytes of MLLP, those of UTF-8 never', () => {
	const of = (label: string): Uint8Array =>
		writeEr7(buildMessage({ 18: label }, [['NTE', { 3: 'Andrić ċ' }]]));
	expect(clashWithMllp(of('UNICODE UTF-16'))).toBeGreaterThan(0);
	expect(clashWithMllp(of('UNICODE UTF-8'))).toBeUndefined();
});

test('UTF-16 of any text comes back', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('BE', 'LE'), (text, order) => {
			const bytes = utf16(`MSH|^~\\&|${text}`, order);
			expect(writeEr7(read(bytes))).toEqual(bytes);
		}),
	);
});

test.each([
	['BIG-5', '王小明', '\xa4\xfd\xa4p\xa9\xfa'],
	['KS X 1001', '김희중', '\xb1\xe8\xc8\xf1\xc1\xdf'],
])('%s', (label, text, raw) => {
	expect(encodeByteText(text, [label])).toBe(raw);
	expect(decodeByteText(raw, [label])).toBe(text);
	expect(encodeByteText(`a${text}ж😀`, [label])).toMatch(/\?$/);
	expect(standingOfCharacterSet(label)).toBe('decoded');
});

test('a second byte of Big5 is no delimiter', () => {
	// U+529F is A5 5C, whose second byte is the escape character.
	const message = buildMessage({ 18: 'BIG-5' }, [['PID', { 5: [['成功', '功']] }]]);
	const again = read(writeEr7(message));
	expect(valueAt(again, 'PID-5.1').text).toBe('成功');
	expect(valueAt(again, 'PID-5.2').text).toBe('功');
});

test('every set of table 0211 that is decoded comes back', () => {
	const samples: Record<string, string> = {
		...{ ASCII: 'A', '8859/1': 'é', '8859/2': 'ł', '8859/3': 'ħ', '8859/4': 'ķ', '8859/5': 'ж' },
		...{ '8859/6': 'م', '8859/7': 'λ', '8859/8': 'ש', '8859/9': 'ğ', '8859/15': '€' },
		...{ 'ISO IR6': 'A', 'ISO IR14': 'ｱ', 'ISO IR87': '山', 'ISO IR159': '丂' },
		...{ 'GB 18030-2000': '王', 'KS X 1001': '김', 'BIG-5': '功', 'UNICODE UTF-8': '😀' },
	};
	for (const [label, text] of Object.entries(samples)) {
		const labels = label.startsWith('ISO IR') && label !== 'ISO IR6' ? ['ASCII', label] : [label];
		expect(standingOfCharacterSet(label), label).toBe('decoded');
		expect(decodeByteText(encodeByteText(text, labels), labels), label).toBe(text);
	}
	for (const label of ['UNICODE', 'UNICODE UTF-32', 'CNS 11643-1992']) {
		expect(standingOfCharacterSet(label)).toBe('named-only');
	}
});
