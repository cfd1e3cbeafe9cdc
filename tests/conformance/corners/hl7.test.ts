import { setAt, valueAt } from '#lib/protocol/hl7/access.ts';
import { buildMessage } from '#lib/protocol/hl7/build.ts';
import { bytesOfByteText, byteTextOf } from '#lib/protocol/hl7/byte-text.ts';
import { parseEscapes } from '#lib/protocol/hl7/escapes.ts';
import { type Er7Message, writeEr7 } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder, type MllpEvent } from '#lib/protocol/hl7/mllp.ts';
import { encodeWithFault, type MllpFault } from '#lib/protocol/hl7/mllp-faults.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { respond, type ResponderOptions } from '#lib/protocol/hl7/responder.ts';
import { validateMessage } from '#lib/protocol/hl7/validate.ts';
import { describe, expect, test } from 'vitest';

/** The corners of HL7 v2 and MLLP where implementations differ; docs/protocol-decisions.md has a row for each. */

const HEADER = 'MSH|^~\\&|A|B|C|D|20260309||ADT^A08^ADT_A01|M1|P|2.5.1';
const REST = 'EVN||2026\rPID|1||7||LARCH^ANA\rPV1|1|O\r';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string | Uint8Array): Er7Message {
	const result = parseEr7(typeof text === 'string' ? bytesOfByteText(text) : text);
	if ('error' in result) throw new Error(result.error.text);
	return result.message;
}

function answer(bytes: Uint8Array, options: Partial<ResponderOptions> = {}): string[] {
	const { acknowledgements } = respond(bytes, {
		receiver: {},
		process: () => [],
		controlId: () => 'R1',
		time: () => '20260309',
		...options,
	});
	return acknowledgements.map((one) => byteTextOf(writeEr7(one)));
}

describe('blocks', () => {
	const shown = (events: readonly MllpEvent[]): string[] =>
		events.map(({ kind, bytes }) => `${kind} ${bytes.length}`);
	const decoded = (chunks: readonly Uint8Array[]): string[] => {
		const decoder = new MllpDecoder();
		return shown([...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()]);
	};
	const contents = [bytesOfByteText(`${HEADER}\r`), bytesOfByteText('MSH|^~\\&|X\r')];
	const [first, second] = contents.map((one) => one.length);

	test.each<[string, MllpFault, string[]]>([
		['no VT', { kind: 'no-start' }, [`missing-start ${first}`, `missing-start ${second}`]],
		[
			'no FS',
			{ kind: 'no-file-separator' },
			[`missing-end ${first! + 1}`, `missing-end ${second! + 1}`],
		],
		[
			'FS without CR',
			{ kind: 'no-carriage-return' },
			[`missing-carriage-return ${first}`, `missing-carriage-return ${second}`],
		],
		['two messages in a block', { kind: 'merged' }, [`block ${first! + second!}`]],
		['one byte a write', { kind: 'split', writeBytes: 1 }, [`block ${first}`, `block ${second}`]],
	])('%s', (_, fault, expected) => {
		expect(decoded(encodeWithFault(contents, fault))).toEqual(expected);
	});

	test('two messages in a chunk are two', () => {
		const chunk = new Uint8Array(contents.flatMap((one) => [...encodeMllp(one)]));
		expect(decoded([chunk])).toEqual([`block ${first}`, `block ${second}`]);
	});

	test('a cut within a character of UTF-8 does no harm', () => {
		const text = `${HEADER}||||||UNICODE UTF-8\rPID|1||7||Müller^王\r`;
		const block = encodeMllp(utf8(text));
		for (let at = 1; at < block.length; at += 1) {
			const decoder = new MllpDecoder();
			const events = [...decoder.push(block.subarray(0, at)), ...decoder.push(block.subarray(at))];
			expect(events).toHaveLength(1);
			expect(valueAt(read(events[0]!.bytes), 'PID-5.2').text).toBe('王');
		}
	});

	test('a message of more than 1 MB is one block', () => {
		const report = 'A line of the report.\\.br\\'.repeat(50_000);
		const content = bytesOfByteText(`${HEADER}\r${REST}OBX|1|FT|X||${report}||||||F\r`);
		expect(content.length).toBeGreaterThan(1024 * 1024);
		const block = encodeMllp(content);
		const decoder = new MllpDecoder();
		const events: MllpEvent[] = [];
		for (let at = 0; at < block.length; at += 1460) {
			events.push(...decoder.push(block.subarray(at, at + 1460)));
		}
		expect(shown(events)).toEqual([`block ${content.length}`]);
		const message = read(events[0]!.bytes);
		expect(valueAt(message, 'OBX-5').text.split('\n')).toHaveLength(50_001);
		expect(writeEr7(message)).toEqual(content);
		expect(answer(content)[0]).toContain('MSA|AA|M1');
	});
});

