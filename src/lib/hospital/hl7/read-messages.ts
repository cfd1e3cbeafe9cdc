import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { pnOf } from './names.ts';

/** What a receiver takes out of messages, in the terms of DICOM. Missing values are ''. */

/**
 * The demographics: undefined is what the message does not say, which leaves everything as it is, and ''
 * what it says to delete (HL7 v2.5.1 section 2.5.3).
 */
export interface PatientOfMessage {
	/** Of the first repetition of PID-3. */
	readonly id: string;
	/** PN. */
	readonly name: string | undefined;
	/** DA. */
	readonly birthDate: string | undefined;
	readonly sex: string | undefined;
}

/** A scheduled procedure of RAD-4 or RAD-13, wherever its form of message has it. */
export interface ScheduledProcedure {
	readonly control: string;
	readonly status: string;
	readonly accessionNumber: string;
	readonly requestedProcedureId: string;
	readonly scheduledProcedureStepId: string;
	readonly studyInstanceUid: string;
	readonly modality: string;
	readonly description: string;
	/** DTM. */
	readonly start: string;
}

/** `OMI^O23`, as logs name a message. */
export function typeOfMessage(message: Er7Message): string {
	return [valueAt(message, 'MSH-9.1').text, valueAt(message, 'MSH-9.2').text]
		.filter((part) => part !== '')
		.join('^');
}

/** How the sender knows the patient of a PID now. */
export function patientOfMessage(message: Er7Message, occurrence = 1): PatientOfMessage {
	const said = (field: number): string | undefined => {
		const { presence, text } = valueAt(message, `PID[${occurrence}]-${field}`);
		return presence === 'absent' || presence === 'empty' ? undefined : text.trim();
	};
	const name = [1, 2, 3, 4, 5].map(
		(component) => valueAt(message, `PID[${occurrence}]-5.${component}`).text,
	);
	return {
		id: valueAt(message, `PID[${occurrence}]-3.1`).text.trim(),
		name: said(5) === undefined ? undefined : pnOf(name),
		birthDate: said(7)?.slice(0, 8),
		sex: said(8),
	};
}

/** A merge: what is filed under the prior number belongs to the patient. */
export interface MergeOfMessage {
	readonly survivor: PatientOfMessage;
	readonly priorId: string;
}

/** The merges of an A40 or its relatives, one for each MRG. */
export function mergesOfMessage(message: Er7Message): MergeOfMessage[] {
	const count = message.segments.filter(({ id }) => id === 'MRG').length;
	return Array.from({ length: count }, (_, index) => ({
		survivor: patientOfMessage(message, index + 1),
		priorId: valueAt(message, `MRG[${index + 1}]-1.1`).text.trim(),
	}));
}

/** The scheduled procedures of OMI^O23 (IPC) or ORM^O01 (OBR-18 and the following, ZDS). */
export function proceduresOfMessage(message: Er7Message): ScheduledProcedure[] {
	const count = message.segments.filter(({ id }) => id === 'ORC').length;
	return Array.from({ length: count }, (_, index) => procedureAt(message, index + 1));
}

function procedureAt(message: Er7Message, number: number): ScheduledProcedure {
	const text = (segment: string, place: string): string =>
		valueAt(message, `${segment}[${number}]-${place}`).text.trim();
	const isImaging = message.segments.some(({ id }) => id === 'IPC');
	const own = (ipc: string, obr: string): string =>
		isImaging ? text('IPC', ipc) : text('OBR', obr);
	return {
		control: text('ORC', '1'),
		status: text('ORC', '5'),
		accessionNumber: own('1.1', '18'),
		requestedProcedureId: own('2.1', '19'),
		scheduledProcedureStepId: own('4.1', '20'),
		studyInstanceUid: isImaging ? text('IPC', '3.1') : valueAt(message, 'ZDS-1.1').text.trim(),
		modality: own('5.1', '24'),
		description: text('OBR', '4.2'),
		start: isImaging ? text('TQ1', '7') : text('ORC', '7.4'),
	};
}
