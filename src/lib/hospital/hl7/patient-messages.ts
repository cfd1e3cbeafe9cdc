import { buildMessage, type Er7Fields } from '#lib/protocol/hl7/build.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import type { Patient } from '../patients.ts';
import type { Order } from '../records.ts';
import { headerOf, hl7Time, type MessageContext } from './message-context.ts';
import { xcnOf, xpnOf } from './names.ts';

/**
 * Messages about patients and visits: IHE RAD-1 Patient Registration and RAD-12 Patient Update, in their
 * form of HL7 v2.5.1.
 */

/** Where and as what a patient is in the hospital. */
export interface Visit {
	/** Table 0004: emergency, inpatient, outpatient, preadmit. */
	readonly patientClass: 'E' | 'I' | 'O' | 'P';
	readonly location: string;
	readonly visitNumber: string;
	/** PN. */
	readonly referringPhysician: string;
	/** B6 in PV1-15. */
	readonly isPregnant: boolean;
}

/** The visit that an order belongs to. */
export function visitOf({ department, details }: Order): Visit {
	return {
		patientClass: department === 'Emergency' ? 'E' : 'O',
		location: details.patientLocation,
		visitNumber: details.admissionId,
		referringPhysician: details.referringPhysician,
		isPregnant: details.pregnancyStatus === '3',
	};
}

/** CX of a patient number. */
function patientIdentifier(id: string, { assigningAuthority }: MessageContext) {
	return [id, '', '', assigningAuthority, 'MR'] as const;
}

export function patientSegment(
	patient: Patient,
	context: MessageContext,
): readonly ['PID', Er7Fields] {
	return [
		'PID',
		{
			1: '1',
			3: [patientIdentifier(patient.id, context)],
			5: [xpnOf(patient.name)],
			7: patient.birthDate,
			8: patient.sex,
		},
	];
}

export function visitSegment(visit: Visit, context: MessageContext): readonly ['PV1', Er7Fields] {
	const { assigningAuthority } = context;
	const referring = xcnOf(visit.referringPhysician);
	return [
		'PV1',
		{
			1: '1',
			2: visit.patientClass,
			...(visit.location === '' ? {} : { 3: [[visit.location]] }),
			...(referring === undefined ? {} : { 8: [referring] }),
			...(visit.isPregnant ? { 15: 'B6' } : {}),
			...(visit.visitNumber === ''
				? {}
				: { 19: [[visit.visitNumber, '', '', assigningAuthority]] }),
		},
	];
}

/** Allergies as text; none without. */
export function allergySegments(allergies: string): readonly (readonly ['AL1', Er7Fields])[] {
	return allergies === '' ? [] : [['AL1', { 1: '1', 3: [['', allergies]] }]];
}

function eventSegment({ timeUs }: MessageContext): readonly ['EVN', Er7Fields] {
	return ['EVN', { 2: hl7Time(timeUs) }];
}

/** Structures of table 0354 by event. */
const STRUCTURES = {
	A01: 'ADT_A01',
	A02: 'ADT_A02',
	A03: 'ADT_A03',
	A04: 'ADT_A01',
	A05: 'ADT_A05',
	A08: 'ADT_A01',
	A11: 'ADT_A09',
} as const;

/**
 * A patient is admitted (A01), registered (A04) or pre-admitted (A05): RAD-1. Transferred (A02), discharged
 * (A03), updated (A08), admission cancelled (A11): RAD-12.
 */
export function patientMessage(
	event: keyof typeof STRUCTURES,
	patient: Patient,
	visit: Visit,
	context: MessageContext,
): Er7Message {
	return buildMessage(headerOf(context, ['ADT', event, STRUCTURES[event]], '2.5.1'), [
		eventSegment(context),
		patientSegment(patient, context),
		visitSegment(visit, context),
	]);
}

/** Two numbers are one patient: what is filed under `priorId` belongs to the survivor (A40, RAD-12). */
export function mergeMessage(
	survivor: Patient,
	priorId: string,
	context: MessageContext,
): Er7Message {
	return buildMessage(headerOf(context, ['ADT', 'A40', 'ADT_A39'], '2.5.1'), [
		eventSegment(context),
		patientSegment(survivor, context),
		['MRG', { 1: [patientIdentifier(priorId, context)] }],
	]);
}
