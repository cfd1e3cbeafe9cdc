import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { NO_DETAILS } from '#lib/hospital/records.ts';
import type { World } from '#lib/hospital/world.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { drawCase, LOCAL_SCHEME } from '../clinical-case.ts';
import { acquireImages } from '../dicom/make-object.ts';
import { newUid } from '#lib/hospital/identifiers.ts';
import { Random } from '#lib/kernel/random.ts';
import { minutes } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** What an author may say of a row; everything else is drawn. */
export interface RowChanges {
	patientName?: string | undefined;
	patientId?: string | undefined;
	accession?: string | undefined;
	modality?: 'CT' | 'DX' | undefined;
	station?: string | undefined;
}

/** The case of a row: different rows have different patients, accession numbers and times. */
function caseOf(seed: string, row: number, changes: RowChanges) {
	const first = drawCase(seed);
	const own = drawCase(`${seed}/${row}`, changes.modality);
	const [family = '', given = ''] = (changes.patientName ?? own.patient.name).split('^');
	const digits = Number(first.accession.slice(-4)) + row;
	return {
		...own,
		nowUs: first.nowUs,
		scheduledUs: first.nowUs + minutes(10 + 15 * row) - (first.nowUs % minutes(5)),
		accession: changes.accession ?? first.accession.slice(0, -4) + String(digits).padStart(4, '0'),
		patient: {
			...own.patient,
			id: changes.patientId ?? own.patient.id,
			name: `${family}^${given}`,
		},
	};
}

/** The AE titles of the stations by the ids that the orders use: one id a row. */
export function stationsOf(seed: string, rows: readonly RowChanges[]): Record<string, string> {
	return Object.fromEntries(
		rows.map((changes, row) => [
			`station-${row}`,
			changes.station ?? caseOf(seed, row, changes).stationAeTitle,
		]),
	);
}

/** Gives the RIS one scheduled order a row. */
export function placeOrders(world: World, seed: string, rows: readonly RowChanges[]): void {
	const ris = world.device('ris') as Ris;
	for (const [row, changes] of rows.entries()) {
		const known = caseOf(seed, row, changes);
		const { procedure } = known;
		ris.placeOrder({
			accessionNumber: known.accession,
			placerOrderNumber: known.placer,
			requestedProcedureId: known.requestedProcedure,
			scheduledProcedureStepId: known.scheduledStep,
			studyInstanceUid: known.studyUid,
			patient: known.patient,
			procedure: {
				id: procedure.code.toLowerCase(),
				modality: procedure.modality,
				description: procedure.text,
				code: { value: procedure.code, scheme: LOCAL_SCHEME, meaning: procedure.text },
				minutes: 5,
			},
			device: `station-${row}`,
			priority: 'ROUTINE',
			department: 'Radiology',
			details: NO_DETAILS,
			placedUs: 0,
			scheduledUs: known.scheduledUs - world.epochUs,
			status: 'scheduled',
			instances: [],
		});
	}
}

/** Gives the archive one study a row, each with a few images. */
export function storeStudies(world: World, seed: string, rows: readonly RowChanges[]): void {
	const archive = world.device('archive') as Archive;
	for (const [row, changes] of rows.entries()) {
		const known = caseOf(seed, row, changes);
		const random = new Random(seed, `study-${row}`);
		const study = { ...known, nowUs: known.nowUs - minutes(12 * (rows.length - row)) };
		for (const dataSet of acquireImages(study, random, random.between(2, 6))) {
			archive.store.add({
				sopClassUid: dataSet.text('SOPClassUID') ?? UID.CTImageStorage,
				sopInstanceUid: dataSet.text('SOPInstanceUID') ?? newUid(random),
				seriesInstanceUid: dataSet.text('SeriesInstanceUID') ?? '',
				studyInstanceUid: known.studyUid,
				transferSyntax: UID.LittleEndianExplicit,
				bytes: new Uint8Array(0),
				dataSet,
				receivedUs: 0,
				callingAeTitle: known.stationAeTitle,
			});
		}
	}
}

/** What the desk asks for: everything of the table, and nothing to match but the level. */
export const IDENTIFIERS = {
	worklist: (): DataSet =>
		DataSet.from({
			AccessionNumber: '',
			PatientName: '',
			PatientID: '',
			RequestedProcedureDescription: '',
			ScheduledProcedureStepSequence: [
				DataSet.from({
					Modality: '',
					ScheduledStationAETitle: '',
					ScheduledProcedureStepStartDate: '',
					ScheduledProcedureStepStartTime: '',
				}),
			],
		}),
	study: (): DataSet =>
		DataSet.from({
			QueryRetrieveLevel: 'STUDY',
			StudyDate: '',
			StudyTime: '',
			AccessionNumber: '',
			ModalitiesInStudy: '',
			StudyDescription: '',
			PatientName: '',
			PatientID: '',
			NumberOfStudyRelatedInstances: '',
		}),
};
