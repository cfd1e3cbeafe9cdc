import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledge } from './acknowledgement.ts';
import { setAt, valueAt } from './access.ts';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';
import { describeEr7, formatEr7 } from './describe.ts';
import { type Er7Message, fieldsOf, segmentsNamed, writeEr7 } from './message.ts';
import { type Er7Limits, type Er7ParseResult, parseEr7, parseEr7Text } from './parse-er7.ts';

/** A radiology order about nobody; trailing delimiters and repetitions are part of the test. */
const ORDER = [
	'MSH|^~\\&|HIS|NORTH|RIS|NORTH|20260114081502||OMI^O23^OMI_O23|MSG00017|P|2.5.1|||||||',
	'PID|1||4711^^^NORTH&2.999.1&ISO^MR~99-1^^^CITY^PI||MUSTER^ANNA^""||19800229|F|||',
	'PV1|1|O|RAD^^^NORTH',
	'ORC|NW|P100^HIS|||||||20260114081500',
	'OBR|1|P100^HIS|A200^RIS|CTHEAD^CT head^L||||||||headache \\T\\ nausea',
	'IPC|A200|RP1|2.999.7.1|SPS1|CT||||CT2',
	'',
].join('\r');

function read(result: Er7ParseResult): Er7Message {
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

function codes(text: string, limits?: Er7Limits): string[] {
	const result = parseEr7(bytesOfByteText(text), limits);
	return 'error' in result ? [result.error.code] : result.remarks.map((remark) => remark.code);
}

test('a proper message has no remarks and is written as it was read', () => {
	const result = parseEr7(bytesOfByteText(ORDER));
	expect('remarks' in result && result.remarks).toEqual([]);
	expect(byteTextOf(writeEr7(read(result)))).toBe(ORDER);
});

test('fields of MSH count from the separator itself', () => {
	const message = read(parseEr7(bytesOfByteText(ORDER)));
	const fields = fieldsOf(message.segments[0]!, message);
	expect(fields.slice(0, 4)).toEqual(['MSH', '|', '^~\\&', 'HIS']);
	expect(fields).toHaveLength(20);
	expect(segmentsNamed(message, 'PID')).toHaveLength(1);
});

const HEADER = 'MSH|^~\\&|A|B|C|D|1||ADT^A01|1|P|2.5.1';

test.each([
	['LF alone', `${HEADER}\nPID|1\n`, ['line-feed-terminator']],
	['CR LF', `${HEADER}\r\nPID|1\r\n`, ['carriage-return-line-feed']],
	['LF beside CR', `${HEADER}\rNTE|1||a\nb\r`, ['line-feed-in-data']],
	['no last CR', `${HEADER}\rPID|1`, ['missing-terminator']],
	['blank segment', `${HEADER}\r\rPID|1\r`, ['blank-segment']],
	['CR within text', `${HEADER}\rNTE|1||see\rbelow|\r`, ['segment-id']],
	['two messages', `${HEADER}\r${HEADER}\r`, ['second-header']],
	['short MSH-2', 'MSH|^~|A\r', ['encoding-characters']],
	['truncation character', 'MSH|^~\\&#|A\r', []],
	['same delimiters', 'MSH|^~^&|A\r', ['ambiguous-delimiters']],
	['byte order mark', `\xef\xbb\xbf${HEADER}\r`, ['leading-bytes']],
	['VT of MLLP', `${HEADER}\rPID|\x0b\r`, ['control-character']],
	['ASCII with umlaut', `${HEADER}\rPID|||||M\xfcller\r`, ['undecodable-text']],
	['unknown set', `${HEADER}||||||CP437\r`, ['character-set']],
	['nonstandard set', `${HEADER}||||||UTF-8\r`, ['character-set']],
	['set without table', `${HEADER}||||||CNS 11643-1992\r`, ['character-set']],
	['UTF-8', `${HEADER}||||||UNICODE UTF-8\rPID|||||M\xc3\xbcller\r`, []],
	['broken UTF-8', `${HEADER}||||||UNICODE UTF-8\rPID|||||M\xfcller\r`, ['undecodable-text']],
	['no header', 'PID|1\r', ['no-header']],
	['no separator', 'MSH', ['no-header']],
	['nothing', '', ['no-header']],
	['broken UTF-16', 'M\0S\0H\0|\0\0\xd8', ['two-byte-characters']],
	['UTF-16 unsaid', [...`${HEADER}\r`].map((one) => `${one}\0`).join(''), ['character-set']],
	['UTF-16 said only', `${HEADER}||||||UNICODE UTF-16\r`, ['character-set']],
])('%s is told', (_, text, expected) => {
	expect(codes(text)).toEqual(expected);
});

test('a remark names the first segment, the field and how many there are', () => {
	const result = parseEr7(bytesOfByteText(`${HEADER}||||||KLINGON\rPID|1\r\nPV1|1\r\n`));
	expect('remarks' in result && result.remarks).toEqual([
		{ segment: 0, field: 18, code: 'character-set', text: '"KLINGON" is not in table 0211' },
		{
			segment: 1,
			code: 'carriage-return-line-feed',
			text: '2 segments ended by CR LF instead of CR',
		},
	]);
});

test('limits are errors', () => {
	expect(codes(ORDER, { sizeBytes: 99, segments: 9 })).toEqual(['too-large']);
	expect(codes(ORDER, { sizeBytes: 9999, segments: 5 })).toEqual(['too-many-segments']);
	expect(codes(ORDER, { sizeBytes: 9999, segments: 6 })).toEqual([]);
	expect(codes(ORDER.slice(0, -1), { sizeBytes: 9999, segments: 5 })).toEqual([
		'too-many-segments',
	]);
});

test('text is encoded by its own MSH-18', () => {
	const read18 = (label: string): string => {
		const message = read(parseEr7Text(`${HEADER}||||||${label}\rPID|||||Müller^王\r`));
		return message.segments[1]!.raw.slice(8);
	};
	expect(read18('8859/1')).toBe('M\xfcller^?');
	expect(read18('UNICODE UTF-8')).toBe('M\xc3\xbcller^\xe7\x8e\x8b');
	expect(read18('GB 18030-2000')).toBe('M\xa8\xb9ller^\xcd\xf5');
	expect(read18('')).toBe('M?ller^?');
});

const PIECES = [
	...['\r', '\n', '\r\n', '|', '^', '~', '\\', '&', '#', '""', '\\F\\', '\\X0D\\', '\\.br\\'],
	...['MSH', 'PID', 'OBX', 'A', '1', '\xfc', '\xc3\xbc', '\x1b$B', '\x81|', '\x0b', '\x1c'],
	...['UNICODE UTF-8', 'GB 18030-2000', 'ISO IR87'],
];

const anyMessage = fc
	.tuple(
		fc.constantFrom('MSH|^~\\&', 'MSH|^~\\&#', 'MSH|', 'MSH$%~', `${HEADER}||||||`, ''),
		fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }),
	)
	.map(([start, pieces]) => bytesOfByteText(start + pieces.join('')));

test('writing gives back the bytes that were read, and nothing throws', () => {
	fc.assert(
		fc.property(fc.oneof(anyMessage, fc.uint8Array({ maxLength: 200 })), (bytes) => {
			const result = parseEr7(bytes);
			if ('error' in result) return;
			const { message } = result;
			expect(writeEr7(message)).toEqual(bytes);
			describeEr7(message);
			formatEr7(message);
			const answer = acknowledge(message, { code: 'AE', controlId: '1', time: '2026' });
			expect(valueAt(answer, 'MSA-1').text).toBe('AE');
			valueAt(message, 'PID-3[2].4.2');
			setAt(message, 'MSH-10', 'x');
		}),
		{ numRuns: 2000 },
	);
});
