import type { Process } from '#lib/kernel/process.ts';
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { quietWorld, run } from '../../../../../tests/simulation/community-world.ts';
import { placeOrder } from '../../../../../tests/support/place-order.ts';
import { openAssociation } from '../../dicom/service-class-user.ts';
import { PRODUCTS } from '../../products.ts';
import type { World } from '../../world.ts';
import type { Ris } from './ris.ts';

const MODEL = UID.FINDModalityWorklistInformationModel;
const EXPLICIT = UID.LittleEndianExplicit;

interface Found {
	statuses: number[];
	entries: DataSet[];
}

/** A worklist query of the desk; `cancelAfter` sends a C-CANCEL after so many entries. */
function* find(world: World, identifier: DataSet, cancelAfter = Infinity): Process<Found> {
	const opened = yield* openAssociation(world, world.host('admin'), {
		host: 'ris',
		port: 104,
		calledAeTitle: 'RISMWL',
		callingAeTitle: 'PACSDESK',
		implementation: PRODUCTS.desk,
		contexts: [{ abstractSyntax: MODEL, transferSyntaxes: [EXPLICIT] }],
	});
	if (!opened.ok) throw new Error(`not opened: ${opened.failure.kind}`);
	const { link } = opened;
	const found: Found = { statuses: [], entries: [] };
	let answer = yield* link.request(
		MODEL,
		cFindRequest({ messageId: 1, sopClassUid: MODEL }),
		encodeDataSet(identifier, { transferSyntax: EXPLICIT }),
	);
	for (;;) {
		if (answer.kind !== 'response') throw new Error(`no response but ${answer.kind}`);
		const status = answer.command.Status ?? -1;
		found.statuses.push(status);
		if (status < 0xff00) break;
		const decoded = decodeDataSet(answer.data ?? new Uint8Array(0), { transferSyntax: EXPLICIT });
		if (decoded.ok) found.entries.push(decoded.dataSet);
		if (found.entries.length === cancelAfter) link.cancel(MODEL);
		answer = yield* link.nextAnswer();
	}
	yield* link.release();
	return found;
}

const step = (keys: Record<string, DataSetValue>): Record<string, DataSetValue> => ({
	AccessionNumber: '',
	ScheduledProcedureStepSequence: [DataSet.from(keys)],
});

const accessions = (world: World, keys: Record<string, DataSetValue>): string[] =>
	run(world, find(world, DataSet.from({ AccessionNumber: '', ...keys }))).entries.map(
		(entry) => entry.text('AccessionNumber') ?? '',
	);

/** Return keys of type 1 and 2 in PS3.4 table K.6-1, and those of type 3 that IHE RAD-5 adds. */
const TOP_LEVEL = [
	'AccessionNumber',
	'RequestingPhysician',
	'ReferringPhysicianName',
	'PlacerOrderNumberImagingServiceRequest',
	'FillerOrderNumberImagingServiceRequest',
	'AdmissionID',
	'CurrentPatientLocation',
	'PatientName',
	'PatientID',
	'IssuerOfPatientID',
	'OtherPatientIDsSequence',
	'PatientBirthDate',
	'PatientSex',
	'PatientWeight',
	'ConfidentialityConstraintOnPatientDataDescription',
	'PatientState',
	'PregnancyStatus',
	'MedicalAlerts',
	'Allergies',
	'SpecialNeeds',
	'StudyInstanceUID',
	'ReferencedStudySequence',
	'ReferencedPatientSequence',
	'RequestedProcedureID',
	'RequestedProcedureDescription',
	'RequestedProcedureCodeSequence',
	'RequestedProcedurePriority',
	'PatientTransportArrangements',
];
const OF_STEP = [
	'Modality',
	'RequestedContrastAgent',
	'ScheduledStationAETitle',
	'ScheduledProcedureStepStartDate',
	'ScheduledProcedureStepStartTime',
	'ScheduledPerformingPhysicianName',
	'ScheduledProcedureStepDescription',
	'ScheduledProtocolCodeSequence',
	'ScheduledProcedureStepID',
	'ScheduledStationName',
	'ScheduledProcedureStepLocation',
	'PreMedication',
	'ScheduledProcedureStepStatus',
];

const emptyKeys = (keywords: string[]): Record<string, string> =>
	Object.fromEntries(keywords.map((keyword) => [keyword, '']));

