import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import type { AcquiredSeries } from '../../objects/acquisition-context.ts';
import { deviceTexts, termsOf } from '../../objects/device-text.ts';
import { codeItem } from '../../objects/image-attributes.ts';
import type { ModalityConfig } from './config.ts';
import type { WorklistEntry } from './worklist-query.ts';

/** The data sets of Modality Performed Procedure Step as this modality makes them (PS3.4 table F.7.2-1). */

type Attributes = Record<string, DataSetValue>;

/** A coded reason, PS3.16 CID 9300. */
export interface DiscontinuationReason {
	readonly value: string;
	readonly meaning: string;
}

/** The reasons that this product offers. */
export const DISCONTINUATION_REASONS: readonly DiscontinuationReason[] = [
	{ value: '110501', meaning: 'Equipment failure' },
	{ value: '110505', meaning: 'Patient refused to continue procedure' },
	{ value: '110513', meaning: 'Discontinued for unspecified reason' },
	{ value: '110514', meaning: 'Incorrect worklist entry selected' },
	{ value: '110515', meaning: 'Patient condition prevented continuing' },
];

export interface StepBegin {
	readonly id: string;
	readonly entry: WorklistEntry;
	/** By the device's clock, µs since 1970. */
	readonly startUs: Micros;
	readonly config: ModalityConfig;
	readonly specificCharacterSet: string;
}

export interface StepEnd {
	readonly entry: WorklistEntry;
	readonly endUs: Micros;
	readonly operator: string;
	readonly series: AcquiredSeries;
	/** Why it was discontinued; without it the step is completed. */
	readonly reason?: DiscontinuationReason;
	readonly specificCharacterSet: string;
}

type Code = WorklistEntry['procedureCode'];

const codes = (code: Code): DataSet[] =>
	code ? [codeItem(code.value, code.scheme, code.meaning)] : [];

const reference = (sopClassUid: string, sopInstanceUid: string): DataSet =>
	DataSet.from({ ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid });

/** Of an examination that nobody had scheduled, all but the study is empty (IHE RAD-6). */
function scheduledStepAttributes(entry: WorklistEntry): DataSet {
	return DataSet.from({
		StudyInstanceUID: entry.studyInstanceUid,
		ReferencedStudySequence: entry.referencedStudies.map(({ sopClassUid, sopInstanceUid }) =>
			reference(sopClassUid, sopInstanceUid),
		),
		AccessionNumber: entry.accessionNumber,
		PlacerOrderNumberImagingServiceRequest: entry.placerOrderNumber,
		FillerOrderNumberImagingServiceRequest: entry.fillerOrderNumber,
		RequestedProcedureID: entry.requestedProcedureId,
		RequestedProcedureDescription: entry.scheduledStepId === '' ? '' : entry.description,
		RequestedProcedureCodeSequence: codes(entry.procedureCode),
		ScheduledProcedureStepID: entry.scheduledStepId,
		ScheduledProcedureStepDescription: entry.scheduledStepDescription,
		ScheduledProtocolCodeSequence: codes(entry.protocolCode),
	});
}

/** The attribute list of the N-CREATE that says the examination has begun (IHE RAD-6). */
export function beginList(begin: StepBegin): DataSet {
	const { id, startUs, config, specificCharacterSet } = begin;
	const entry = deviceTexts(begin.entry, termsOf(specificCharacterSet));
	return DataSet.from({
		...characterSet(specificCharacterSet),
		ScheduledStepAttributesSequence: [scheduledStepAttributes(entry)],
		PatientName: entry.patientName,
		PatientID: entry.patientId,
		...(entry.issuerOfPatientId === '' ? {} : { IssuerOfPatientID: entry.issuerOfPatientId }),
		PatientBirthDate: entry.birthDate,
		PatientSex: entry.sex,
		ReferencedPatientSequence: '',
		PerformedProcedureStepID: id,
		PerformedStationAETitle: config.aeTitle,
		PerformedStationName: config.stationName,
		PerformedLocation: entry.location,
		PerformedProcedureStepStartDate: formatDicomDate(startUs),
		PerformedProcedureStepStartTime: formatDicomTime(startUs),
		PerformedProcedureStepStatus: 'IN PROGRESS',
		PerformedProcedureStepDescription: entry.description,
		PerformedProcedureTypeDescription: '',
		ProcedureCodeSequence: codes(entry.procedureCode),
		PerformedProcedureStepEndDate: '',
		PerformedProcedureStepEndTime: '',
		// Only what the N-CREATE has can be set later (note 3 of the table).
		PerformedProcedureStepDiscontinuationReasonCodeSequence: '',
		Modality: config.modality,
		StudyID: entry.requestedProcedureId,
		PerformedProtocolCodeSequence: '',
		PerformedSeriesSequence: '',
		...(config.modality === 'DX' ? { TotalNumberOfExposures: '', ExposureDoseSequence: '' } : {}),
	});
}

/** The modification list of the N-SET that says how the examination ended (IHE RAD-7). */
export function endList(end: StepEnd): DataSet {
	const { endUs, reason, series, specificCharacterSet } = end;
	const entry = deviceTexts(end.entry, termsOf(specificCharacterSet));
	return DataSet.from({
		...characterSet(specificCharacterSet),
		PerformedProcedureStepStatus: reason ? 'DISCONTINUED' : 'COMPLETED',
		PerformedProcedureStepDescription: entry.description,
		ProcedureCodeSequence: codes(entry.procedureCode),
		PerformedProcedureStepEndDate: formatDicomDate(endUs),
		PerformedProcedureStepEndTime: formatDicomTime(endUs),
		PerformedProtocolCodeSequence: codes(entry.protocolCode),
		PerformedSeriesSequence: [performedSeries(end, entry)],
		...(reason && {
			PerformedProcedureStepDiscontinuationReasonCodeSequence: [
				codeItem(reason.value, 'DCM', reason.meaning),
			],
		}),
		...(series.modality === 'DX' ? exposures(series) : {}),
	});
}

function performedSeries({ operator, series }: StepEnd, entry: WorklistEntry): DataSet {
	return DataSet.from({
		PerformingPhysicianName: entry.performingPhysician,
		ProtocolName: series.protocolName,
		OperatorsName: operator,
		SeriesInstanceUID: series.seriesInstanceUid,
		SeriesDescription: series.description,
		RetrieveAETitle: '',
		ReferencedImageSequence: series.instances.map(({ sopInstanceUid }) =>
			reference(series.sopClassUid, sopInstanceUid),
		),
		ReferencedNonImageCompositeSOPInstanceSequence: '',
	});
}

/** Radiation Dose (PS3.3 C.4.16) as far as the images tell it: one exposure each, the tube current in µA. */
function exposures({ instances }: AcquiredSeries): Attributes {
	return {
		TotalNumberOfExposures: instances.length,
		ExposureDoseSequence: instances.map(({ dataSet }) =>
			DataSet.from({
				KVP: dataSet.text('KVP') ?? '',
				ExposureTime: dataSet.text('ExposureTime') ?? '',
				XRayTubeCurrentInuA: (dataSet.number('XRayTubeCurrent') ?? 0) * 1_000,
			}),
		),
	};
}

function characterSet(specificCharacterSet: string): Attributes {
	const terms = termsOf(specificCharacterSet);
	return terms.length > 0 ? { SpecificCharacterSet: [...terms] } : {};
}