describe('delimiters', () => {
	test('each message declares its own, and its acknowledgement uses them', () => {
		const message =
			'MSH#*!@%#A#B#C#D#20260309##ADT*A08#M*1#P#2.5.1\rEVN##2026\rPID#1##7*8!9%0##L@S@R\rPV1#1#O\r';
		expect(valueAt(read(message), 'PID-3[2].1.2').text).toBe('0');
		expect(valueAt(read(message), 'PID-5').text).toBe('L*R');
		expect(answer(bytesOfByteText(message))).toEqual([
			'MSH#*!@%#C#D#A#B#20260309##ACK*A08*ACK#R1#P#2.5.1\rMSA#AA#M*1\r',
		]);
	});

	test('delimiters that cannot be told apart are not used in an answer', () => {
		const message = `MSH|^^^^|A|B|C|D|20260309||ADT|M1|P|2.5.1\r`;
		expect(answer(bytesOfByteText(message))[0]).toMatch(/^MSH\|\^~\\&\|/);
	});

	test('the header may declare fewer than four', () => {
		const message = read('MSH|^|A\rPID|1||7^8~9&1\\F\\\r');
		expect(valueAt(message, 'PID-3.2').text).toBe('8~9&1\\F\\');
		expect(setAt(message, 'PID-3[2]', 'x')).toMatchObject({
			error: { code: 'undeclared-delimiter' },
		});
	});

	test('a truncation character counts only where it is declared', () => {
		expect(valueAt(read('MSH|^~\\&#|A\rPID|1||7||LAR#\r'), 'PID-5').isTruncated).toBe(true);
		expect(valueAt(read('MSH|^~\\&|A\rPID|1||7||LAR#\r'), 'PID-5').isTruncated).toBe(false);
	});
});

describe('repetitions', () => {
	test('empty ones keep their places', () => {
		const message = read('MSH|^~\\&|A\rPID|1||~7~~8\r');
		expect([1, 2, 3, 4, 5].map((n) => valueAt(message, `PID-3[${n}].1`).presence)).toEqual([
			...['empty', 'value', 'empty', 'value', 'absent'],
		]);
	});

	test('what repeats without leave is not an error, the first counts', () => {
		const message = read(`${HEADER}\rEVN||2026\rPID|1||7||A||19640227~19640228\rPV1|1|O\r`);
		expect(validateMessage(message)).toEqual([]);
		expect(valueAt(message, 'PID-7').text).toBe('19640227');
	});
});

describe('escapes', () => {
	const coding = read(HEADER);
	const kinds = (raw: string): string[] =>
		parseEscapes(raw, coding).map(({ kind, raw: all }) => `${kind} ${all}`);
	const text = (raw: string): string => valueAt(read(`${HEADER}\rNTE|1||${raw}\r`), 'NTE-3').text;

	test('\\H\\ and \\N\\ show, \\X..\\ and the delimiters stand for bytes', () => {
		expect(text('a\\H\\b\\N\\c\\X410D\\d\\F\\e\\E\\f')).toBe('abcA\rd|e\\f');
	});

	test('\\X..\\ with an odd number of digits is no sequence of that kind', () => {
		expect(text('a\\X4\\b')).toBe('a\\X4\\b');
	});

	test('an escape character without another one is a character', () => {
		expect(kinds('C:\\temp')).toEqual(['text C:', 'stray \\', 'text temp']);
		expect(text('C:\\temp')).toBe('C:\\temp');
	});

	test('sequences nobody knows stay as they are', () => {
		expect(text('a\\Q9\\b')).toBe('a\\Q9\\b');
		expect(kinds('\\Zlocal\\')).toEqual(['local \\Zlocal\\']);
	});

	test('\\.br\\ and \\.sp3\\ are line feeds', () => {
		expect(text('a\\.br\\b\\.sp2\\c')).toBe('a\nb\n\nc');
	});

	test('an escaped delimiter never divides', () => {
		expect(valueAt(read(`${HEADER}\rPID|1||7||a\\S\\b^c\r`), 'PID-5.1').text).toBe('a^b');
	});

	test('\\C..\\ switches sets of ISO 2022 and nothing in UTF-8', () => {
		const body = 'PID|1||7||\\C2442\\;3ED\\C2842\\x\r';
		const iso = read(`${HEADER}||||||ASCII~ISO IR87\r${body}`);
		expect(valueAt(iso, 'PID-5').text).toHaveLength(3);
		const unicode = read(`${HEADER}||||||UNICODE UTF-8\r${body}`);
		expect(valueAt(unicode, 'PID-5').text).toBe(';3EDx');
	});
});

