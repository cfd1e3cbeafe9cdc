import { expect, test } from 'vitest';
import { describeAbort, describeReject } from './describe.ts';

test.each([
	[1, 1, 3, 'Result: Rejected Permanent, Source: Service User', 'Calling AE Title Not Recognized'],
	[1, 1, 2, 'Result: Rejected Permanent, Source: Service User', 'App Context Name Not Supported'],
	[
		2,
		3,
		2,
		'Result: Rejected Transient, Source: Service Provider (Presentation Related)',
		'Local Limit Exceeded',
	],
	[
		1,
		2,
		2,
		'Result: Rejected Permanent, Source: Service Provider (ACSE Related)',
		'Protocol Version Not Supported',
	],
])('rejection %i/%i/%i', (result, source, reason, first, second) => {
	expect(describeReject({ result, source, reason })).toEqual({
		complaints: [],
		result: first,
		reason: `Reason: ${second}`,
	});
});

test('values outside the table are complained of and get the defaults', () => {
	expect(describeReject({ result: 3, source: 4, reason: 9 })).toEqual({
		complaints: [
			'Received invalid A-ASSOCIATE-RJ reject result 0x0003, using default.',
			'Received invalid A-ASSOCIATE-RJ reject source 0x0004, using default.',
			'Received invalid A-ASSOCIATE-RJ reject reason 0x0409, using default.',
		],
		result: 'Result: Rejected Permanent, Source: Service User',
		reason: 'Reason: No Reason',
	});
});

test('aborts', () => {
	expect(describeAbort({ source: 0, reason: 5 })).toBe('Source: Service User');
	expect(describeAbort({ source: 2, reason: 2 })).toBe(
		'Source: Service Provider, Reason: Unexpected PDU',
	);
	expect(describeAbort({ source: 1, reason: 9 })).toBe(
		'Source: Reserved (1), Reason: Reserved (9)',
	);
});
