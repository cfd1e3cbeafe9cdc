import type { Random } from '#lib/kernel/random.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { fillerOrderNumber } from './identifiers.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from './patient-names.ts';
import { ageString, type Patient } from './patients.ts';
import type { OrderDetails } from './records.ts';

/** What the details of an order are made for. */
export interface DetailsContext {
	/** µs since 1970 at the start of the hospital's day, and the number of the order within it. */
	dayUs: Micros;
	number: number;
	patient: Patient;
	department: string;
}

/** Who gives the ids that some patients bring from elsewhere. */
const OTHER_ISSUER = 'REGION';

/** Makes the details of a new order; all people and findings are invented. */
export function newOrderDetails(random: Random, context: DetailsContext): OrderDetails {
	const { dayUs, number, patient, department } = context;
	const years = yearsOf(patient, dayUs);
	const otherId = `R${random.between(10_000_000, 99_999_999)}`;
	return {
		fillerOrderNumber: fillerOrderNumber(dayUs, number),
		requestingPhysician: physician(random),
		referringPhysician: physician(random),
		scheduledPerformingPhysician: physician(random),
		admissionId: `V${random.between(1_000_000, 9_999_999)}`,
		patientLocation: department,
		otherPatientIds: random.below(100) < 30 ? [{ id: otherId, issuer: OTHER_ISSUER }] : [],
		patientWeight: weight(random, years),
		pregnancyStatus: pregnancyStatus(random, patient, years),
		patientState: '',
		medicalAlerts: oneOf(random, years > 60 ? 6 : 1, ['Cardiac pacemaker', 'Cochlear implant']),
		allergies: oneOf(random, 8, ['Penicillin', 'Latex', 'Iodinated contrast medium']),
		specialNeeds: oneOf(random, years > 75 ? 20 : 4, ['Wheelchair', 'Interpreter']),
		confidentiality: oneOf(random, 1, ['Restricted, member of staff']),
	};
}

function physician(random: Random): string {
	const given = random.pick([...GIVEN_NAMES.F, ...GIVEN_NAMES.M]);
	return `${random.pick(FAMILY_NAMES)}^${given}^^Dr.`;
}

/** One of the texts for so many of a hundred patients, otherwise nothing. */
function oneOf(random: Random, percent: number, texts: readonly string[]): string {
	const text = random.pick(texts);
	return random.below(100) < percent ? text : '';
}

function yearsOf(patient: Patient, atUs: Micros): number {
	const age = ageString(patient.birthDate, atUs);
	return age.endsWith('Y') ? Number(age.slice(0, 3)) : 0;
}

/** A plausible weight; not every patient has been put on the scales. */
function weight(random: Random, years: number): string {
	const adult = random.between(48, 104);
	const child = 9 + years * 3 + random.between(-2, 4);
	const infant = random.between(3, 10);
	const kilograms = years >= 18 ? adult : years >= 1 ? child : infant;
	return random.below(100) < 70 ? String(kilograms) : '';
}

function pregnancyStatus(
	random: Random,
	patient: Patient,
	years: number,
): OrderDetails['pregnancyStatus'] {
	const chance = random.below(100);
	if (patient.sex !== 'F' || years < 16 || years > 48) return '';
	return chance < 90 ? '1' : chance < 93 ? '2' : chance < 95 ? '3' : '4';
}