test('every return key is supported, with the values of the order', () => {
	const world = quietWorld();
	const { details, patient, studyInstanceUid } = placeOrder(world, 'ct2', 10);
	const identifier = DataSet.from({
		...emptyKeys(TOP_LEVEL),
		ScheduledProcedureStepSequence: [DataSet.from(emptyKeys(OF_STEP))],
	});
	const { statuses, entries } = run(world, find(world, identifier));
	// FF00, not FF01: no key is unknown.
	expect(statuses).toEqual([0xff00, 0x0000]);
	const [entry] = entries;
	const [scheduled] = entry?.items('ScheduledProcedureStepSequence') ?? [];
	if (!entry || !scheduled) throw new Error('no entry');
	for (const keyword of TOP_LEVEL) expect(entry.has(keyword), keyword).toBe(true);
	for (const keyword of OF_STEP) expect(scheduled.has(keyword), keyword).toBe(true);
	const text = (keyword: string): string | undefined => entry.text(keyword);
	expect(text('PatientID')).toBe(patient.id);
	expect(text('IssuerOfPatientID')).toBe('LARKFIELD');
	expect(text('ReferringPhysicianName')).toBe(details.referringPhysician);
	expect(text('RequestingPhysician')).toBe(details.requestingPhysician);
	expect(text('FillerOrderNumberImagingServiceRequest')).toBe('F260309000001');
	expect(text('PlacerOrderNumberImagingServiceRequest')).toBe('P1');
	expect(text('AdmissionID')).toBe(details.admissionId);
	expect(text('CurrentPatientLocation')).toBe('Neurology');
	expect(text('PatientWeight')).toBe(details.patientWeight);
	expect(text('PregnancyStatus')).toBe(details.pregnancyStatus);
	expect(entry.items('OtherPatientIDsSequence').map((item) => item.text('PatientID'))).toEqual(
		details.otherPatientIds.map(({ id }) => id),
	);
	const [study] = entry.items('ReferencedStudySequence');
	expect(study?.text('ReferencedSOPInstanceUID')).toBe(studyInstanceUid);
	expect(scheduled.text('ScheduledStationName')).toBe('CT 2');
	expect(scheduled.text('ScheduledProcedureStepLocation')).toBe('EMERGENCY');
	expect(scheduled.text('ScheduledProcedureStepStatus')).toBe('SCHEDULED');
	const [protocol] = scheduled.items('ScheduledProtocolCodeSequence');
	expect(protocol?.text('CodeValue')).toBe('CTHEAD');
});

test('matching: keys of the step, dates, times, patients, wildcards', () => {
	const world = quietWorld();
	const first = placeOrder(world, 'ct1', 10);
	placeOrder(world, 'ct2', 60);
	placeOrder(world, 'ct1', 26 * 60);
	const find1 = (keys: Record<string, DataSetValue>): string[] => accessions(world, step(keys));
	const date = 'ScheduledProcedureStepStartDate';
	const time = 'ScheduledProcedureStepStartTime';
	expect(find1({ ScheduledStationAETitle: 'CT1' })).toEqual(['A1', 'A3']);
	expect(find1({ ScheduledStationAETitle: 'ct1' })).toEqual([]);
	expect(find1({ ScheduledStationAETitle: 'CT1\\CT2' })).toEqual(['A1', 'A2', 'A3']);
	expect(find1({ Modality: 'MR' })).toEqual([]);
	expect(find1({ [date]: '20260309' })).toEqual(['A1', 'A2']);
	expect(find1({ [date]: '20260309-20260310' })).toEqual(['A1', 'A2', 'A3']);
	expect(find1({ [date]: '20260310-' })).toEqual(['A3']);
	expect(find1({ [time]: '0700-0730' })).toEqual(['A1']);
	expect(find1({ [time]: '0800-0830' })).toEqual(['A2']);
	// A range of days with a range of times is one period, table K.6-1: not each day's morning.
	expect(find1({ [date]: '20260309-20260310', [time]: '0715-0705' })).toEqual(['A2']);
	expect(find1({ [date]: '20260309-20260310', [time]: '0730-0930' })).toEqual(['A2', 'A3']);
	expect(find1({ ScheduledProcedureStepID: 'SPS3' })).toEqual(['A3']);
	expect(find1({ ScheduledPerformingPhysicianName: 'nobody*' })).toEqual([]);
	expect(accessions(world, { PatientID: first.patient.id })).toEqual(['A1']);
	expect(accessions(world, { PatientName: `${first.patient.name.slice(0, 4)}*` })).toContain('A1');
	expect(accessions(world, { AccessionNumber: 'A?' })).toEqual(['A1', 'A2', 'A3']);
	expect(accessions(world, { RequestedProcedureID: 'RP2' })).toEqual(['A2']);
	expect(accessions(world, {})).toEqual(['A1', 'A2', 'A3']);
});