describe('values', () => {
	test('"" deletes, and nothing leaves as it is', () => {
		const message = read('MSH|^~\\&|A\rPID|1||7||""||\r');
		expect(valueAt(message, 'PID-5').presence).toBe('delete');
		expect(valueAt(message, 'PID-7').presence).toBe('empty');
		expect(valueAt(message, 'PID-8').presence).toBe('absent');
	});

	test('two quotation marks as text are written so that they do not delete', () => {
		const message = buildMessage({ 10: '1' }, [['PID', { 5: '""' }]]);
		expect(valueAt(read(writeEr7(message)), 'PID-5')).toMatchObject({
			presence: 'value',
			text: '""',
		});
	});
});

describe('acknowledgements', () => {
	test('MSA-2 is MSH-10 as it was sent, escapes and all', () => {
		const message = bytesOfByteText(`${HEADER.replace('M1', 'a\\T\\b^c')}\r${REST}`);
		expect(answer(message)[0]).toContain('MSA|AA|a\\T\\b^c\r');
	});

	test('without MSH-10 there is 101, and MSA-2 is empty', () => {
		const message = bytesOfByteText(`${HEADER.replace('M1', '')}\r${REST}`);
		expect(answer(message)[0]).toContain('MSA|AE|\rERR||MSH^1^10^1|101^');
	});

	test('a carriage return in text breaks the segment and is told as such', () => {
		const message = bytesOfByteText(`${HEADER}\rEVN||2026\rPID|1||7||LARCH\rANA|x\rPV1|1|O\r`);
		expect(parseEr7(message)).toMatchObject({ remarks: [] });
		// ANA looks like a segment nobody expects, which is no error: the text is lost in silence.
		expect(answer(message)[0]).toContain('MSA|AA|M1');
		const worse = bytesOfByteText(`${HEADER}\rEVN||2026\rPID|1||7||LARCH\r ana|x\rPV1|1|O\r`);
		expect(parseEr7(worse)).toMatchObject({ remarks: [{ code: 'segment-id' }] });
	});

	test('line feeds for carriage returns are read', () => {
		expect(answer(bytesOfByteText(`${HEADER}\n${REST.replaceAll('\r', '\n')}`))[0]).toContain(
			'MSA|AA',
		);
	});

	test('a byte order mark before MSH is read', () => {
		expect(answer(utf8(`\ufeff${HEADER}\r${REST}`))[0]).toContain('MSA|AA');
	});

	test('a set that MSH-18 names wrongly does not stop the answer', () => {
		const message = bytesOfByteText(`${HEADER}||||||KLINGON\r${REST}`);
		expect(answer(message)[0]).toContain('|KLINGON\rMSA|AA|M1\r');
	});

	test('errors before v2.5 are in ERR-1, from v2.5 on in segments of their own', () => {
		const errors = [{ code: '204' }, { code: '206' }];
		const of = (version: string): string =>
			answer(bytesOfByteText(`${HEADER.replace('2.5.1', version)}\r${REST}`), {
				process: () => errors,
			})[0]!;
		expect(of('2.4').match(/ERR/g)).toHaveLength(1);
		expect(of('2.4')).toContain('ERR|^^^204&Unknown key identifier&HL70357~^^^206&');
		expect(of('2.5').match(/ERR\|\|/g)).toHaveLength(2);
	});
});
