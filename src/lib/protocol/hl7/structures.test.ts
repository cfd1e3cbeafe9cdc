import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupSegments, type SegmentGroup } from './group-segments.ts';
import { parseStructure } from './structure-notation.ts';
import { knownEvents, structureOf } from './structures.ts';

function structure(event: string) {
	const [code = '', trigger = ''] = event.split('^');
	const known = structureOf(code, trigger);
	if ('unknown' in known) throw new Error(`unknown ${known.unknown}`);
	return known.structure;
}

/** A group as text: `ORDER(3 4)`. */
function shown({ name, parts }: SegmentGroup): string {
	return `${name}(${parts.map((part) => (typeof part === 'number' ? part : shown(part))).join(' ')})`;
}

function grouped(event: string, ids: string) {
	const result = groupSegments(structure(event), ids.split(' '));
	return {
		tree: shown(result.group),
		missing: result.missing.map(({ segment, group }) => `${group} ${segment}`),
		misplaced: result.misplaced,
		extra: result.extra,
	};
}

const CLEAN = { missing: [], misplaced: [], extra: [] };

test.each([
	['ADT^A01', 'MSH EVN PID PD1 PV1 AL1 AL1 DG1', 'ADT_A01(0 1 2 3 4 5 6 7)'],
	['ADT^A04', 'MSH SFT EVN PID NK1 PV1 ROL', 'ADT_A01(0 1 2 3 4 5 6)'],
	['ADT^A40', 'MSH EVN PID MRG PID PD1 MRG PV1', 'ADT_A39(0 1 PATIENT(2 3) PATIENT(4 5 6 7))'],
	['ADT^A47', 'MSH EVN PID MRG', 'ADT_A30(0 1 2 3)'],
	['ADT^A18', 'MSH EVN PID MRG PV1', 'ADT_A18(0 1 2 3 4)'],
	[
		'OMI^O23',
		'MSH PID PV1 AL1 ORC TQ1 OBR IPC IPC ORC OBR NTE IPC',
		'OMI_O23(0 PATIENT(1 PATIENT_VISIT(2) 3) ORDER(4 TIMING(5) 6 7 8) ORDER(9 10 11 12))',
	],
	[
		'ORM^O01',
		'MSH PID PV1 ORC OBR ORC OBR NTE',
		'ORM_O01(0 PATIENT(1 PATIENT_VISIT(2)) ORDER(3 ORDER_DETAIL(4)) ORDER(5 ORDER_DETAIL(6 7)))',
	],
	[
		'ORU^R01',
		'MSH PID OBR OBX NTE OBX OBR OBX PID OBR OBX',
		'ORU_R01(0 PATIENT_RESULT(PATIENT(1) ORDER_OBSERVATION(2 OBSERVATION(3 4) OBSERVATION(5)) ' +
			'ORDER_OBSERVATION(6 OBSERVATION(7))) PATIENT_RESULT(PATIENT(8) ' +
			'ORDER_OBSERVATION(9 OBSERVATION(10))))',
	],
	[
		'OMG^O19',
		'MSH PID ORC OBR PID ORC OBR OBX ORC OBR',
		'OMG_O19(0 PATIENT(1) ORDER(2 3 PRIOR_RESULT(4 ORDER_PRIOR(5 6 OBSERVATION_PRIOR(7)) ' +
			'ORDER_PRIOR(8 9))))',
	],
	[
		'MDM^T02',
		'MSH EVN PID PV1 ORC OBR TXA OBX OBX',
		'MDM_T02(0 1 2 3 COMMON_ORDER(4 5) 6 OBSERVATION(7) OBSERVATION(8))',
	],
	['MDM^T01', 'MSH EVN PID PV1 TXA', 'MDM_T01(0 1 2 3 4)'],
	['ACK^A01', 'MSH MSA ERR ERR', 'ACK(0 1 2 3)'],
	['ORR^O02', 'MSH MSA PID ORC', 'ORR_O02(0 1 RESPONSE(PATIENT(2) ORDER(3)))'],
	['ORI^O24', 'MSH MSA ORC OBR IPC', 'ORI_O24(0 1 RESPONSE(ORDER(2 3 4)))'],
	['ORG^O20', 'MSH MSA ERR ORC ORC', 'ORG_O20(0 1 2 RESPONSE(ORDER(3) ORDER(4)))'],
])('%s: %s', (event, ids, tree) => {
	expect(grouped(event, ids)).toEqual({ tree, ...CLEAN });
});

