import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import type { Er7Fields, Er7RepetitionData } from '#lib/protocol/hl7/build.ts';
import { LOCAL_SCHEME, type ClinicalCase } from '../clinical-case.ts';

/** Who talks to whom; the namespaces of MSH-3 to MSH-6. */
export interface Route {
	sendingApplication: string;
	sendingFacility: string;
	receivingApplication: string;
	receivingFacility: string;
	controlId: string;
}

export type Segment = readonly [id: string, fields: Er7Fields];

/** A time as HL7 writes it, to the second. */
export function hl7Time(us: Micros): string {
	return formatDicomDate(us) + formatDicomTime(us);
}

/** MSH from MSH-3 on. `type` is message type, trigger event and, from v2.3.1 on, structure. */
export function header(
	route: Route,
	type: readonly string[],
	version: string,
	atUs: Micros,
): Er7Fields {
	return {
		3: route.sendingApplication,
		4: route.sendingFacility,
		5: route.receivingApplication,
		6: route.receivingFacility,
		7: hl7Time(atUs),
		9: [[...type]],
		10: route.controlId,
		11: 'P',
		12: version,
		// Unicode came with v2.4; the names here need no more than ISO 8859-1.
		18: '8859/1',
	};
}

export function eventSegment(trigger: string, atUs: Micros): Segment {
	return ['EVN', { 1: trigger, 2: hl7Time(atUs) }];
}

function recordNumber(id: string): Er7RepetitionData {
	return [id, undefined, undefined, 'LARK', 'MR'];
}

export function patientSegment({ patient, account }: ClinicalCase): Segment {
	const [family = '', given = ''] = patient.name.split('^');
	return [
		'PID',
		{
			1: '1',
			3: [recordNumber(patient.id)],
			5: [[family, given]],
			7: patient.birthDate,
			8: patient.sex,
			18: [[account]],
		},
	];
}

/** The identifier that ends with a merge, and the person's name. */
export function mergeSegment({ patient, priorPatientId }: ClinicalCase): Segment {
	const [family = '', given = ''] = patient.name.split('^');
	return ['MRG', { 1: [recordNumber(priorPatientId)], 7: [[family, given]] }];
}

/** Patient class (HL7 table 0004) of places that are no wards; who lies on a ward is an inpatient. */
const CLASS_OF_PLACE: Readonly<Record<string, 'E' | 'O'>> = { ED: 'E', OPC: 'O' };

/** Where the patient of a case would be as an inpatient, or as somebody who came for the day. */
export function placeOf({ ward }: ClinicalCase, stay: 'inpatient' | 'outpatient'): string {
	const isWard = CLASS_OF_PLACE[ward] === undefined;
	if (stay === 'inpatient') return isWard ? ward : 'W4B';
	return isWard ? 'OPC' : ward;
}

export function visitSegment(known: ClinicalCase, place = known.ward): Segment {
	return [
		'PV1',
		{
			1: '1',
			2: CLASS_OF_PLACE[place] ?? 'I',
			3: [[place]],
			7: [[...known.attending]],
			19: [[known.visit]],
			44: hl7Time(known.nowUs - 45 * 60_000_000),
		},
	];
}

/** ORC of an order that the RIS has scheduled. */
export function orderSegment(known: ClinicalCase, orderControl: string, status: string): Segment {
	return [
		'ORC',
		{
			1: orderControl,
			2: [[known.placer, 'EHR']],
			3: [[known.filler, 'RIS']],
			5: status,
			9: hl7Time(known.nowUs),
			12: [[...known.attending]],
		},
	];
}

/** The coded procedure of OBR-4 and OBR-44. */
function procedureOf({ procedure }: ClinicalCase): Er7RepetitionData {
	return [procedure.code, procedure.text, LOCAL_SCHEME];
}

/** OBR with what every order and result has. */
export function requestSegment(known: ClinicalCase, further: Er7Fields): Segment {
	return [
		'OBR',
		{
			1: '1',
			2: [[known.placer, 'EHR']],
			3: [[known.filler, 'RIS']],
			4: [procedureOf(known)],
			16: [[...known.attending]],
			...further,
		},
	];
}

/**
 * OBR-18 to OBR-20 and OBR-24 as IHE Radiology uses them in v2.3.1: accession number, requested procedure ID,
 * scheduled procedure step ID and modality (RAD TF-2, transaction RAD-4).
 */
export function imagingFields(known: ClinicalCase): Er7Fields {
	return {
		18: known.accession,
		19: known.requestedProcedure,
		20: known.scheduledStep,
		24: known.procedure.modality,
	};
}
