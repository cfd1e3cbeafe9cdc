import { expect, test } from 'vitest';
import { buildMessage, makeSegment } from './build.ts';
import { formatEr7 } from './describe.ts';
import { writeEr7 } from './message.ts';
import { parseEr7 } from './parse-er7.ts';

test('a message is built from plain data', () => {
	const message = buildMessage(
		{
			3: 'RIS',
			4: 'NORTH',
			9: [['ORM', 'O01', 'ORM_O01']],
			10: '1',
			11: 'P',
			12: '2.5.1',
			18: '8859/1',
		},
		[
			[
				'PID',
				{ 3: [['4711', undefined, undefined, ['NORTH', '2.999', 'ISO']]], 5: [['Ö', 'A|B']] },
			],
			['NTE', { 1: '1', 3: ['one', null, { raw: 'x^y' }] }],
		],
	);
	expect(formatEr7(message)).toBe(
		'MSH|^~\\&|RIS|NORTH|||||ORM^O01^ORM_O01|1|P|2.5.1||||||8859/1\n' +
			'PID|||4711^^^NORTH&2.999&ISO||Ö^A\\F\\B\n' +
			'NTE|1||one~""~x^y\n',
	);
	expect(message.segments[1]!.raw).toContain('\xd6^A');
	expect(parseEr7(writeEr7(message))).toEqual({ message, remarks: [] });
});

test('other delimiters are declared and used', () => {
	const delimiters = {
		...{ field: '!', component: '@', repetition: '%' },
		...{ escape: '/', subcomponent: '$', truncation: '' },
	};
	const message = buildMessage(
		{ 3: 'A!B' },
		[['PID', { 3: [['1', ['a', 'b']], '2'] }]],
		delimiters,
	);
	expect(formatEr7(message)).toBe('MSH!@%/$!A/F/B\nPID!!!1@a$b%2\n');
});

test('a field number out of range is the mistake of the program', () => {
	const coding = buildMessage({}, []);
	expect(() => makeSegment('PID', { 0: 'x' }, coding)).toThrow(RangeError);
	expect(() => makeSegment('PID', { 10000: 'x' }, coding)).toThrow(RangeError);
	expect(makeSegment('PID', {}, coding).raw).toBe('PID');
});
