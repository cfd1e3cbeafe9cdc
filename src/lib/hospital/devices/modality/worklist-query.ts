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

/** A line of the modality's worklist screen. */
export interface WorklistEntry {
	accessionNumber: string;
	patientId: string;
	patientName: string;
	description: string;
	scheduledTime: string;
	priority: string;
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
			if (status === 0) return { ok: true, entries };
			const text = `C-FIND status ${status.toString(16).toUpperCase().padStart(4, '0')}`;
			return { ok: false, text, fact: text };
		}
		const decoded = decodeDataSet(answer.data ?? new Uint8Array(0), { transferSyntax });
		if (decoded.ok) entries.push(entryOf(decoded.dataSet));
		answer = yield* link.nextAnswer();
	}
}

function identifierOf(query: WorklistQuery): DataSet {
	return DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		AccessionNumber: '',
		ReferringPhysicianName: '',
		PatientName: '',
		PatientID: '',
		PatientBirthDate: '',
		PatientSex: '',
		StudyInstanceUID: '',
		RequestedProcedureDescription: '',
		RequestedProcedureID: '',
		RequestedProcedurePriority: '',
		ScheduledProcedureStepSequence: [
			DataSet.from({
				Modality: query.modality,
				ScheduledStationAETitle: query.stationAeTitle,
				ScheduledProcedureStepStartDate: query.date,
				ScheduledProcedureStepStartTime: '',
				ScheduledProcedureStepDescription: '',
				ScheduledProcedureStepID: '',
			}),
		],
	});
}

function entryOf(answer: DataSet): WorklistEntry {
	const step = answer.items('ScheduledProcedureStepSequence')[0];
	return {
		accessionNumber: answer.text('AccessionNumber') ?? '',
		patientId: answer.text('PatientID') ?? '',
		patientName: answer.text('PatientName') ?? '',
		description: answer.text('RequestedProcedureDescription') ?? '',
		scheduledTime: step?.text('ScheduledProcedureStepStartTime') ?? '',
		priority: answer.text('RequestedProcedurePriority') ?? '',
	};
}
