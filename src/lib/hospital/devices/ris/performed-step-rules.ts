import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';

/** What a Modality Performed Procedure Step must and may hold, PS3.4 table F.7.2-1, as data. */

/** 1: with a value; 2: present, may be empty; 3: optional. */
type Requirement = 1 | 2 | 3;

interface AttributeRule {
	keyword: string;
	create: Requirement;
	/** In an N-SET, where an attribute may be absent: 1 means not empty when it is there. */
	set: Requirement | 'not-allowed';
	/** Needs a value by the time the step is completed or discontinued. */
	final?: true;
	/** What may stand in its place. */
	unless?: readonly string[];
	items?: readonly AttributeRule[];
}

const rule = (
	keyword: string,
	create: Requirement,
	set: AttributeRule['set'],
	more: Pick<AttributeRule, 'final' | 'items'> = {},
): AttributeRule => ({ keyword, create, set, ...more });

/** The items of a sequence have one requirement whether they come by N-CREATE or by N-SET. */
const item = (keyword: string, required: Requirement, items?: AttributeRule[]): AttributeRule =>
	rule(keyword, required, required, items ? { items } : {});

/** The code value macros, tables F.7.2-1a to 1f: with a meaning that is mandatory or optional. */
const code = (meaning: 1 | 3): AttributeRule[] => [
	{ ...item('CodeValue', 1), unless: ['LongCodeValue', 'URNCodeValue'] },
	{ ...item('CodingSchemeDesignator', 1), unless: ['URNCodeValue'] },
	item('CodeMeaning', meaning),
];

const REFERENCE: AttributeRule[] = [
	item('ReferencedSOPClassUID', 1),
	item('ReferencedSOPInstanceUID', 1),
];

const SCHEDULED_STEP: AttributeRule[] = [
	item('StudyInstanceUID', 1),
	item('ReferencedStudySequence', 2, REFERENCE),
	item('AccessionNumber', 2),
	item('RequestedProcedureID', 2),
	item('RequestedProcedureCodeSequence', 3, code(1)),
	item('RequestedProcedureDescription', 2),
	item('ScheduledProcedureStepID', 2),
	item('ScheduledProcedureStepDescription', 2),
	item('ScheduledProtocolCodeSequence', 2, code(1)),
];

const PERFORMED_SERIES: AttributeRule[] = [
	item('PerformingPhysicianName', 2),
	item('ProtocolName', 1),
	item('OperatorsName', 2),
	item('SeriesInstanceUID', 1),
	item('SeriesDescription', 2),
	item('RetrieveAETitle', 2),
	item('ReferencedImageSequence', 2, REFERENCE),
	item('ReferencedNonImageCompositeSOPInstanceSequence', 2, REFERENCE),
];

const RULES: readonly AttributeRule[] = [
	rule('ScheduledStepAttributesSequence', 1, 'not-allowed', { items: SCHEDULED_STEP }),
	rule('PatientName', 2, 'not-allowed'),
	rule('PatientID', 2, 'not-allowed'),
	rule('IssuerOfPatientID', 3, 'not-allowed'),
	rule('IssuerOfPatientIDQualifiersSequence', 3, 'not-allowed'),
	rule('OtherPatientIDsSequence', 3, 'not-allowed'),
	rule('PatientBirthDate', 2, 'not-allowed'),
	rule('PatientSex', 2, 'not-allowed'),
	rule('ReferencedPatientSequence', 2, 'not-allowed', { items: REFERENCE }),
	rule('AdmissionID', 3, 'not-allowed'),
	rule('IssuerOfAdmissionIDSequence', 3, 'not-allowed'),
	rule('ServiceEpisodeID', 3, 'not-allowed'),
	rule('IssuerOfServiceEpisodeIDSequence', 3, 'not-allowed'),
	rule('ServiceEpisodeDescription', 3, 'not-allowed'),
	rule('PerformedProcedureStepID', 1, 'not-allowed'),
	rule('PerformedStationAETitle', 1, 'not-allowed'),
	rule('PerformedStationName', 2, 'not-allowed'),
	rule('PerformedLocation', 2, 'not-allowed'),
	rule('PerformedProcedureStepStartDate', 1, 'not-allowed'),
	rule('PerformedProcedureStepStartTime', 1, 'not-allowed'),
	rule('PerformedProcedureStepStatus', 1, 1),
	rule('PerformedProcedureStepDescription', 2, 2),
	rule('PerformedProcedureTypeDescription', 2, 2),
	rule('ProcedureCodeSequence', 2, 2, { items: code(3) }),
	rule('ReasonForPerformedProcedureCodeSequence', 3, 3, { items: code(1) }),
	rule('PerformedProcedureStepEndDate', 2, 1, { final: true }),
	rule('PerformedProcedureStepEndTime', 2, 1, { final: true }),
	rule('PerformedProcedureStepDiscontinuationReasonCodeSequence', 3, 3, { items: code(1) }),
	rule('CommentsOnThePerformedProcedureStep', 3, 3),
	rule('Modality', 1, 'not-allowed'),
	rule('StudyID', 2, 'not-allowed'),
	rule('PerformedProtocolCodeSequence', 2, 2, { items: code(3) }),
	// It may not be empty in the end: a step without images has a series without references.
	rule('PerformedSeriesSequence', 2, 1, { final: true, items: PERFORMED_SERIES }),
];

/** Tags that do not meet their rule, by what is wrong with them. */
export interface RuleBreaches {
	notAllowed: number[];
	missing: number[];
	withoutValue: number[];
}

/** Looks at the attribute list of an N-CREATE or the modification list of an N-SET, items included. */
export function breachesOf(list: DataSet, service: 'create' | 'set'): RuleBreaches {
	const breaches: RuleBreaches = { notAllowed: [], missing: [], withoutValue: [] };
	check(list, RULES, service, service === 'set', breaches);
	return breaches;
}

function check(
	dataSet: DataSet,
	rules: readonly AttributeRule[],
	service: 'create' | 'set',
	mayBeAbsent: boolean,
	breaches: RuleBreaches,
): void {
	for (const { keyword, items, unless = [], [service]: requirement } of rules) {
		const present = dataSet.has(keyword);
		if (requirement === 'not-allowed') {
			if (present) breaches.notAllowed.push(tagOf(keyword));
			continue;
		}
		if (!present) {
			const replaced = unless.some((other) => dataSet.has(other));
			if (requirement < 3 && !mayBeAbsent && !replaced) breaches.missing.push(tagOf(keyword));
			continue;
		}
		if (requirement === 1 && isEmpty(dataSet, keyword)) breaches.withoutValue.push(tagOf(keyword));
		if (!items) continue;
		for (const one of dataSet.items(keyword)) check(one, items, service, false, breaches);
	}
}

/** The tags that a step needs before it may end, of those for which `isSet` is false. */
export function missingForFinalState(isSet: (keyword: string) => boolean): number[] {
	return RULES.filter(({ keyword, final }) => final && !isSet(keyword)).map(({ keyword }) =>
		tagOf(keyword),
	);
}

/** Whether an attribute is absent or has no value, a sequence without items counting as none. */
export function isEmpty(dataSet: DataSet, keyword: string): boolean {
	return dataSet.items(keyword).length === 0 && (dataSet.text(keyword) ?? '') === '';
}
