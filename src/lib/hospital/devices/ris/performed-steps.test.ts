import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	PERFORMED_STATUSES,
	PerformedSteps,
	stepItems,
	stepText,
	type StepAnswer,
} from './performed-steps.ts';

type Values = Record<string, DataSetValue>;

const SENDER = { callingAeTitle: 'CT1', nowUs: 1 };

const scheduled = (changes: Values = {}): DataSet =>
	DataSet.from({
		StudyInstanceUID: '1.2.3',
		ReferencedStudySequence: '',
		AccessionNumber: 'A1',
		RequestedProcedureID: 'RP1',
		RequestedProcedureDescription: 'CT Head',
		ScheduledProcedureStepID: 'SPS1',
		ScheduledProcedureStepDescription: 'CT Head',
		ScheduledProtocolCodeSequence: '',
		...changes,
	});

const begin = (changes: Values = {}, without: string[] = []): DataSet => {
	const list = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		ScheduledStepAttributesSequence: [scheduled()],
		PatientName: 'Larch^Zoë',
		PatientID: 'SYN1',
		PatientBirthDate: '',
		PatientSex: 'F',
		ReferencedPatientSequence: '',
		PerformedProcedureStepID: 'PPS1',
		PerformedStationAETitle: 'CT1',
		PerformedStationName: 'CT1',
		PerformedLocation: '',
		PerformedProcedureStepStartDate: '20260309',
		PerformedProcedureStepStartTime: '0740',
		PerformedProcedureStepStatus: 'IN PROGRESS',
		PerformedProcedureStepDescription: '',
		PerformedProcedureTypeDescription: '',
		ProcedureCodeSequence: '',
		PerformedProcedureStepEndDate: '',
		PerformedProcedureStepEndTime: '',
		Modality: 'CT',
		StudyID: 'RP1',
		PerformedProtocolCodeSequence: '',
		PerformedSeriesSequence: '',
		...changes,
	});
	for (const keyword of without) list.delete(keyword);
	return list;
};

const series = (changes: Values = {}): DataSet =>
	DataSet.from({
		PerformingPhysicianName: '',
		ProtocolName: 'Head',
		OperatorsName: '',
		SeriesInstanceUID: '1.2.3.4',
		SeriesDescription: '',
		RetrieveAETitle: '',
		ReferencedImageSequence: '',
		ReferencedNonImageCompositeSOPInstanceSequence: '',
		...changes,
	});

const end = (status: string, changes: Values = {}, without: string[] = []): DataSet => {
	const list = DataSet.from({
		PerformedProcedureStepStatus: status,
		PerformedProcedureStepEndDate: '20260309',
		PerformedProcedureStepEndTime: '0746',
		PerformedSeriesSequence: [series()],
		...changes,
	});
	for (const keyword of without) list.delete(keyword);
	return list;
};

const started = (): PerformedSteps => {
	const steps = new PerformedSteps();
	expect(steps.create('1', begin(), SENDER).status).toBe(0x0000);
	return steps;
};

const tags = (...keywords: string[]): number[] => keywords.map(tagOf);

describe('state table F.1-4: from every state, with every status', () => {
	const FINAL = ['COMPLETED', 'DISCONTINUED'] as const;
	test.each([
		[undefined, 'IN PROGRESS', 0x0112],
		[undefined, 'COMPLETED', 0x0112],
		[undefined, 'DISCONTINUED', 0x0112],
		['IN PROGRESS', 'IN PROGRESS', 0x0000],
		['IN PROGRESS', 'COMPLETED', 0x0000],
		['IN PROGRESS', 'DISCONTINUED', 0x0000],
		...FINAL.flatMap((from) => PERFORMED_STATUSES.map((to) => [from, to, 0x0110] as const)),
	] as const)('N-SET in %s to %s: %i', (from, to, status) => {
		const steps = new PerformedSteps();
		if (from !== undefined) steps.create('1', begin(), SENDER);
		if (from !== undefined && from !== 'IN PROGRESS') steps.set('1', end(from), 2);
		const before = steps.get('1')?.status;
		expect(before).toBe(from);
		const answer = steps.set('1', end(to), 3);
		expect(answer.status).toBe(status);
		expect(steps.get('1')?.status).toBe(status === 0 ? to : from);
		expect(steps.get('1')?.changedUs).toBe(status === 0 ? 3 : from === undefined ? undefined : 2);
	});

	test.each(['COMPLETED', 'DISCONTINUED', 'DONE', 'in progress'])(
		'N-CREATE as %s is an invalid value, sent back',
		(status) => {
			const steps = new PerformedSteps();
			const answer = steps.create('1', begin({ PerformedProcedureStepStatus: status }), SENDER);
			expect(answer).toMatchObject({
				status: 0x0106,
				attributes: tags('PerformedProcedureStepStatus'),
			});
			expect(answer.dataSet?.text('PerformedProcedureStepStatus')).toBe(status);
			expect(steps.get('1')).toBeUndefined();
		},
	);

	test('whatever comes, a final state stays', () => {
		const status = fc.constantFrom(...PERFORMED_STATUSES, 'DONE', '');
		fc.assert(
			fc.property(fc.array(status, { maxLength: 8 }), (statuses) => {
				const steps = started();
				let expected: string = 'IN PROGRESS';
				for (const next of statuses) {
					const answer = steps.set('1', end(next), 2);
					if (expected !== 'IN PROGRESS') {
						expect(answer).toMatchObject({ status: 0x0110, errorId: 0xa710 });
					} else if (answer.status === 0) expected = next;
					expect(steps.get('1')?.status).toBe(expected);
				}
			}),
		);
	});
});

