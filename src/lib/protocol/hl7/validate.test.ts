import { expect, test } from 'vitest';
import { bytesOfByteText } from './byte-text.ts';
import { parseEr7 } from './parse-er7.ts';
import { isPrimitiveValue } from './primitive-values.ts';
import { type ReceiverProfile, validateMessage } from './validate.ts';
import { tableHas } from './value-tables.ts';

const HEADER = 'MSH|^~\\&|A|B|C|D|20260309070000||ADT^A08^ADT_A01|1|P|2.5.1';
const REST = ['EVN||20260309070000', 'PID|1||7^^^X^MR||LARCH^ANA||19640227|F', 'PV1|1|O'];

function remarks(lines: readonly string[], receiver?: ReceiverProfile): string[] {
	const read = parseEr7(bytesOfByteText(lines.map((line) => `${line}\r`).join('')));
	if ('error' in read) throw new Error(read.error.text);
	return validateMessage(read.message, receiver).map(({ code, location, userMessage }) => {
		const { segment, occurrence = 1, field, repetition, component, subcomponent } = location!;
		const numbers = [field, repetition && `[${repetition}]`, component, subcomponent];
		const place = `${segment}${occurrence > 1 ? `(${occurrence})` : ''} ${numbers.filter((n) => n !== undefined).join('.')}`;
		return `${code} ${place.trim()}: ${userMessage}`;
	});
}

test('a proper message has no remarks', () => {
	expect(remarks([HEADER, ...REST])).toEqual([]);
});

function header(changes: Record<number, string>): string {
	const fields = HEADER.split('|');
	// MSH-1 is the separator itself.
	for (const [field, value] of Object.entries(changes)) fields[Number(field) - 1] = value;
	return fields.join('|');
}

test.each([
	[{ 9: 'ZZZ^A08' }, {}, '200 MSH 9.1: message type ZZZ is not supported'],
	[{ 9: 'ADT^A99' }, {}, '201 MSH 9.2: event A99 of ADT is not supported'],
	[{ 9: 'ADT' }, {}, '201 MSH 9.2: event  of ADT is not supported'],
	[{ 9: 'ORU^R01' }, { events: ['ADT^A08'] }, '200 MSH 9.1: message type ORU is not supported'],
	[{ 9: 'ADT^A01' }, { events: ['ADT^A08'] }, '201 MSH 9.2: event A01 of ADT is not supported'],
	[{ 11: 'X' }, {}, '202 MSH 11.1: processing id X is not supported'],
	[{ 11: 'T' }, { processingIds: ['P'] }, '202 MSH 11.1: processing id T is not supported'],
	[{ 12: '3.0' }, {}, '203 MSH 12.1: version 3.0 is not supported'],
	[{ 12: '2.2' }, { versions: ['2.5.1'] }, '203 MSH 12.1: version 2.2 is not supported'],
] as const)('MSH %j rejects', (changes, receiver, expected) => {
	// What else is wrong is not looked at.
	expect(remarks([header(changes)], receiver)).toEqual([expected]);
});

