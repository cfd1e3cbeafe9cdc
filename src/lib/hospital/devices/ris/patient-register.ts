import type { Patient } from '../../patients.ts';

/**
 * The patients as the RIS has them on file: by number, with corrections and merges. What really is, the
 * world's records have.
 */
export class PatientRegister {
	readonly #patients = new Map<string, Patient>();
	/** Numbers that were merged away, and the number that took over. */
	readonly #merged = new Map<string, string>();

	/** A patient comes with an order: put on file unless known. Returns how the register has them. */
	register(patient: Patient): Patient {
		const known = this.find(patient.id);
		if (known) return known;
		this.#patients.set(patient.id, patient);
		return patient;
	}

	/** The patient that a number stands for now. */
	find(id: string): Patient | undefined {
		return this.#patients.get(this.survivorOf(id));
	}

	/** The number that a number was merged into, or itself. */
	survivorOf(id: string): string {
		// Merges are refused for numbers merged away, so that chains cannot become circles.
		let survivor = id;
		for (let next = this.#merged.get(id); next !== undefined; next = this.#merged.get(next)) {
			survivor = next;
		}
		return survivor;
	}

	/** Changes what is on file of a patient. Undefined when there is no such patient. */
	correct(id: string, changes: Partial<Omit<Patient, 'id'>>): Patient | undefined {
		const known = this.find(id);
		if (!known) return undefined;
		const corrected: Patient = { ...known, ...changes };
		this.#patients.set(known.id, corrected);
		return corrected;
	}

	/** Puts the orders of a number under another one; a sentence when that cannot be. */
	merge(survivorId: string, priorId: string): string | undefined {
		if (survivorId === priorId) return 'Two different patient numbers are needed.';
		for (const id of [survivorId, priorId]) {
			if (!this.#patients.has(id)) return `There is no patient ${id}.`;
			const survivor = this.survivorOf(id);
			if (survivor !== id) return `${id} was merged into ${survivor} already.`;
		}
		this.#merged.set(priorId, survivorId);
		return undefined;
	}
}