test('a step that has ended names the error of F.7.2.2.4', () => {
	const steps = started();
	steps.set('1', end('COMPLETED'), 2);
	expect(steps.set('1', end('COMPLETED'), 3)).toEqual({
		status: 0x0110,
		errorComment: 'Performed Procedure Step Object may no longer be updated',
		errorId: 0xa710,
	} satisfies StepAnswer);
});

test('the same UID twice is a duplicate, and changes nothing', () => {
	const steps = started();
	expect(steps.create('1', begin({ PatientID: 'OTHER' }), SENDER).status).toBe(0x0111);
	const step = steps.get('1');
	expect(step && stepText(step, 'PatientID')).toBe('SYN1');
	expect(steps.all()).toHaveLength(1);
});

const TYPE_1 = [
	'ScheduledStepAttributesSequence',
	'PerformedProcedureStepID',
	'PerformedStationAETitle',
	'PerformedProcedureStepStartDate',
	'PerformedProcedureStepStartTime',
	'PerformedProcedureStepStatus',
	'Modality',
];
const TYPE_2 = [
	'PatientName',
	'PatientID',
	'PatientBirthDate',
	'PatientSex',
	'ReferencedPatientSequence',
	'PerformedStationName',
	'PerformedLocation',
	'PerformedProcedureStepDescription',
	'PerformedProcedureTypeDescription',
	'ProcedureCodeSequence',
	'PerformedProcedureStepEndDate',
	'PerformedProcedureStepEndTime',
	'StudyID',
	'PerformedProtocolCodeSequence',
	'PerformedSeriesSequence',
];

describe('N-CREATE: what table F.7.2-1 asks for', () => {
	test.each([...TYPE_1, ...TYPE_2])('%s missing: 0120 with its tag', (keyword) => {
		const answer = new PerformedSteps().create('1', begin({}, [keyword]), SENDER);
		expect(answer).toMatchObject({ status: 0x0120, attributes: tags(keyword) });
		expect(answer.errorComment).toContain('Missing (');
	});

	test.each(TYPE_1)('%s empty: 0121', (keyword) => {
		const answer = new PerformedSteps().create('1', begin({ [keyword]: '' }), SENDER);
		expect(answer).toMatchObject({ status: 0x0121, attributes: tags(keyword) });
	});

	test.each(TYPE_2)('%s empty: taken', (keyword) => {
		expect(new PerformedSteps().create('1', begin({ [keyword]: '' }), SENDER).status).toBe(0);
	});

	test('the items of the scheduled step count too', () => {
		const item = scheduled({ StudyInstanceUID: '' });
		item.delete('AccessionNumber');
		const create = (one: DataSet): StepAnswer =>
			new PerformedSteps().create('1', begin({ ScheduledStepAttributesSequence: [one] }), SENDER);
		expect(create(item)).toMatchObject({ status: 0x0120, attributes: tags('AccessionNumber') });
		item.set('AccessionNumber', '');
		expect(create(item)).toMatchObject({ status: 0x0121, attributes: tags('StudyInstanceUID') });
		item.set('StudyInstanceUID', '1.2');
		expect(create(item).status).toBe(0x0000);
	});

	test('a code needs a value, short, long or a URN, and where the table says so a meaning', () => {
		const value = { CodeValue: 'CT1', CodingSchemeDesignator: 'LARKFIELD' };
		const long = { LongCodeValue: 'X'.repeat(17), CodingSchemeDesignator: 'LARKFIELD' };
		const urn = { URNCodeValue: 'urn:oid:1.2.3' };
		const answer = (keyword: string, item: Record<string, string>): StepAnswer => {
			const codes = [DataSet.from(item)];
			const list =
				keyword === 'ScheduledProtocolCodeSequence'
					? { ScheduledStepAttributesSequence: [scheduled({ [keyword]: codes })] }
					: { [keyword]: codes };
			return new PerformedSteps().create('1', begin(list), SENDER);
		};
		for (const one of [value, long, urn]) {
			expect(answer('ProcedureCodeSequence', one).status).toBe(0x0000);
			const scheduledCode = (item: Record<string, string>): StepAnswer =>
				answer('ScheduledProtocolCodeSequence', item);
			expect(scheduledCode({ ...one, CodeMeaning: 'CT of the head' }).status).toBe(0x0000);
			expect(scheduledCode(one)).toMatchObject({
				status: 0x0120,
				attributes: tags('CodeMeaning'),
			});
		}
		expect(answer('ProcedureCodeSequence', { CodeMeaning: 'CT' })).toMatchObject({
			status: 0x0120,
			attributes: [tagOf('CodeValue'), tagOf('CodingSchemeDesignator')],
		});
	});

	test('a comment is never longer than an LO', () => {
		const { errorComment, attributes } = new PerformedSteps().create('1', new DataSet(), SENDER);
		expect(attributes).toHaveLength(TYPE_1.length + TYPE_2.length);
		expect(errorComment?.length).toBeLessThanOrEqual(64);
	});
});

