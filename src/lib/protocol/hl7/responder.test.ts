import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueAt } from './access.ts';
import type { AcknowledgedError } from './acknowledgement.ts';
import { bytesOfByteText } from './byte-text.ts';
import { writeEr7 } from './message.ts';
import { parseEr7 } from './parse-er7.ts';
import { respond, type ResponderOptions } from './responder.ts';

function update(
	accept = '',
	application = '',
	changes: { event?: string; version?: string } = {},
): Uint8Array {
	const { event = 'ADT^A08', version = '2.5.1' } = changes;
	return bytesOfByteText(
		`MSH|^~\\&|RIS|X|PACS|X|20260309||${event}|M1|P|${version}|||${accept}|${application}\r` +
			'EVN||2026\rPID|1||7||LARCH\rPV1|1|O\r',
	);
}

const LOCKED: AcknowledgedError = { code: '206', userMessage: 'somebody is at it' };
const INCOMPLETE: AcknowledgedError = { code: '101', location: { segment: 'PID', field: 7 } };
const WARNING: AcknowledgedError = { code: '204', severity: 'W', userMessage: 'not here' };
const FULL: AcknowledgedError = { code: '207', userMessage: 'no space' };

function answers(bytes: Uint8Array, options: Partial<ResponderOptions> = {}) {
	let count = 0;
	let processed = 0;
	const response = respond(bytes, {
		receiver: { events: ['ADT^A08'] },
		controlId: () => `R${(count += 1)}`,
		time: () => '20260309070000',
		...options,
		process: (message) => {
			processed += 1;
			return options.process?.(message) ?? [];
		},
	});
	const shown = response.acknowledgements.map((one) =>
		['MSA-1', 'MSA-2', 'MSH-10', 'MSH-15', 'MSH-16', 'ERR-3.1', 'ERR-4']
			.map((path) => valueAt(one, path).text)
			.join(' ')
			.trim(),
	);
	return { code: response.code, shown, processed };
}

test.each([
	['accepted', [], 'AA', ['AA M1 R1']],
	['error', [INCOMPLETE], 'AE', ['AE M1 R1   101 E']],
	['rejected', [LOCKED], 'AR', ['AR M1 R1   206 E']],
	['warned', [WARNING], 'AA', ['AA M1 R1   204 W']],
	['warned and wrong', [WARNING, INCOMPLETE], 'AE', ['AE M1 R1   204 W']],
])('original mode: %s', (_, errors, code, shown) => {
	expect(answers(update(), { process: () => errors })).toEqual({ code, shown, processed: 1 });
});

test('what validation finds is answered without processing', () => {
	const unsupported = update('', '', { event: 'ADT^A01' });
	expect(answers(unsupported)).toEqual({ code: 'AR', shown: ['AR M1 R1   201 E'], processed: 0 });
	const wrong = bytesOfByteText('MSH|^~\\&|||||2026||ADT^A08|M1|P|2.5.1\rEVN||2026\r');
	expect(answers(wrong)).toMatchObject({ code: 'AE', processed: 0 });
	expect(answers(update(), { store: () => [FULL] })).toMatchObject({
		code: 'AR',
		shown: ['AR M1 R1   207 E'],
		processed: 0,
	});
});

test('before v2.5 the errors are in ERR-1', () => {
	const { acknowledgements } = respond(update('', '', { version: '2.3.1' }), {
		receiver: {},
		process: () => [INCOMPLETE],
		controlId: () => 'R',
		time: () => '2026',
	});
	expect(valueAt(acknowledgements[0]!, 'ERR-1').raw).toBe(
		'PID^1^7^101&Required field missing&HL70357',
	);
});

// MSH-15, MSH-16, what happens, which acknowledgements go out.
const OK = {};
const ERROR: Partial<ResponderOptions> = { process: () => [INCOMPLETE] };
const CANNOT: Partial<ResponderOptions> = { store: () => [FULL] };
const REJECT: Partial<ResponderOptions> = { receiver: { events: ['ORU^R01'] } };
test.each([
	['AL', 'AL', OK, ['CA', 'AA']],
	['AL', 'NE', OK, ['CA']],
	['AL', '', OK, ['CA']],
	['NE', 'AL', OK, ['AA']],
	['NE', 'NE', OK, []],
	['', 'AL', OK, ['AA']],
	['ER', 'ER', OK, []],
	['SU', 'SU', OK, ['CA', 'AA']],
	['AL', 'AL', ERROR, ['CA', 'AE']],
	['ER', 'ER', ERROR, ['AE']],
	['SU', 'SU', ERROR, ['CA']],
	['NE', 'NE', ERROR, []],
	['AL', 'AL', CANNOT, ['CE']],
	['ER', 'AL', CANNOT, ['CE']],
	['SU', 'AL', CANNOT, []],
	['NE', 'AL', CANNOT, []],
	['AL', 'AL', REJECT, ['CR']],
	['ER', 'NE', REJECT, ['CR']],
	['SU', 'AL', REJECT, []],
	['XX', 'NE', OK, ['CA']],
] as const)('enhanced mode %s %s, %o: %j', (accept, application, options, codes) => {
	const { shown } = answers(update(accept, application), options);
	expect(shown.map((one) => one.slice(0, 2))).toEqual(codes);
});

test('in enhanced mode the application acknowledgement asks for none itself', () => {
	const { shown } = answers(update('AL', 'AL'));
	expect(shown).toEqual(['CA M1 R1', 'AA M1 R2 NE NE']);
});

test('an acknowledgement is not acknowledged, but accepted where it asks for that', () => {
	const ack = (accept: string): Uint8Array =>
		bytesOfByteText(`MSH|^~\\&|||||2026||ACK^A08|M2|P|2.5.1|||${accept}|\rMSA|AA|M1\r`);
	expect(answers(ack(''), { receiver: {} })).toMatchObject({ code: 'AA', shown: [] });
	expect(answers(ack('AL'), { receiver: {} }).shown).toEqual(['CA M2 R1']);
});

test('what is no message is answered as well as can be', () => {
	expect(answers(bytesOfByteText('hello'))).toEqual({
		code: 'AE',
		shown: ['AE  R1   100 E'],
		processed: 0,
	});
	const huge = bytesOfByteText(`MSH|^~\\&|${'\r'.repeat(10_001)}`);
	expect(answers(huge)).toMatchObject({ code: 'AR', shown: ['AR  R1   207 E'] });
});

test('nothing throws, and every answer can be read', () => {
	const valid = fc.constantFrom(update(), update('AL', 'AL'), update('ER', 'SU'));
	const broken = fc
		.tuple(valid, fc.nat(), fc.uint8Array({ maxLength: 6 }))
		.map(([bytes, at, other]) => {
			const place = at % bytes.length;
			return new Uint8Array([
				...bytes.slice(0, place),
				...other,
				...bytes.slice(place + other.length),
			]);
		});
	fc.assert(
		fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 99 })), (bytes) => {
			const { acknowledgements } = respond(bytes, {
				receiver: {},
				process: () => [WARNING],
				controlId: () => 'R',
				time: () => '2026',
			});
			expect(acknowledgements.length).toBeLessThanOrEqual(2);
			for (const one of acknowledgements) {
				const read = parseEr7(writeEr7(one));
				expect('message' in read && valueAt(read.message, 'MSA-1').text).toMatch(/^[AC][AER]$/);
			}
		}),
		{ numRuns: 2000 },
	);
});
