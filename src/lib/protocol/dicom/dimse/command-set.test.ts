import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	COMMAND_ELEMENT_BY_KEYWORD,
	type CommandKeyword,
	type CommandSet,
} from './command-dictionary.ts';
import { decodeCommandSet, encodeCommandSet } from './command-set.ts';
import { cEchoRequest, COMMAND_FIELD, cStoreRequest, responseTo } from './services.ts';

/** Hex with comments from '#' to the end of the line. */
function bytes(fixture: string): Uint8Array {
	const hex = fixture.replace(/#.*$/gm, '').replace(/\s/g, '');
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function decoded(encoded: Uint8Array): CommandSet {
	const decoding = decodeCommandSet(encoded);
	if (!decoding.ok) throw new Error(decoding.error);
	return decoding.commandSet;
}

const ECHO_REQUEST = bytes(`
	0000 0000 04000000 38000000               # group length: 56 bytes follow
	0000 0200 12000000                        # affected SOP class, 17 characters and a NUL
	  312e322e3834302e31303030382e312e3100
	0000 0001 02000000 3000                   # command field: C-ECHO-RQ
	0000 1001 02000000 0700                   # message id 7
	0000 0008 02000000 0101                   # data set type: none
`);

const MOVE_REQUEST = bytes(`
	0000 0000 04000000 50000000               # group length: 80 bytes follow
	0000 0200 06000000 312e322e3300           # affected SOP class 1.2.3, padded with NUL
	0000 0001 02000000 2100                   # command field: C-MOVE-RQ
	0000 1001 02000000 0900                   # message id 9
	0000 0006 06000000 574f524b3120           # move destination WORK1, padded with a space
	0000 0007 02000000 0200                   # priority: low
	0000 0008 02000000 0100                   # data set type: one follows
	0000 0109 04000000 10001000               # offending element (0010,0010)
`);

test('C-ECHO-RQ is written byte for byte', () => {
	expect(encodeCommandSet(cEchoRequest({ messageId: 7 }))).toEqual(ECHO_REQUEST);
	expect(decoded(ECHO_REQUEST)).toEqual(cEchoRequest({ messageId: 7 }));
});

test('UIDs are padded with NUL, AE titles with a space; keys are sorted by tag; AT is group first', () => {
	const command: CommandSet = {
		OffendingElement: [0x00100010],
		CommandDataSetType: 1,
		Priority: 2,
		MoveDestination: 'WORK1',
		MessageID: 9,
		CommandField: COMMAND_FIELD['C-MOVE-RQ'],
		AffectedSOPClassUID: '1.2.3',
	};
	expect(encodeCommandSet(command)).toEqual(MOVE_REQUEST);
	expect(decoded(MOVE_REQUEST)).toEqual(command);
});

test('a value longer than a block of memory is written whole', () => {
	const command = responseTo(cEchoRequest({ messageId: 1 }), {
		status: 0x0110,
		errorComment: 'x'.repeat(50_001),
	});
	expect(decoded(encodeCommandSet(command))).toEqual(command);
});

test('characters outside ISO 8859-1 become question marks', () => {
	const request = cStoreRequest({ messageId: 1, sopClassUid: '1.2', sopInstanceUid: '1.3' });
	const command = responseTo(request, { status: 0xc000, errorComment: 'Größe 大' });
	expect(decoded(encodeCommandSet(command)).ErrorComment).toBe('Größe ?');
});

const FIELD = '0000 0001 02000000 3000';
const TYPE = '0000 0008 02000000 0101';
const ECHO = { CommandField: 0x30, CommandDataSetType: 0x0101 };

test.each([
	['group length missing', `${FIELD} ${TYPE}`, ECHO],
	['group length wrong', `0000 0000 04000000 ff000000 ${FIELD} ${TYPE}`, ECHO],
	['group length twice', `0000 0000 04000000 14000000`.repeat(2) + FIELD + TYPE, ECHO],
	['tags not ascending', `${TYPE} ${FIELD}`, ECHO],
	['unknown element of group 0000', `0000 0100 02000000 4142 ${FIELD} ${TYPE}`, ECHO],
	['repeated element: the last one', `0000 0001 02000000 2000 ${FIELD} ${TYPE}`, ECHO],
	['empty value as absent', `${FIELD} 0000 1001 00000000 ${TYPE}`, ECHO],
	[
		'odd length',
		`0000 0200 03000000 312e32 ${FIELD} ${TYPE}`,
		{ ...ECHO, AffectedSOPClassUID: '1.2' },
	],
	[
		'UID padded with a space',
		`0000 0200 04000000 312e3220 ${FIELD} ${TYPE}`,
		{ ...ECHO, AffectedSOPClassUID: '1.2' },
	],
	[
		'AE title with leading spaces and NUL',
		`0000 0006 04000000 20204100 ${FIELD} ${TYPE}`,
		{ ...ECHO, MoveDestination: 'A' },
	],
	['unknown command field', `0000 0001 02000000 7777 ${TYPE}`, { ...ECHO, CommandField: 0x7777 }],
])('tolerated: %s', (_, fixture, expected) => {
	expect(decodeCommandSet(bytes(fixture))).toEqual({ ok: true, commandSet: expected });
});

test.each([
	['element of another group', `${FIELD} ${TYPE} 0800 0500 02000000 4142`, 20],
	['value longer than the command', `${FIELD} 0000 0008 ffffffff 0101`, 10],
	['element header cut off', `${FIELD} ${TYPE} 0000 00`, 20],
	['no Command Field', TYPE, 10],
	['no Command Data Set Type', FIELD, 10],
	['no Command Field', '', 0],
	['CommandField: length 4', `0000 0001 04000000 30000000 ${TYPE}`, 0],
	['OffendingElement: length 2', `0000 0109 02000000 1000 ${FIELD} ${TYPE}`, 0],
])('refused: %s', (error, fixture, offset) => {
	expect(decodeCommandSet(bytes(fixture))).toEqual({ ok: false, error, offset });
});

const us = fc.integer({ min: 0, max: 0xffff });
const uid = fc.stringMatching(/^[0-9][0-9.]{0,70}$/);
const text = fc.stringMatching(/^[A-Za-z0-9_]([A-Za-z0-9_ ]{0,30}[A-Za-z0-9_])?$/);
const tags = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 5 });
const anyCommandSet = fc.record<CommandSet>(
	Object.fromEntries(
		[...COMMAND_ELEMENT_BY_KEYWORD.values()]
			.filter(({ vr }) => vr !== 'UL')
			.map(({ keyword, vr }) => [
				keyword,
				vr === 'US' ? us : vr === 'UI' ? uid : vr === 'AT' ? tags : text,
			]),
	) as unknown as { [K in CommandKeyword]-?: fc.Arbitrary<NonNullable<CommandSet[K]>> },
	{ requiredKeys: ['CommandField', 'CommandDataSetType'] },
);

test('any command set survives, and its group length is right', () => {
	fc.assert(
		fc.property(anyCommandSet, (command) => {
			const encoded = encodeCommandSet(command);
			expect(decoded(encoded)).toEqual(command);
			expect(encoded.length % 2).toBe(0);
			expect(new DataView(encoded.buffer, encoded.byteOffset).getUint32(8, true)).toBe(
				encoded.length - 12,
			);
		}),
	);
});

test('mutated and arbitrary bytes never throw', () => {
	fc.assert(
		fc.property(
			anyCommandSet,
			fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
			fc.nat(),
			(command, mutations, cut) => {
				const mutated = encodeCommandSet(command);
				for (const [at, value] of mutations) mutated[at % mutated.length] = value;
				decodeCommandSet(mutated.subarray(0, cut % (mutated.length + 1)));
			},
		),
		{ numRuns: 500 },
	);
	fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (any) => void decodeCommandSet(any)));
});
