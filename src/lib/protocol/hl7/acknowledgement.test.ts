import { expect, test } from 'vitest';
import { acknowledge, type AcknowledgedError } from './acknowledgement.ts';
import { buildMessage } from './build.ts';
import { formatEr7 } from './describe.ts';
import type { Er7Message } from './message.ts';

function admission(version: string): Er7Message {
	return buildMessage(
		{
			...{ 3: 'HIS', 4: 'NORTH', 5: 'PACS', 6: 'SOUTH', 9: [['ADT', 'A40', 'ADT_A39']] },
			...{ 10: 'a|7', 11: 'T', 12: version, 18: '8859/1' },
		},
		[['PID', { 3: '1' }]],
	);
}

const ERRORS: readonly AcknowledgedError[] = [
	{
		location: { segment: 'MRG', field: 1, component: 4 },
		code: '204',
		diagnostic: 'issuer "CITY"',
		userMessage: 'patient unknown',
	},
	{ location: { segment: 'PV1' }, code: '100', severity: 'W' },
];

test('sender and receiver change places and the control id is the one sent', () => {
	const answer = acknowledge(admission('2.5.1'), {
		...{ code: 'AA', controlId: 'X1', time: '20260102030405' },
	});
	expect(formatEr7(answer)).toBe(
		'MSH|^~\\&|PACS|SOUTH|HIS|NORTH|20260102030405||ACK^A40^ACK|X1|T|2.5.1||||||8859/1\n' +
			'MSA|AA|a\\F\\7\n',
	);
});

test('errors are ERR segments from v2.5 on', () => {
	const answer = acknowledge(admission('2.5'), {
		...{ code: 'AR', controlId: 'X2', time: '2026', text: 'no such patient', errors: ERRORS },
	});
	expect(formatEr7(answer).split('\n').slice(1)).toEqual([
		'MSA|AR|a\\F\\7|no such patient',
		'ERR||MRG^1^1^1^4|204^Unknown key identifier^HL70357|E|||issuer "CITY"|patient unknown',
		'ERR||PV1^1|100^Segment sequence error^HL70357|W',
		'',
	]);
});

test('before v2.5 all errors are in ERR-1, and MSH-9 has no structure before v2.3.1', () => {
	const answer = acknowledge(admission('2.3'), {
		...{ code: 'AE', controlId: 'X3', time: '2026', errors: ERRORS },
	});
	const text = formatEr7(answer);
	expect(text).toContain('|ACK^A40|X3|');
	expect(text).toContain(
		'ERR|MRG^1^1^204&Unknown key identifier&HL70357~PV1^1^^100&Segment sequence error&HL70357\n',
	);
	const next = acknowledge(admission('2.3.1'), { code: 'AA', controlId: 'X4', time: '2026' });
	expect(formatEr7(next)).toContain('|ACK^A40^ACK|X4|');
});

test('what could not be read is answered too', () => {
	const answer = acknowledge(undefined, {
		...{ code: 'AR', controlId: 'X5', time: '2026', errors: [{ code: '207' }] },
	});
	expect(formatEr7(answer)).toBe(
		'MSH|^~\\&|||||2026||ACK|X5|P|2.5.1\nMSA|AR|\nERR|||207^Application internal error^HL70357|E\n',
	);
});
