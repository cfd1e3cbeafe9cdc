/** The modules that every image has (PS3.3 annex C), as attributes by keyword. */
import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { ageString } from '../patients.ts';
import type { Phantom } from '../phantoms/phantom.ts';
import type { AcquisitionContext, AcquisitionOrder } from './acquisition-context.ts';
import { characterSetTerms } from './device-text.ts';

type Attributes = Record<string, DataSetValue>;

/** What is the same in all images of a series. */
export interface SeriesDescription {
	readonly sopClassUid: string;
	readonly seriesInstanceUid: string;
	readonly modality: string;
	readonly seriesNumber: number;
	readonly description: string;
	readonly protocolName: string;
	/** Defined term of PS3.16 annex L. */
	readonly bodyPart?: string;
}

/** What tells one image of a series from the others. */
export interface ImageIdentity {
	readonly sopInstanceUid: string;
	readonly instanceNumber: number;
	/** When it was taken: µs since 1970 by the device's clock. */
	readonly takenUs: Micros;
}

/** One item of a code sequence (PS3.3 table 8.8-1). */
export function codeItem(value: string, scheme: string, meaning: string): DataSet {
	return DataSet.from({ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning });
}

/** Patient, General Study and Patient Study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
function patientAndStudy({ patient, order, startUs }: AcquisitionContext): Attributes {
	const code = order.procedureCode;
	return {
		PatientName: patient.name,
		PatientID: patient.id,
		...(patient.issuer !== undefined &&
			patient.issuer !== '' && { IssuerOfPatientID: patient.issuer }),
		PatientBirthDate: patient.birthDate,
		PatientSex: patient.sex,
		PatientAge: ageString(patient.birthDate, startUs),
		StudyInstanceUID: order.studyInstanceUid,
		StudyDate: formatDicomDate(startUs),
		StudyTime: formatDicomTime(startUs),
		ReferringPhysicianName: order.referringPhysician,
		// IHE Scheduled Workflow recommends the Requested Procedure ID as Study ID.
		StudyID: order.requestedProcedureId,
		AccessionNumber: order.accessionNumber,
		StudyDescription: order.requestedProcedureDescription,
		...(code && { ProcedureCodeSequence: [codeItem(code.value, code.scheme, code.meaning)] }),
	};
}

/** The performed procedure step of General Series (PS3.3 C.7.3.1 and table 10-16). */
function performedStep(ctx: AcquisitionContext): Attributes {
	const step = ctx.performedProcedureStep;
	if (!step) return {};
	const reference = DataSet.from({
		ReferencedSOPClassUID: UID.ModalityPerformedProcedureStepSOPClass,
		ReferencedSOPInstanceUID: step.sopInstanceUid,
	});
	const startUs = step.startUs ?? ctx.startUs;
	return {
		PerformedProcedureStepID: step.id,
		PerformedProcedureStepStartDate: formatDicomDate(startUs),
		PerformedProcedureStepStartTime: formatDicomTime(startUs),
		PerformedProcedureStepDescription: ctx.order.requestedProcedureDescription,
		ReferencedPerformedProcedureStepSequence: [reference],
	};
}

/**
 * Request Attributes (PS3.3 table 10-9): what the worklist said. Nobody had asked for an examination without
 * a scheduled step; both ids would need a value (type 1C).
 */
function requestAttributes(order: AcquisitionOrder): Attributes {
	if (order.requestedProcedureId === '' || order.scheduledProcedureStepId === '') return {};
	const code = order.scheduledProtocolCode;
	const request = DataSet.from({
		RequestedProcedureID: order.requestedProcedureId,
		RequestedProcedureDescription: order.requestedProcedureDescription,
		ScheduledProcedureStepID: order.scheduledProcedureStepId,
		...(order.scheduledProcedureStepDescription !== undefined && {
			ScheduledProcedureStepDescription: order.scheduledProcedureStepDescription,
		}),
		...(code && {
			ScheduledProtocolCodeSequence: [codeItem(code.value, code.scheme, code.meaning)],
		}),
	});
	return { RequestAttributesSequence: [request] };
}