describe('N-SET', () => {
	test.each([
		'PatientID',
		'PatientName',
		'ScheduledStepAttributesSequence',
		'PerformedProcedureStepID',
		'PerformedStationAETitle',
		'PerformedProcedureStepStartTime',
		'Modality',
		'StudyID',
	])('%s belongs to the N-CREATE alone: 0105, and nothing is changed', (keyword) => {
		const steps = started();
		const value = keyword.endsWith('Sequence') ? [scheduled()] : '1';
		const answer = steps.set('1', end('COMPLETED', { [keyword]: value }), 2);
		expect(answer).toMatchObject({ status: 0x0105, attributes: tags(keyword) });
		expect(steps.get('1')).toMatchObject({ status: 'IN PROGRESS', changedUs: 1 });
		expect(steps.get('1')?.lists).toHaveLength(1);
	});

	test.each(['COMPLETED', 'DISCONTINUED'])('%s needs its final attributes: 0121', (status) => {
		for (const keyword of [
			'PerformedProcedureStepEndDate',
			'PerformedProcedureStepEndTime',
			'PerformedSeriesSequence',
		]) {
			const steps = started();
			const answer = steps.set('1', end(status, {}, [keyword]), 2);
			expect(answer).toMatchObject({ status: 0x0121, attributes: tags(keyword) });
			expect(steps.get('1')?.status).toBe('IN PROGRESS');
			// They may have come before.
			const early = keyword === 'PerformedSeriesSequence' ? [series()] : '20260309';
			expect(steps.set('1', DataSet.from({ [keyword]: early }), 3).status).toBe(0x0000);
			expect(steps.set('1', end(status, {}, [keyword]), 4).status).toBe(0x0000);
		}
	});

	test('a series without its protocol, or without an attribute of type 2', () => {
		const bare = series();
		bare.delete('RetrieveAETitle');
		for (const [one, keyword] of [
			[series({ ProtocolName: '' }), 'ProtocolName'],
			[bare, 'RetrieveAETitle'],
			[series({ ReferencedImageSequence: [new DataSet()] }), 'ReferencedSOPClassUID'],
		] as const) {
			const answer = started().set('1', end('COMPLETED', { PerformedSeriesSequence: [one] }), 2);
			expect(answer.status).toBe(0x0121);
			expect(answer.attributes).toContain(tagOf(keyword));
		}
	});

	test('a status that is none: 0106', () => {
		expect(started().set('1', end('ABANDONED'), 2)).toMatchObject({
			status: 0x0106,
			attributes: tags('PerformedProcedureStepStatus'),
		});
	});

	test('each list keeps its own character set', () => {
		const steps = started();
		const utf8 = end('COMPLETED', {
			SpecificCharacterSet: 'ISO_IR 192',
			PerformedProcedureStepDescription: '頭部 CT',
		});
		steps.set('1', utf8, 2);
		const step = steps.get('1')!;
		expect(stepText(step, 'PerformedProcedureStepDescription')).toBe('頭部 CT');
		expect(stepText(step, 'PatientName')).toBe('Larch^Zoë');
		expect(stepItems(step, 'PerformedSeriesSequence')).toHaveLength(1);
		expect(stepText(step, 'StudyDescription')).toBe('');
	});
});
