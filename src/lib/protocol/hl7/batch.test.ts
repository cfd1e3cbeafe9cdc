import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildBatch, readBatch, writeBatch } from './batch.ts';
import { buildMessage } from './build.ts';
import { bytesOfByteText, byteTextOf } from './byte-text.ts';

const MSH = 'MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5.1\r';
const FHS = 'FHS|^~\\&|A|B\r';
const BHS = 'BHS|^~\\&|A|B\r';

function codes(text: string): string[] {
	const result = readBatch(bytesOfByteText(text));
	return 'error' in result ? [result.error] : result.remarks.map(({ code }) => code);
}

test.each([
	['a whole file', `${FHS}${BHS}${MSH}PID|1\r${MSH}BTS|2\r${BHS}BTS|0\rFTS|2\r`, []],
	['one batch', `${BHS}${MSH}BTS|1\r`, []],
	['messages alone', `${MSH}${MSH}`, []],
	['trailers without counts', `${FHS}${BHS}${MSH}BTS\rFTS\r`, []],
	['a message too few', `${BHS}${MSH}BTS|2\r`, ['message-count']],
	['a batch too many', `${FHS}${BHS}BTS|0\r${BHS}BTS|0\rFTS|1\r`, ['batch-count']],
	['no BTS', `${FHS}${BHS}${MSH}FTS|1\r`, ['missing-trailer']],
	['no FTS', `${FHS}${BHS}${MSH}BTS|1\r`, ['missing-trailer']],
	['no BHS', `${FHS}${MSH}BTS|1\rFTS|1\r`, ['missing-header']],
	['no FHS', `${BHS}${MSH}BTS|1\rFTS|1\r`, ['missing-header']],
	['a second FHS', `${FHS}${FHS}FTS|0\r`, ['out-of-place']],
	['something after BTS', `${BHS}${MSH}BTS|1\rNTE|1\r`, ['out-of-place']],
	['an unreadable message', `${BHS}MSH\rBTS|0\r`, ['unreadable']],
	['something else', 'PID|1\r', ['the file does not begin with FHS, BHS or MSH']],
	['nothing', '', ['the file does not begin with FHS, BHS or MSH']],
])('%s', (_, text, expected) => {
	expect(codes(text)).toEqual(expected);
});

test('headers have their own delimiters', () => {
	const text = 'BHS$%~\\&$A%1\rMSH|^~\\&|B\rBTS$1$end\r';
	const result = readBatch(bytesOfByteText(text));
	if ('error' in result) throw new Error(result.error);
	expect(result.remarks).toEqual([]);
	expect(result.file.batches[0]?.trailer?.coding.delimiters.field).toBe('$');
	expect(byteTextOf(writeBatch(result.file))).toBe(text);
});

test('counts are written and agree', () => {
	const messages = ['1', '2'].map((id) => buildMessage({ 9: [['ADT', 'A08']], 10: id }, []));
	const file = buildBatch({ 3: 'A' }, [
		{ header: { 11: 'B1' }, messages },
		{ header: {}, messages: [] },
	]);
	const bytes = writeBatch(file);
	expect(byteTextOf(bytes).split('\r')).toEqual([
		'FHS|^~\\&|A',
		'BHS|^~\\&|||||||||B1',
		'MSH|^~\\&|||||||ADT^A08|1',
		'MSH|^~\\&|||||||ADT^A08|2',
		'BTS|2',
		'BHS|^~\\&',
		'BTS|0',
		'FTS|2',
		'',
	]);
	expect(readBatch(bytes)).toEqual({ file, remarks: [] });
});

test('limits are errors', () => {
	const bytes = bytesOfByteText(MSH + MSH);
	expect(readBatch(bytes, { sizeBytes: 9, messages: 9 })).toHaveProperty('error');
	expect(readBatch(bytes, { sizeBytes: 999, messages: 1 })).toEqual({
		error: 'more than 1 messages',
	});
});

test('nothing throws, and what has no remarks is written as it was read', () => {
	const part = fc.constantFrom(
		FHS,
		BHS,
		MSH,
		'PID|1\r',
		'BTS|1\r',
		'FTS|1\r',
		'BTS\r',
		'MSH',
		'\r',
		'\n',
	);
	fc.assert(
		fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
			const text = parts.join('');
			const result = readBatch(bytesOfByteText(text));
			if ('error' in result) return;
			const written = byteTextOf(writeBatch(result.file));
			if (result.remarks.length === 0) expect(written).toBe(text);
		}),
		{ numRuns: 2000 },
	);
});
