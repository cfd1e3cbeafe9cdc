import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import type { QueryRecord } from '../../dicom/match-identifier.ts';
import { UNIQUE_KEY, type Level } from './information-model.ts';
import {
	instancesOf,
	type StoredInstance,
	type StoredSeries,
	type StoredStudy,
	type StudyStore,
} from './study-store.ts';

/** Something that a query finds: the row of a study with, at lower levels, its series and instance. */
export interface Entity {
	study: StoredStudy;
	series?: StoredSeries;
	instance?: StoredInstance;
}

interface Source extends Entity {
	store: StudyStore;
	retrieveAeTitle: string;
}

type Value = string | QueryRecord[];

/** How an attribute is found, and the level it belongs to. */
interface Attribute {
	level: Level;
	value(source: Source): Value;
}

const unique = (values: Iterable<string>): string =>
	[...new Set(values)].filter((value) => value !== '').join('\\');

/** All studies of the patient that a study belongs to, by Patient ID. */
function studiesOfPatient({ store, study }: Source): StoredStudy[] {
	if (study.patientId === '') return [study];
	return [...store.studies.values()].filter((other) => other.patientId === study.patientId);
}

function representative(source: Entity): DataSet | undefined {
	const { instance, series, study } = source;
	const first = instance ?? (series ? series.instances.values().next().value : undefined);
	return (first ?? instancesOf(study)[0])?.dataSet;
}

/** Attributes that the database has of its own, or counts. */
const DATABASE: Record<string, Attribute> = {
	PatientID: { level: 'PATIENT', value: (s) => s.study.patientId },
	PatientName: { level: 'PATIENT', value: (s) => s.study.patientName },
	PatientBirthDate: { level: 'PATIENT', value: (s) => s.study.patientBirthDate },
	PatientSex: { level: 'PATIENT', value: (s) => s.study.patientSex },
	NumberOfPatientRelatedStudies: {
		level: 'PATIENT',
		value: (s) => String(studiesOfPatient(s).length),
	},
	NumberOfPatientRelatedSeries: {
		level: 'PATIENT',
		value: (s) => String(studiesOfPatient(s).reduce((sum, study) => sum + study.series.size, 0)),
	},
	NumberOfPatientRelatedInstances: {
		level: 'PATIENT',
		value: (s) =>
			String(studiesOfPatient(s).reduce((sum, study) => sum + instancesOf(study).length, 0)),
	},
	StudyInstanceUID: { level: 'STUDY', value: (s) => s.study.studyInstanceUid },
	StudyDate: { level: 'STUDY', value: (s) => s.study.studyDate },
	StudyTime: { level: 'STUDY', value: (s) => s.study.studyTime },
	AccessionNumber: { level: 'STUDY', value: (s) => s.study.accessionNumber },
	StudyID: { level: 'STUDY', value: (s) => s.study.studyId },
	StudyDescription: { level: 'STUDY', value: (s) => s.study.description },
	ReferringPhysicianName: { level: 'STUDY', value: (s) => s.study.referringPhysician },
	ModalitiesInStudy: {
		level: 'STUDY',
		value: (s) => unique([...s.study.series.values()].map((series) => series.modality)),
	},
	SOPClassesInStudy: {
		level: 'STUDY',
		value: (s) => unique(instancesOf(s.study).map((instance) => instance.sopClassUid)),
	},
	NumberOfStudyRelatedSeries: { level: 'STUDY', value: (s) => String(s.study.series.size) },
	NumberOfStudyRelatedInstances: {
		level: 'STUDY',
		value: (s) => String(instancesOf(s.study).length),
	},
	SeriesInstanceUID: { level: 'SERIES', value: (s) => s.series?.seriesInstanceUid ?? '' },
	Modality: { level: 'SERIES', value: (s) => s.series?.modality ?? '' },
	SeriesNumber: { level: 'SERIES', value: (s) => s.series?.number ?? '' },
	SeriesDescription: { level: 'SERIES', value: (s) => s.series?.description ?? '' },
	NumberOfSeriesRelatedInstances: {
		level: 'SERIES',
		value: (s) => String(s.series?.instances.size ?? 0),
	},
	SOPInstanceUID: { level: 'IMAGE', value: (s) => s.instance?.sopInstanceUid ?? '' },
	SOPClassUID: { level: 'IMAGE', value: (s) => s.instance?.sopClassUid ?? '' },
	AvailableTransferSyntaxUID: {
		level: 'IMAGE',
		value: (s) => s.instance?.transferSyntax ?? '',
	},
};