test('what is required and not there is missing, with the group that lacks it', () => {
	expect(grouped('ADT^A40', 'MSH EVN PID PID MRG').missing).toEqual(['PATIENT MRG']);
	expect(grouped('ADT^A01', 'MSH PID').missing).toEqual(['ADT_A01 EVN', 'ADT_A01 PV1']);
	expect(grouped('OMI^O23', 'MSH PID').missing).toEqual(['OMI_O23 ORC']);
});

test('a group whose first segment is missing is entered nevertheless', () => {
	expect(grouped('OMI^O23', 'MSH PID OBR IPC')).toEqual({
		...CLEAN,
		tree: 'OMI_O23(0 PATIENT(1) ORDER(2 3))',
		missing: ['ORDER ORC'],
	});
});

test('a segment in the wrong place is misplaced, and not missing as well', () => {
	expect(grouped('ADT^A01', 'MSH EVN PV1 PID')).toEqual({
		...CLEAN,
		tree: 'ADT_A01(0 1 2)',
		misplaced: [3],
	});
	expect(grouped('ADT^A02', 'MSH EVN PID PID PV1').misplaced).toEqual([3]);
});

test('what the structure does not have stays where it stands', () => {
	expect(grouped('ORM^O01', 'MSH PID ORC OBR ZDS')).toEqual({
		...CLEAN,
		tree: 'ORM_O01(0 PATIENT(1) ORDER(2 ORDER_DETAIL(3 4)))',
		extra: [4],
	});
});

test('unknown codes and events are told apart', () => {
	expect(structureOf('ZZZ', 'Z01')).toEqual({ unknown: 'code' });
	expect(structureOf('ADT', 'Z01')).toEqual({ unknown: 'event' });
});

test('every event has a structure that begins with MSH', () => {
	expect(knownEvents().length).toBeGreaterThan(40);
	for (const event of knownEvents()) {
		expect(structure(event).elements[0]?.segments, event).toEqual(['MSH']);
	}
});

test('every segment ends up in exactly one place, whatever comes', () => {
	const ids = fc.constantFrom(
		...['MSH', 'EVN', 'PID', 'PD1', 'PV1', 'MRG', 'ORC', 'OBR', 'OBX', 'NTE', 'IPC', 'TXA', 'ZZZ'],
	);
	fc.assert(
		fc.property(
			fc.constantFrom(...knownEvents()),
			fc.array(ids, { maxLength: 25 }),
			(event, all) => {
				const { group, misplaced } = groupSegments(structure(event), all);
				const placed = (parts: SegmentGroup['parts']): number[] =>
					parts.flatMap((part) => (typeof part === 'number' ? [part] : placed(part.parts)));
				const inGroups = placed(group.parts);
				expect(inGroups).toEqual(inGroups.toSorted((a, b) => a - b));
				expect([...inGroups, ...misplaced].toSorted((a, b) => a - b)).toEqual([...all.keys()]);
			},
		),
		{ numRuns: 1000 },
	);
});

test('the notation has its own mistakes', () => {
	expect(() => parseStructure('X', 'MSH [PID PV1]')).toThrow(/no name/);
	expect(() => parseStructure('X', 'MSH [PID')).toThrow(/the end/);
	expect(() => parseStructure('X', 'MSH ]')).toThrow(/"]"/);
});
