/** The attributes that a search returns unasked (PS3.18 tables 10.6.3-3, -4 and -5). */
import { tagOf } from '../dataset/dictionary.ts';
import type { Reference, QueryLevel } from './resource.ts';
import type { TagPath } from './search-parameters.ts';

const STUDY = [
	'SpecificCharacterSet',
	'StudyDate',
	'StudyTime',
	'AccessionNumber',
	'InstanceAvailability',
	'ModalitiesInStudy',
	'ReferringPhysicianName',
	'PatientName',
	'PatientID',
	'PatientBirthDate',
	'PatientSex',
	'StudyInstanceUID',
	'StudyID',
	'NumberOfStudyRelatedSeries',
	'NumberOfStudyRelatedInstances',
];
const SERIES = [
	'SpecificCharacterSet',
	'Modality',
	'SeriesDescription',
	'SeriesInstanceUID',
	'SeriesNumber',
	'NumberOfSeriesRelatedInstances',
	'PerformedProcedureStepStartDate',
	'PerformedProcedureStepStartTime',
	'RequestAttributesSequence.ScheduledProcedureStepID',
	'RequestAttributesSequence.RequestedProcedureID',
];
const INSTANCE = [
	'SpecificCharacterSet',
	'SOPClassUID',
	'SOPInstanceUID',
	'InstanceAvailability',
	'InstanceNumber',
	'Rows',
	'Columns',
	'BitsAllocated',
	'NumberOfFrames',
];

/**
 * What is returned at a level. A search that does not say in which study, or series, it looks also returns
 * the attributes of that, without which its results could not be told apart.
 */
export function returnedAttributes(level: QueryLevel, within: Reference): TagPath[] {
	const keywords = new Set(['StudyInstanceUID']);
	const add = (more: readonly string[]): void => more.forEach((keyword) => keywords.add(keyword));
	if (level !== 'STUDY') keywords.add('SeriesInstanceUID');
	if (level === 'STUDY' || within.studyUid === undefined) add(STUDY);
	if (level === 'SERIES' || (level === 'IMAGE' && within.seriesUid === undefined)) add(SERIES);
	if (level === 'IMAGE') add(INSTANCE);
	return [...keywords].map((keyword) => keyword.split('.').map(tagOf));
}
