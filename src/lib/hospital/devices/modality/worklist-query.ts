import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { Device } from '../../device.ts';
import {
	failureFact,
	failureText,
	openAssociation,
	type AssociationTarget,
} from '../../dicom/service-class-user.ts';
import { statusText } from './config.ts';

interface Code {
	value: string;
	scheme: string;
	meaning: string;
}

/** A line of the modality's worklist, with all that images and performed steps take over from it. */
export interface WorklistEntry {
	accessionNumber: string;
	placerOrderNumber: string;
	fillerOrderNumber: string;
	patientId: string;
	issuerOfPatientId: string;
	patientName: string;
	birthDate: string;
	sex: string;
	weight: string;
	pregnancyStatus: string;
	/** Medical alerts, allergies and special needs in one line. */
	warnings: string;
	referringPhysician: string;
	performingPhysician: string;
	studyInstanceUid: string;
	/** Class and instance UID of each item of the Referenced Study Sequence. */
	referencedStudies: { sopClassUid: string; sopInstanceUid: string }[];
	requestedProcedureId: string;
	/** Requested Procedure Description. */
	description: string;
	procedureCode: Code | undefined;
	priority: string;
	scheduledStepId: string;
	scheduledStepDescription: string;
	protocolCode: Code | undefined;
	scheduledTime: string;
	location: string;
}

export type WorklistOutcome =
	{ ok: true; entries: WorklistEntry[] } | { ok: false; text: string; fact: string };

export interface WorklistQuery {
	target: Omit<AssociationTarget, 'contexts'>;
	stationAeTitle: string;
	modality: string;
	/** DA. */
	date: string;
}

const MODEL = UID.FINDModalityWorklistInformationModel;
/** More entries than a screen could be used for: the query is cancelled (PS3.4 K.4.1.2). */
const ENTRIES_MAX = 500;

/** A Modality Worklist query as a modality makes it: own station, modality and date (PS3.4 annex K). */
export function* queryWorklist(device: Device, query: WorklistQuery): Process<WorklistOutcome> {
	const opened = yield* openAssociation(
		device.world,
		device.host,
		{
			...query.target,
			contexts: [
				{
					abstractSyntax: MODEL,
					transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
				},
			],
		},
		device,
	);
	if (!opened.ok) {
		return { ok: false, text: failureText(opened.failure), fact: failureFact(opened.failure) };
	}
	const { link } = opened;
	const transferSyntax = link.transferSyntaxOf(MODEL);
	if (transferSyntax === undefined) {
		yield* link.release();
		return { ok: false, text: 'worklist service not accepted', fact: 'context not accepted' };
	}
	let answer = yield* link.request(
		MODEL,
		cFindRequest({ messageId: link.connection.messageId(), sopClassUid: MODEL }),
		encodeDataSet(identifierOf(query), { transferSyntax }),
	);
	const entries: WorklistEntry[] = [];
	for (;;) {
		if (answer.kind !== 'response') {
			link.abort();
			return { ok: false, text: 'worklist query was not answered', fact: 'no answer' };
		}
		const status = answer.command.Status ?? 0xc000;
		if (status !== 0xff00 && status !== 0xff01) {
			yield* link.release();
			// FE00 ends a query that this side cancelled.
			if (status === 0 || status === 0xfe00) return { ok: true, entries };
			const text = `C-FIND status ${statusText(status)}`;
			return { ok: false, text, fact: text };
		}
		const decoded = decodeDataSet(answer.data ?? new Uint8Array(0), { transferSyntax });
		if (decoded.ok && entries.length < ENTRIES_MAX) {
			entries.push(entryOf(decoded.dataSet));
			if (entries.length === ENTRIES_MAX) link.cancel(MODEL);
		}
		answer = yield* link.nextAnswer();
	}
}

