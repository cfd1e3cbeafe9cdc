import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerIdentifier, matches, matchesValue, type QueryRecord } from './match-identifier.ts';

test.each([
	// vr, key, value, whether they match
	['LO', '', 'anything', true],
	['LO', '', '', true],
	['SH', 'A1', 'A1', true],
	['SH', 'A1', 'a1', false],
	['SH', 'A1', 'A12', false],
	['CS', 'CT', 'MR\\CT', true],
	['CS', 'CT', 'CTX\\MR', false],
	['PN', 'larch^zoe', 'LARCH^Zoe', true],
	['PN', 'LAR*', 'larch^zoe', true],
	['PN', 'LAR', 'larch^zoe', false],
	['LO', 'a*', 'A1', false],
	['LO', '*', '', true],
	['LO', '?', '', false],
	['LO', '??1', 'A21', true],
	['LO', '?1', 'A21', false],
	['LO', 'A*B*C', 'AxxBxBxC', true],
	['LO', 'A*B*C', 'AxxBxBx', false],
	['LO', '*A', 'AAA', true],
	['LO', 'A.C', 'ABC', false],
	['LO', '[A-Z]', 'B', false],
	// A wildcard character is an ordinary one where wildcards are not allowed.
	['UI', '1.2.*', '1.2.3', false],
	['DA', '2026*', '20260309', false],
	['UI', '1.2.3', '1.2.3', true],
	['UI', '1.2\\1.2.3', '1.2.3', true],
	['UI', '1.2', '1.2.3', false],
	['DA', '20260309', '20260309', true],
	['DA', '20260309-', '20260309', true],
	['DA', '20260310-', '20260309', false],
	['DA', '-20260309', '20260309', true],
	['DA', '-20260308', '20260309', false],
	['DA', '20260301-20260331', '20260309', true],
	['DA', '20260301-20260331', '20260401', false],
	['DA', '20260301-20260331', '', false],
	['TM', '07-08', '083000', true],
	['TM', '0700-0759', '075930', true],
	['TM', '0700-0759', '080000', false],
	// A hyphen is part of the text elsewhere.
	['SH', '1-3', '2', false],
] as const)('%s key %j, value %j: %s', (vr, key, value, matched) => {
	expect(matchesValue(vr, key, value)).toBe(matched);
});

/** The meaning of a pattern, spelled out: exponential, for short ones. */
function wildcardMeaning(pattern: string, text: string): boolean {
	if (pattern === '') return text === '';
	const rest = pattern.slice(1);
	if (pattern[0] === '*') {
		return wildcardMeaning(rest, text) || (text !== '' && wildcardMeaning(pattern, text.slice(1)));
	}
	if (text === '') return false;
	return (pattern[0] === '?' || pattern[0] === text[0]) && wildcardMeaning(rest, text.slice(1));
}

test('a wildcard means what PS3.4 C.2.2.2.4 says', () => {
	const short = (letters: string) =>
		fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 }).filter((text) => text !== '');
	fc.assert(
		fc.property(short('ab*?'), short('ab'), (pattern, text) => {
			fc.pre(/[*?]/.test(pattern));
			expect(matchesValue('LO', pattern, text)).toBe(wildcardMeaning(pattern, text));
		}),
		{ numRuns: 2_000 },
	);
});

test('a malicious pattern costs steps, not minutes', () => {
	const text = 'a'.repeat(5_000);
	expect(matchesValue('LO', `${'a*'.repeat(200)}b`, text)).toBe(false);
	expect(matchesValue('LO', '*'.repeat(5_000), text)).toBe(true);
	expect(matchesValue('LO', `${'*a'.repeat(50)}*`, text)).toBe(true);
});

const RECORD: QueryRecord = {
	SpecificCharacterSet: 'ISO_IR 100',
	PatientID: 'P1',
	PatientName: 'Larch^Zoë',
	StudyDate: '20260309',
	ScheduledProcedureStepSequence: [
		{ Modality: 'CT', ScheduledStationAETitle: 'CT1' },
		{ Modality: 'MR', ScheduledStationAETitle: 'MR1' },
	],
};

const asked = (step: Record<string, string>): DataSet =>
	DataSet.from({ PatientID: '', ScheduledProcedureStepSequence: [DataSet.from(step)] });

test('all keys must match, and in a sequence all keys the same item', () => {
	expect(matches(DataSet.from({ PatientID: 'P1', StudyDate: '2026-' }), RECORD)).toBe(true);
	expect(matches(DataSet.from({ PatientID: 'P1', StudyDate: '2027-' }), RECORD)).toBe(false);
	expect(matches(asked({ Modality: 'CT', ScheduledStationAETitle: 'CT1' }), RECORD)).toBe(true);
	expect(matches(asked({ Modality: 'CT', ScheduledStationAETitle: 'MR1' }), RECORD)).toBe(false);
	expect(matches(asked({ Modality: '' }), RECORD)).toBe(true);
	const none = { ...RECORD, ScheduledProcedureStepSequence: [] };
	expect(matches(asked({ Modality: 'CT' }), none)).toBe(false);
	const empty = DataSet.from({ ScheduledProcedureStepSequence: '' });
	expect(matches(empty, none)).toBe(true);
});

test('what the record does not know, and what is no key, is not matched', () => {
	const identifier = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 192',
		QueryRetrieveLevel: 'STUDY',
		PatientSex: 'F',
		PatientID: 'P1',
	});
	expect(matches(identifier, RECORD)).toBe(true);
});

test('the answer has what was asked for, empty where the record has nothing', () => {
	const identifier = DataSet.from({
		QueryRetrieveLevel: 'STUDY',
		PatientName: 'L*',
		PatientSex: '',
		ScheduledProcedureStepSequence: [DataSet.from({ Modality: '' })],
	});
	const answer = answerIdentifier(identifier, RECORD);
	expect(answer.text('QueryRetrieveLevel')).toBe('STUDY');
	expect(answer.text('SpecificCharacterSet')).toBe('ISO_IR 100');
	expect(answer.text('PatientName')).toBe('Larch^Zoë');
	expect(answer.text('PatientSex')).toBe('');
	expect(answer.has('PatientID')).toBe(false);
	const steps = answer.items('ScheduledProcedureStepSequence');
	expect(steps.map((step) => step.text('Modality'))).toEqual(['CT', 'MR']);
	expect(steps[0]?.has('ScheduledStationAETitle')).toBe(false);
	const whole = answerIdentifier(DataSet.from({ ScheduledProcedureStepSequence: '' }), RECORD);
	expect(whole.items('ScheduledProcedureStepSequence')[1]?.text('Modality')).toBe('MR');
});