test('a key that the RIS does not have is answered with FF01', () => {
	const world = quietWorld();
	placeOrder(world, 'ct1', 10);
	const unknown = DataSet.from({ AccessionNumber: '', EthnicGroup: '' });
	expect(run(world, find(world, unknown)).statuses).toEqual([0xff01, 0x0000]);
	const nested = DataSet.from(step({ ScheduledProcedureStepID: '', TreatmentSite: '' }));
	expect(run(world, find(world, nested)).statuses).toEqual([0xff01, 0x0000]);
});

test('a cancelled query ends with FE00 and leaves the rest out', () => {
	const world = quietWorld();
	for (let i = 0; i < 30; i++) placeOrder(world, 'ct1', i);
	const { statuses, entries } = run(world, find(world, DataSet.from({ AccessionNumber: '' }), 3));
	expect(statuses.at(-1)).toBe(0xfe00);
	expect(entries.length).toBeGreaterThanOrEqual(3);
	expect(entries.length).toBeLessThan(30);
	expect(world.device('ris').logFile.lines.at(-1)).toContain(
		`cancelled after ${entries.length} entries`,
	);
});

test('names go out in the character set of the RIS, and are found in any', () => {
	const world = quietWorld();
	const ris = world.device('ris') as Ris;
	const patient = {
		id: 'SYN10000009',
		name: 'Larch^Zoë=林^蔵',
		birthDate: '19700101',
		sex: 'F',
	} as const;
	placeOrder(world, 'ct1', 10, { patient });
	const named = (specificCharacterSet: string): { name: string; set: string; bytes: string } => {
		const identifier = DataSet.from({
			SpecificCharacterSet: specificCharacterSet,
			PatientName: 'Larch^Zoë*',
		});
		const [entry] = run(world, find(world, identifier)).entries;
		return {
			name: entry?.text('PatientName') ?? '',
			set: entry?.text('SpecificCharacterSet') ?? '',
			bytes: Buffer.from(entry?.bytes('PatientName') ?? []).toString('hex'),
		};
	};
	expect(named('ISO_IR 192')).toMatchObject({ name: 'Larch^Zoë=?^?', set: 'ISO_IR 100' });
	expect(named('ISO_IR 100').bytes).toContain('eb');
	ris.config.characterSet = 'ISO_IR 192';
	expect(named('ISO_IR 100')).toMatchObject({ name: 'Larch^Zoë=林^蔵', set: 'ISO_IR 192' });
	expect(named('ISO_IR 100').bytes).toContain('c3ab');
});

test('bytes that are no identifier are A900', () => {
	const world = quietWorld();
	placeOrder(world, 'ct1', 10);
	const broken = new DataSet().setRaw(0x00080050, 'SH', new Uint8Array(2));
	function* ask(): Process<number | undefined> {
		const opened = yield* openAssociation(world, world.host('admin'), {
			host: 'ris',
			port: 104,
			calledAeTitle: 'RISMWL',
			callingAeTitle: 'PACSDESK',
			implementation: PRODUCTS.desk,
			contexts: [{ abstractSyntax: MODEL, transferSyntaxes: [EXPLICIT] }],
		});
		if (!opened.ok) throw new Error('not opened');
		const bytes = encodeDataSet(broken, { transferSyntax: EXPLICIT });
		const cut = [Buffer.concat(bytes).subarray(0, 9)];
		const command = cFindRequest({ messageId: 1, sopClassUid: MODEL });
		const answer = yield* opened.link.request(MODEL, command, cut);
		yield* opened.link.release();
		return answer.kind === 'response' ? answer.command.Status : undefined;
	}
	expect(run(world, ask())).toBe(0xa900);
});