/** Further optional keys, read from the first object of the patient, study or series (PS3.4 C.6.1.1). */
const OF_OBJECT: Record<Level, readonly string[]> = {
	PATIENT: [
		'IssuerOfPatientID',
		'PatientBirthTime',
		'OtherPatientIDs',
		'OtherPatientIDsSequence',
		'OtherPatientNames',
		'EthnicGroup',
		'PatientComments',
	],
	STUDY: [
		'ProcedureCodeSequence',
		'NameOfPhysiciansReadingStudy',
		'AdmittingDiagnosesDescription',
		'ReferencedStudySequence',
		'PatientAge',
		'PatientSize',
		'PatientWeight',
		'Occupation',
		'AdditionalPatientHistory',
		'InstitutionName',
	],
	SERIES: [
		'SeriesDate',
		'SeriesTime',
		'BodyPartExamined',
		'Laterality',
		'ProtocolName',
		'PerformingPhysicianName',
		'OperatorsName',
		'Manufacturer',
		'ManufacturerModelName',
		'StationName',
		'InstitutionalDepartmentName',
		'PerformedProcedureStepStartDate',
		'PerformedProcedureStepStartTime',
		'PerformedProcedureStepID',
		'PerformedProcedureStepDescription',
		'RequestAttributesSequence',
	],
	IMAGE: [
		'InstanceNumber',
		'ContentDate',
		'ContentTime',
		'AcquisitionDate',
		'AcquisitionTime',
		'AcquisitionDateTime',
		'AcquisitionNumber',
		'InstanceCreationDate',
		'InstanceCreationTime',
		'ImageType',
		'ImageComments',
		'NumberOfFrames',
		'Rows',
		'Columns',
		'BitsAllocated',
		'ConceptNameCodeSequence',
		'ContentDescription',
		'ContentLabel',
	],
};

const ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
	...(Object.keys(OF_OBJECT) as Level[]).flatMap((level) =>
		OF_OBJECT[level].map((keyword): [string, Attribute] => [
			keyword,
			{ level, value: (source) => valueOf(representative(source), keyword) },
		]),
	),
	...Object.entries(DATABASE),
]);

function valueOf(dataSet: DataSet | undefined, keyword: string): Value {
	if (!dataSet) return '';
	if (keyword.endsWith('Sequence')) return dataSet.items(keyword).map(recordOfItem);
	return dataSet.text(keyword) ?? '';
}

function recordOfItem(item: DataSet): QueryRecord {
	const record: QueryRecord = {};
	for (const tag of item.tags()) {
		const entry = entryOf(tag);
		if (!entry) continue;
		record[entry.keyword] =
			entry.vr === 'SQ' ? item.items(tag).map(recordOfItem) : (item.text(tag) ?? '');
	}
	return record;
}

/** The level that a key belongs to; undefined for one that the archive does not know. */
export function levelOf(tag: number): Level | undefined {
	return ATTRIBUTES.get(entryOf(tag)?.keyword ?? '')?.level;
}

/**
 * The record of an entity, with those attributes of some levels that an identifier asks for. Only these are
 * looked up: a query for a few keys of thousands of studies should not read their objects.
 */
export function recordOf(
	identifier: DataSet,
	levels: ReadonlySet<Level>,
	source: Source,
): QueryRecord {
	const record: QueryRecord = {
		SpecificCharacterSet: source.study.characterSet,
		RetrieveAETitle: source.retrieveAeTitle,
		InstanceAvailability: 'ONLINE',
	};
	for (const tag of identifier.tags()) {
		const keyword = entryOf(tag)?.keyword ?? '';
		const attribute = ATTRIBUTES.get(keyword);
		if (attribute && levels.has(attribute.level)) record[keyword] = attribute.value(source);
	}
	return record;
}

/** What tells entities of a level apart. */
export function identityOf(entity: Entity, level: Level): string {
	const { study, series, instance } = entity;
	switch (level) {
		case 'PATIENT':
			return study.patientId === ''
				? `${UNIQUE_KEY.STUDY} ${study.studyInstanceUid}`
				: study.patientId;
		case 'STUDY':
			return study.studyInstanceUid;
		case 'SERIES':
			return series?.seriesInstanceUid ?? '';
		case 'IMAGE':
			return instance?.sopInstanceUid ?? '';
	}
}

/** Every entity of a level in the order in which it came. A patient is known by the first study. */
export function* entities(store: StudyStore, level: Level): Generator<Entity> {
	for (const study of store.studies.values()) {
		if (level === 'PATIENT' || level === 'STUDY') {
			yield { study };
			continue;
		}
		for (const series of study.series.values()) {
			if (level === 'SERIES') {
				yield { study, series };
				continue;
			}
			for (const instance of series.instances.values()) yield { study, series, instance };
		}
	}
}