/** General Series (PS3.3 C.7.3.1) with the Request Attributes of table 10-9. */
function generalSeries(ctx: AcquisitionContext, series: SeriesDescription): Attributes {
	const { order } = ctx;
	return {
		Modality: series.modality,
		SeriesInstanceUID: series.seriesInstanceUid,
		SeriesNumber: series.seriesNumber,
		SeriesDate: formatDicomDate(ctx.startUs),
		SeriesTime: formatDicomTime(ctx.startUs),
		SeriesDescription: series.description,
		ProtocolName: series.protocolName,
		OperatorsName: ctx.operator,
		...(series.bodyPart !== undefined && { BodyPartExamined: series.bodyPart }),
		...requestAttributes(order),
		...performedStep(ctx),
	};
}

/** General Equipment (PS3.3 C.7.5.1). */
function generalEquipment({ equipment }: AcquisitionContext): Attributes {
	return {
		Manufacturer: equipment.manufacturer,
		ManufacturerModelName: equipment.modelName,
		DeviceSerialNumber: equipment.serialNumber,
		StationName: equipment.stationName,
		InstitutionName: equipment.institutionName,
		SoftwareVersions: equipment.softwareVersions,
	};
}

/** General Image and SOP Common (PS3.3 C.7.6.1, C.12.1). */
function imageAndSopCommon(
	ctx: AcquisitionContext,
	series: SeriesDescription,
	{ sopInstanceUid, instanceNumber, takenUs }: ImageIdentity,
): Attributes {
	const date = formatDicomDate(takenUs);
	const time = formatDicomTime(takenUs);
	const terms = characterSetTerms(ctx);
	return {
		...(terms.length > 0 && { SpecificCharacterSet: terms }),
		SOPClassUID: series.sopClassUid,
		SOPInstanceUID: sopInstanceUid,
		InstanceCreationDate: date,
		InstanceCreationTime: time,
		InstanceNumber: instanceNumber,
		AcquisitionDate: date,
		AcquisitionTime: time,
		ContentDate: date,
		ContentTime: time,
	};
}

/** What is true of every picture that is drawn. */
function phantomImage(): Attributes {
	return {
		// Synthetic Data (0008,001C) would be the proper mark, but the usual tools do not know it yet.
		ImageComments: 'Synthetic phantom image, not of a person',
		// The marker in the pixels names no patient.
		BurnedInAnnotation: 'NO',
		LossyImageCompression: '00',
	};
}

/** Image Pixel and VOI LUT (PS3.3 C.7.6.3, C.11.2). The pixel data are the phantom's own buffer. */
function pixels(phantom: Phantom, variant: number, slice: number): Attributes {
	return {
		SamplesPerPixel: 1,
		PhotometricInterpretation: phantom.photometric,
		Rows: phantom.rows,
		Columns: phantom.columns,
		BitsAllocated: 16,
		BitsStored: phantom.bitsStored,
		HighBit: phantom.bitsStored - 1,
		PixelRepresentation: phantom.signed ? 1 : 0,
		RescaleIntercept: phantom.rescaleIntercept,
		RescaleSlope: 1,
		WindowCenter: phantom.window.center,
		WindowWidth: phantom.window.width,
		PixelData: phantom.render(variant, slice),
	};
}

/** Whose an image is and where it comes from: all that is not in the picture. */
export function identityAttributes(
	ctx: AcquisitionContext,
	series: SeriesDescription,
	identity: ImageIdentity,
): Attributes {
	return {
		...imageAndSopCommon(ctx, series, identity),
		...patientAndStudy(ctx),
		...generalSeries(ctx, series),
		...generalEquipment(ctx),
	};
}

/** All attributes of an image but those of its own modality. */
export function imageAttributes(
	ctx: AcquisitionContext,
	series: SeriesDescription,
	identity: ImageIdentity,
	phantom: Phantom,
	slice: number,
): Attributes {
	return {
		...identityAttributes(ctx, series, identity),
		...phantomImage(),
		...pixels(phantom, ctx.variant, slice),
	};
}
