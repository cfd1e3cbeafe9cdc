import {
	accessionNumber,
	fillerOrderNumber,
	newUid,
	placerOrderNumber,
	requestedProcedureId,
	scheduledProcedureStepId,
} from '#lib/hospital/identifiers.ts';
import { newPatient, type Patient } from '#lib/hospital/patients.ts';
import { Random } from '#lib/kernel/random.ts';
import { hours, microsFromCivil, minutes, type Micros } from '#lib/kernel/time.ts';

export type CaseModality = 'CT' | 'DX';

export interface CaseProcedure {
	modality: CaseModality;
	code: string;
	text: string;
}

/** A patient, a visit and an order that never were. The exhibits of one question share them. */
export interface ClinicalCase {
	/** The present moment, µs since 1970. */
	nowUs: Micros;
	patient: Patient;
	/** A second record number that was given to the same person by mistake. */
	priorPatientId: string;
	account: string;
	visit: string;
	ward: string;
	attending: readonly [id: string, family: string, given: string];
	procedure: CaseProcedure;
	accession: string;
	placer: string;
	filler: string;
	requestedProcedure: string;
	scheduledStep: string;
	studyUid: string;
	stationAeTitle: string;
	/** µs since 1970. */
	scheduledUs: Micros;
}

/** Codes of the hospital's own scheme. */
const PROCEDURES: Record<CaseModality, readonly CaseProcedure[]> = {
	CT: [
		{ modality: 'CT', code: 'CTHEAD', text: 'CT Head without contrast' },
		{ modality: 'CT', code: 'CTHEADTR', text: 'CT Head trauma' },
	],
	DX: [{ modality: 'DX', code: 'DXCHEST', text: 'Chest PA' }],
};

/** The coding scheme of the procedure codes: local, as 99 in front says (PS3.16 section 8.2). */
export const LOCAL_SCHEME = '99LARK';

const WARDS = ['W3A', 'W4B', 'ICU', 'ED', 'OPC', 'NEURO'];
const ATTENDINGS = [
	['Solano', 'Mira'],
	['Tarn', 'Owen'],
	['Hazel', 'Noor'],
	['Quill', 'Tomas'],
	['Amberg', 'Ines'],
] as const;

/** A moment on a working day of 2026, in whole seconds. */
function drawMoment(random: Random): Micros {
	const newYearUs = microsFromCivil({
		year: 2026,
		month: 1,
		day: 1,
		hour: 0,
		minute: 0,
		second: 0,
		microsecond: 0,
	});
	const dayUs = newYearUs + random.between(7, 340) * hours(24);
	return dayUs + hours(7) + random.below(11 * 3_600) * 1_000_000;
}

/** The case of a seed. `modality` decides what is examined; the person stays the same. */
export function drawCase(seed: string, modality?: CaseModality): ClinicalCase {
	const random = new Random(seed, 'case');
	const nowUs = drawMoment(random);
	const dayUs = nowUs - (nowUs % hours(24));
	const patient = newPatient(random, nowUs);
	const priorPatientId = newPatient(random, nowUs, (id) => id === patient.id).id;
	const number = random.between(11, 480);
	const drawn = random.pick(['CT', 'DX'] as const);
	const [family, given] = random.pick(ATTENDINGS);
	const station = random.between(1, 4);
	const examined = modality ?? drawn;
	return {
		nowUs,
		patient,
		priorPatientId,
		account: `AC${random.between(1_000_000, 9_999_999)}`,
		visit: `V${random.between(10_000_000, 99_999_999)}`,
		ward: random.pick(WARDS),
		attending: [`D${random.between(1_000, 9_999)}`, family, given],
		// Each number has a different count: no system numbers like another.
		accession: accessionNumber(dayUs, number),
		placer: placerOrderNumber(dayUs, number * 7 + random.between(1, 6)),
		filler: fillerOrderNumber(dayUs, number * 3 + random.between(1, 2)),
		requestedProcedure: requestedProcedureId(dayUs, number),
		scheduledStep: scheduledProcedureStepId(dayUs, number),
		studyUid: newUid(random),
		scheduledUs: nowUs + minutes(5 * random.between(2, 18)),
		procedure: new Random(seed, 'procedure').pick(PROCEDURES[examined]),
		stationAeTitle: `${examined}${station}`,
	};
}