test.each([
	[['EVN||2026', 'PV1|1|O'], ['100 PID: ADT_A01 has no PID']],
	[['EVN||2026', 'PV1|1|O', REST[1]!], ['100 PID: PID is out of its order']],
	[[...REST, 'EVN||2026'], ['100 EVN(2): EVN is out of its order']],
	[['EVN', REST[1]!, 'PV1|1|O'], ['101 EVN 2: Recorded Date/Time is required']],
	[
		['EVN||2026', 'PID|1', 'PV1|1'],
		[
			'101 PID 3: Patient Identifier List is required',
			'101 PID 5: Patient Name is required',
			'101 PV1 2: Patient Class is required',
		],
	],
	[
		['EVN||2026-03-09', 'PID|x||7||A||19640230|F', 'PV1|1|O'],
		[
			'102 EVN 2.1: "2026-03-09" is no DTM (Time)',
			'102 PID 1: "x" is no SI (Set ID - PID)',
			'102 PID 7.1: "19640230" is no DTM (Time)',
		],
	],
	[
		['EVN||2026', 'PID|1||7~8^^^X&Y&Z^MR^^2026~9^^^^^^20261399||A', 'PV1|1|O'],
		['102 PID 3.[3].7: "20261399" is no DT (Effective Date)'],
	],
	[
		['EVN||2026', 'PID|1||7||A^B^^^^^^^^^^19991301&M', 'PV1|1|O'],
		['102 PID 5.12.1: "19991301" is no DTM (Time)'],
	],
	[
		[...REST, 'OBX|1|NM|W^Weight||12kg||||||F', 'OBX|2|DT|X||20260101~soon||||||Q'],
		[
			'102 OBX 5: "12kg" is no NM (Observation Value)',
			'102 OBX(2) 5.[2]: "soon" is no DT (Observation Value)',
			'103 OBX(2) 11: "Q" is not in table 0085 (Observation Result Status)',
		],
	],
	[
		['EVN||2026', 'PID|1||7||A|||||||||||||||||||J', 'PV1|1|O'],
		['103 PID 24: "J" is not in table 0136 (Multiple Birth Indicator)'],
	],
])('%j', (lines, expected) => {
	expect(remarks([HEADER, ...lines])).toEqual(expected);
});

test('what is not expected is no error', () => {
	expect(remarks([HEADER, ...REST, 'ZPI|anything', 'IPC'])).toEqual([
		...['Accession Identifier', 'Requested Procedure ID', 'Study Instance UID'].map(
			(name, index) => `101 IPC ${index + 1}: ${name} is required`,
		),
		'101 IPC 4: Scheduled Procedure Step ID is required',
	]);
	expect(remarks([HEADER, ...REST, 'ZPI|anything', 'PV1X'])).toEqual([]);
	expect(remarks([HEADER, ...REST.with(1, `${REST[1]!}${'|'.repeat(40)}more`)])).toEqual([]);
});

test('the delete value is a value', () => {
	expect(remarks([HEADER, 'EVN||""', 'PID|1||7||""||""', 'PV1|1|O'])).toEqual([]);
});

test('MSH-7 is required since v2.4', () => {
	expect(remarks([header({ 7: '', 12: '2.3.1' }), ...REST])).toEqual([]);
	expect(remarks([header({ 7: '' }), ...REST])).toEqual([
		'101 MSH 7: Date/Time Of Message is required',
	]);
});

test('remarks end somewhere', () => {
	const many = Array.from({ length: 200 }, () => 'OBX|x|NM|a||b||||||F');
	expect(remarks([HEADER, ...REST, ...many])).toHaveLength(50);
});

test.each([
	[
		'DTM',
		['2026', '202603', '20260309', '2026030907', '20260309070001.1234+0100'],
		['', '26', '20260399', '2026030925', '202603090760', '20260309+2500'],
	],
	['DT', ['2026', '202602', '20240229'], ['20230229', '2026030907', '20260309+0100']],
	['TM', ['07', '0730', '073000.5', '0730-0500'], ['24', '7', '07:30']],
	['NM', ['0', '-1.5', '+7', '.5', '7.'], ['', '.', '1e3', '1,5', '1 2']],
	['SI', ['0', '12'], ['-1', '1.5', '']],
	['ST', ['', 'anything'], []],
])('%s', (dataType, good, bad) => {
	for (const text of good) expect(isPrimitiveValue(dataType, text), text).toBe(true);
	for (const text of bad) expect(isPrimitiveValue(dataType, text), text).toBe(false);
});

test('a table that is not here knows nothing', () => {
	expect(tableHas('0001', 'F')).toBeUndefined();
	expect(tableHas('0155', 'AL')).toBe(true);
	expect(tableHas('0155', 'XX')).toBe(false);
});
