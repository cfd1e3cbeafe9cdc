import type { Micros } from '#lib/kernel/time.ts';
import type { Patient } from './patients.ts';

/**
 * What really happened to whom, independent of what any system believes: the yardstick for checks and
 * impact. Devices may read an order they were told of; only the world writes here.
 */

export type OrderStatus = 'scheduled' | 'acquired' | 'read' | 'discontinued';

/**
 * What an order says besides who, what and when: the attributes that Modality Worklist returns as type 2
 * (PS3.4 table K.6-1). Text is '' where the ordering system said nothing.
 */
export interface OrderDetails {
	readonly fillerOrderNumber: string;
	/** PN, as the other physicians here. */
	readonly requestingPhysician: string;
	readonly referringPhysician: string;
	readonly scheduledPerformingPhysician: string;
	readonly admissionId: string;
	readonly patientLocation: string;
	/** Identifiers that other systems have for the patient. */
	readonly otherPatientIds: readonly { readonly id: string; readonly issuer: string }[];
	/** Kilograms as a DS. */
	readonly patientWeight: string;
	/** PS3.3 C.2.4: 1 not pregnant, 2 possibly, 3 definitely, 4 unknown. */
	readonly pregnancyStatus: '' | '1' | '2' | '3' | '4';
	readonly patientState: string;
	readonly medicalAlerts: string;
	readonly allergies: string;
	readonly specialNeeds: string;
	readonly confidentiality: string;
}

/** An order that says no more than it must. */
export const NO_DETAILS: OrderDetails = {
	fillerOrderNumber: '',
	requestingPhysician: '',
	referringPhysician: '',
	scheduledPerformingPhysician: '',
	admissionId: '',
	patientLocation: '',
	otherPatientIds: [],
	patientWeight: '',
	pregnancyStatus: '',
	patientState: '',
	medicalAlerts: '',
	allergies: '',
	specialNeeds: '',
	confidentiality: '',
};

export interface Order {
	/** '' for an examination that nobody had ordered. */
	accessionNumber: string;
	placerOrderNumber: string;
	requestedProcedureId: string;
	scheduledProcedureStepId: string;
	studyInstanceUid: string;
	patient: Patient;
	procedure: {
		id: string;
		modality: 'CT' | 'DX';
		description: string;
		code: { value: string; scheme: string; meaning: string };
		minutes: number;
	};
	/** The modality it is scheduled on. */
	device: string;
	priority: 'ROUTINE' | 'STAT';
	department: string;
	details: OrderDetails;
	/** Kernel times. */
	placedUs: Micros;
	scheduledUs: Micros;
	status: OrderStatus;
	acquiredUs?: Micros;
	/** When the last image reached the archive. */
	archivedUs?: Micros;
	readUs?: Micros;
	/** SOP Instance UIDs made for it. */
	instances: string[];
}

/** All orders of a world, by accession number and by study. */
export class Records {
	readonly orders: Order[] = [];
	readonly #byAccession = new Map<string, Order>();
	readonly #byStudy = new Map<string, Order>();

	add(order: Order): void {
		this.orders.push(order);
		if (order.accessionNumber !== '') this.#byAccession.set(order.accessionNumber, order);
		this.#byStudy.set(order.studyInstanceUid, order);
	}

	byAccession(accessionNumber: string): Order | undefined {
		return this.#byAccession.get(accessionNumber);
	}

	byStudy(studyInstanceUid: string): Order | undefined {
		return this.#byStudy.get(studyInstanceUid);
	}
}