/** Keys that are asked for and not matched, by where they are. */
const ASKED = [
	'AccessionNumber',
	'ReferringPhysicianName',
	'PatientName',
	'PatientID',
	'IssuerOfPatientID',
	'PatientBirthDate',
	'PatientSex',
	'PatientWeight',
	'PregnancyStatus',
	'MedicalAlerts',
	'Allergies',
	'SpecialNeeds',
	'StudyInstanceUID',
	'ReferencedStudySequence',
	'RequestedProcedureDescription',
	'RequestedProcedureCodeSequence',
	'RequestedProcedureID',
	'RequestedProcedurePriority',
	'RequestingPhysician',
	'AdmissionID',
	'CurrentPatientLocation',
	'PlacerOrderNumberImagingServiceRequest',
	'FillerOrderNumberImagingServiceRequest',
];

const ASKED_OF_STEP = [
	'ScheduledProcedureStepStartTime',
	'ScheduledPerformingPhysicianName',
	'ScheduledProcedureStepDescription',
	'ScheduledProtocolCodeSequence',
	'ScheduledProcedureStepID',
	'ScheduledStationName',
	'ScheduledProcedureStepLocation',
	'ScheduledProcedureStepStatus',
];

function identifierOf(query: WorklistQuery): DataSet {
	const empty = (keywords: string[]): Record<string, string> =>
		Object.fromEntries(keywords.map((keyword) => [keyword, '']));
	return DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		...empty(ASKED),
		ScheduledProcedureStepSequence: [
			DataSet.from({
				Modality: query.modality,
				ScheduledStationAETitle: query.stationAeTitle,
				ScheduledProcedureStepStartDate: query.date,
				...empty(ASKED_OF_STEP),
			}),
		],
	});
}

function codeOf(dataSet: DataSet | undefined, sequence: string): Code | undefined {
	const [item] = dataSet?.items(sequence) ?? [];
	const value = item?.text('CodeValue') ?? '';
	if (value === '') return undefined;
	return {
		value,
		scheme: item?.text('CodingSchemeDesignator') ?? '',
		meaning: item?.text('CodeMeaning') ?? '',
	};
}

/** What a response says, '' where it says nothing. */
function entryOf(answer: DataSet): WorklistEntry {
	const step = answer.items('ScheduledProcedureStepSequence')[0];
	const text = (keyword: string): string => answer.text(keyword) ?? '';
	return {
		accessionNumber: text('AccessionNumber'),
		placerOrderNumber: text('PlacerOrderNumberImagingServiceRequest'),
		fillerOrderNumber: text('FillerOrderNumberImagingServiceRequest'),
		patientId: text('PatientID'),
		issuerOfPatientId: text('IssuerOfPatientID'),
		patientName: text('PatientName'),
		birthDate: text('PatientBirthDate'),
		sex: text('PatientSex'),
		weight: text('PatientWeight'),
		pregnancyStatus: text('PregnancyStatus'),
		warnings: [text('MedicalAlerts'), text('Allergies'), text('SpecialNeeds')]
			.filter((warning) => warning !== '')
			.join('; '),
		referringPhysician: text('ReferringPhysicianName'),
		performingPhysician: step?.text('ScheduledPerformingPhysicianName') ?? '',
		studyInstanceUid: text('StudyInstanceUID'),
		referencedStudies: answer.items('ReferencedStudySequence').map((item) => ({
			sopClassUid: item.text('ReferencedSOPClassUID') ?? '',
			sopInstanceUid: item.text('ReferencedSOPInstanceUID') ?? '',
		})),
		requestedProcedureId: text('RequestedProcedureID'),
		description: text('RequestedProcedureDescription'),
		procedureCode: codeOf(answer, 'RequestedProcedureCodeSequence'),
		priority: text('RequestedProcedurePriority'),
		scheduledStepId: step?.text('ScheduledProcedureStepID') ?? '',
		scheduledStepDescription: step?.text('ScheduledProcedureStepDescription') ?? '',
		protocolCode: codeOf(step, 'ScheduledProtocolCodeSequence'),
		scheduledTime: step?.text('ScheduledProcedureStepStartTime') ?? '',
		location: step?.text('ScheduledProcedureStepLocation') ?? '',
	};
}
