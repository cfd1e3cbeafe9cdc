import type { Micros } from '#lib/kernel/time.ts';
import type { Patient } from './patients.ts';

/**
 * What really happened to whom, independent of what any system believes: the yardstick for checks and
 * impact. Devices may read an order they were told of; only the world writes here.
 */

export type OrderStatus = 'scheduled' | 'acquired' | 'read';

export interface Order {
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
		this.#byAccession.set(order.accessionNumber, order);
		this.#byStudy.set(order.studyInstanceUid, order);
	}

	byAccession(accessionNumber: string): Order | undefined {
		return this.#byAccession.get(accessionNumber);
	}

	byStudy(studyInstanceUid: string): Order | undefined {
		return this.#byStudy.get(studyInstanceUid);
	}
}
