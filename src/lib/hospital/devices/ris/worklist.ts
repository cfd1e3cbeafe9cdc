import type { Process } from '#lib/kernel/process.ts';
import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { entryOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import {
	answerIdentifier,
	matches,
	unsupportedKeys,
	type QueryRecord,
} from '../../dicom/match-identifier.ts';
import type { ServiceRequest } from '../../dicom/service-request.ts';
import { deviceTexts, termsOf } from '../../objects/device-text.ts';
import type { Order } from '../../records.ts';

/** What the RIS adds to an order when it schedules it. */
export interface WorklistItem {
	order: Order;
	/** Scheduled Procedure Step Status (0040,0020), PS3.3 C.4.10. */
	stepStatus: 'SCHEDULED' | 'STARTED';
	stationAeTitle: string;
	stationName: string;
	location: string;
	/** When it is scheduled, µs since 1970. */
	startUs: Micros;
	issuerOfPatientId: string;
}

/** The codes of the order; the hospital uses one code system for requests and protocols. */
function codes({ procedure }: Order): QueryRecord[] {
	const { value, scheme, meaning } = procedure.code;
	return [{ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}

function scheduledStep(item: WorklistItem): QueryRecord {
	const { order } = item;
	return {
		Modality: order.procedure.modality,
		RequestedContrastAgent: '',
		ScheduledStationAETitle: item.stationAeTitle,
		ScheduledProcedureStepStartDate: formatDicomDate(item.startUs),
		ScheduledProcedureStepStartTime: formatDicomTime(item.startUs),
		ScheduledPerformingPhysicianName: order.details.scheduledPerformingPhysician,
		ScheduledProcedureStepDescription: order.procedure.description,
		ScheduledProtocolCodeSequence: codes(order),
		ScheduledProcedureStepID: order.scheduledProcedureStepId,
		ScheduledStationName: item.stationName,
		ScheduledProcedureStepLocation: item.location,
		PreMedication: '',
		ScheduledProcedureStepStatus: item.stepStatus,
	};
}

function requestedProcedure(order: Order): QueryRecord {
	const study = {
		ReferencedSOPClassUID: UID.RETIRED_DetachedStudyManagementSOPClass,
		ReferencedSOPInstanceUID: order.studyInstanceUid,
	};
	return {
		StudyInstanceUID: order.studyInstanceUid,
		ReferencedStudySequence: [study],
		RequestedProcedureID: order.requestedProcedureId,
		RequestedProcedureDescription: order.procedure.description,
		RequestedProcedureCodeSequence: codes(order),
		RequestedProcedurePriority: order.priority,
		PatientTransportArrangements: '',
	};
}

function imagingServiceRequest({
	accessionNumber,
	placerOrderNumber,
	details,
}: Order): QueryRecord {
	return {
		AccessionNumber: accessionNumber,
		RequestingPhysician: details.requestingPhysician,
		ReferringPhysicianName: details.referringPhysician,
		PlacerOrderNumberImagingServiceRequest: placerOrderNumber,
		FillerOrderNumberImagingServiceRequest: details.fillerOrderNumber,
	};
}

function visitAndPatient({ order, issuerOfPatientId }: WorklistItem): QueryRecord {
	const { patient, details } = order;
	return {
		AdmissionID: details.admissionId,
		CurrentPatientLocation: details.patientLocation,
		ReferencedPatientSequence: [],
		PatientName: patient.name,
		PatientID: patient.id,
		IssuerOfPatientID: issuerOfPatientId,
		OtherPatientIDsSequence: details.otherPatientIds.map(({ id, issuer }) => ({
			PatientID: id,
			IssuerOfPatientID: issuer,
			TypeOfPatientID: 'TEXT',
		})),
		PatientBirthDate: patient.birthDate,
		PatientSex: patient.sex,
		PatientWeight: details.patientWeight,
		ConfidentialityConstraintOnPatientDataDescription: details.confidentiality,
		PatientState: details.patientState,
		PregnancyStatus: details.pregnancyStatus,
		MedicalAlerts: details.medicalAlerts,
		Allergies: details.allergies,
		SpecialNeeds: details.specialNeeds,
	};
}

/**
 * A worklist item with all return keys of type 1 and 2 of PS3.4 table K.6-1, and of its type 3 those that
 * IHE Scheduled Workflow (RAD-5) asks for, in the character set of the RIS.
 */
export function worklistRecord(item: WorklistItem, specificCharacterSet: string): QueryRecord {
	const record = {
		...imagingServiceRequest(item.order),
		...visitAndPatient(item),
		...requestedProcedure(item.order),
		ScheduledProcedureStepSequence: [scheduledStep(item)],
	};
	return {
		...deviceTexts(record, termsOf(specificCharacterSet)),
		SpecificCharacterSet: specificCharacterSet,
	};
}

/**
 * Whether an item matches. Ranges of start date and start time together mean one period: from the first day
 * and time to the last day and time (PS3.4 table K.6-1).
 */
function matchesWorklist(identifier: DataSet, record: QueryRecord): boolean {
	return matches(identifier, record, { combinedDateTime: true });
}

/** Whether the identifier has a key that the items do not have: answered with FF01 (PS3.4 table K.4-1). */
function asksForMore(identifier: DataSet, record: QueryRecord): boolean {
	if (unsupportedKeys(identifier, record).length > 0) return true;
	return identifier.tags().some((tag) => {
		const [key] = identifier.items(tag);
		const value = record[entryOf(tag)?.keyword ?? ''];
		const [item] = Array.isArray(value) ? value : [];
		return key !== undefined && item !== undefined && asksForMore(key, item);
	});
}

/** The identifier of a response; undefined when a value cannot be written, as of a wrong order message. */
function encoded(
	identifier: DataSet,
	record: QueryRecord,
	transferSyntax: string,
): Uint8Array[] | undefined {
	try {
		return encodeDataSet(answerIdentifier(identifier, record), { transferSyntax });
	} catch (error) {
		if (error instanceof DataSetError) return undefined;
		throw error;
	}
}

export interface WorklistContext {
	/** The items as they are now. */
	records(): Iterable<QueryRecord>;
	/** How long making one response takes. */
	pause(): Process;
	/** Told of an item that is left out because it cannot be written. */
	leftOut(accessionNumber: string): void;
}

/** C-FIND of Modality Worklist (PS3.4 K.4.1). Returns what the log says of it. */
export function* serveWorklist(context: WorklistContext, request: ServiceRequest): Process<string> {
	const { transferSyntax } = request.context;
	const decoded = decodeDataSet(request.data, { transferSyntax });
	if (!decoded.ok) {
		const errorComment = 'Identifier unreadable';
		request.respond(responseTo(request.command, { status: 0xa900, errorComment }));
		return 'failed A900';
	}
	const identifier = decoded.dataSet;
	let count = 0;
	for (const record of context.records()) {
		if (!request.alive) return `${count} entries, then the association ended`;
		if (request.cancelled) break;
		if (!matchesWorklist(identifier, record)) continue;
		const data = encoded(identifier, record, transferSyntax);
		if (!data) {
			context.leftOut(String(record['AccessionNumber']));
			continue;
		}
		count++;
		const status = asksForMore(identifier, record) ? 0xff01 : 0xff00;
		request.respond(responseTo(request.command, { status, withDataSet: true }), data);
		yield* context.pause();
	}
	const status = request.cancelled ? 0xfe00 : 0x0000;
	request.respond(responseTo(request.command, { status }));
	return request.cancelled ? `cancelled after ${count} entries` : `${count} entries`;
}
