import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { AcknowledgedError } from '#lib/protocol/hl7/acknowledgement.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { z } from 'zod';
import type { Device } from '../../device.ts';
import { MessageHistory } from '../../hl7/message-history.ts';
import { MllpListener } from '../../hl7/mllp-listener.ts';
import {
	mergesOfMessage,
	patientOfMessage,
	proceduresOfMessage,
	type MergeOfMessage,
	type PatientOfMessage,
	type ScheduledProcedure,
} from '../../hl7/read-messages.ts';
import type { StoredStudy, StudyStore } from './study-store.ts';

export const archiveHl7Schema = z.strictObject({
	port: z.int().min(1).max(65_535).default(2575),
});

export type ArchiveHl7Config = z.infer<typeof archiveHl7Schema>;

/** A scheduled procedure as the archive was told of it. */
export interface AnnouncedProcedure {
	patientId: string;
	patientName: string;
	readonly procedure: ScheduledProcedure;
}

/** What it takes: patients (RAD-12), scheduled procedures and their updates (RAD-4, RAD-13). */
const EVENTS = [
	...['A01', 'A02', 'A03', 'A04', 'A05', 'A08', 'A11', 'A18', 'A34', 'A40', 'A47'].map(
		(event) => `ADT^${event}`,
	),
	'OMI^O23',
	'ORM^O01',
];

const VERSIONS = ['2.3.1', '2.4', '2.5', '2.5.1'];

/** Events that put what is under the prior number under that of the patient. */
const MERGES = new Set(['A18', 'A34', 'A40', 'A47']);

/** Order control codes after which a procedure is expected no more (table 0119). */
const ENDED = new Set(['CA', 'DC', 'OC', 'OD', 'RP']);

/** How the archive takes part in the hospital's HL7 traffic. */
export class ArchiveHl7 {
	readonly history = new MessageHistory();
	/** By accession number. */
	readonly procedures = new Map<string, AnnouncedProcedure>();
	readonly listener: MllpListener;
	readonly #device: Device;
	readonly #store: StudyStore;
	/** Patient numbers merged away, and the number that took over. */
	readonly #merged = new Map<string, string>();

	constructor(device: Device, store: StudyStore, config: ArchiveHl7Config) {
		this.#device = device;
		this.#store = store;
		this.listener = new MllpListener(device, {
			port: () => config.port,
			receiver: { events: EVENTS, versions: VERSIONS, processingIds: ['P'] },
			history: this.history,
			process: (message) => this.#process(message),
			about: (message) => this.#about(message),
		});
	}

	#about(message: Er7Message): string {
		const [merge] = mergesOfMessage(message);
		if (merge) return `${merge.priorId} into ${merge.survivor.id}`;
		const accessions = proceduresOfMessage(message).map((one) => one.accessionNumber);
		return accessions.join(', ') || patientOfMessage(message).id;
	}

	#process(message: Er7Message): AcknowledgedError[] {
		if (valueAt(message, 'MSH-9.1').text !== 'ADT') return this.#schedule(message);
		if (!MERGES.has(valueAt(message, 'MSH-9.2').text)) return this.#update(message);
		return mergesOfMessage(message).flatMap((merge, index) => this.#merge(merge, index + 1));
	}

	/** 204 when the message is about a number that is no more. */
	#gone(id: string): AcknowledgedError[] {
		const survivor = this.#merged.get(id);
		if (survivor === undefined) return [];
		const location = { segment: 'PID', field: 3 };
		return [{ code: '204', location, userMessage: `${id} was merged into ${survivor}` }];
	}

	#studiesOf(patientId: string): StoredStudy[] {
		return [...this.#store.studies.values()].filter((study) => study.patientId === patientId);
	}

	#update(message: Er7Message): AcknowledgedError[] {
		const patient = patientOfMessage(message);
		const gone = this.#gone(patient.id);
		if (gone.length > 0) return gone;
		const studies = this.#studiesOf(patient.id);
		for (const study of studies) describe(study, patient);
		for (const announced of this.procedures.values()) {
			if (announced.patientId === patient.id)
				announced.patientName = patient.name ?? announced.patientName;
		}
		this.#device.log('INFO', `patient ${patient.id} updated: ${studies.length} studies`);
		return [];
	}

	#merge({ survivor, priorId }: MergeOfMessage, occurrence: number): AcknowledgedError[] {
		if (survivor.id === priorId) {
			const location = { segment: 'MRG', occurrence, field: 1 };
			return [{ code: '205', location, userMessage: 'MRG-1 is the number of PID-3' }];
		}
		const gone = this.#gone(survivor.id);
		if (gone.length > 0) return gone;
		const studies = this.#studiesOf(priorId);
		for (const study of studies) {
			study.patientId = survivor.id;
			describe(study, survivor);
		}
		for (const announced of this.procedures.values()) {
			if (announced.patientId !== priorId) continue;
			announced.patientId = survivor.id;
			announced.patientName = survivor.name ?? announced.patientName;
		}
		this.#merged.set(priorId, survivor.id);
		this.#device.log(
			'INFO',
			`patient ${priorId} merged into ${survivor.id}: ${studies.length} studies`,
		);
		this.#device.world.kernel.record('patients-merged', {
			device: this.#device.id,
			survivor: survivor.id,
			prior: priorId,
			studies: studies.length,
		});
		return [];
	}

	#schedule(message: Er7Message): AcknowledgedError[] {
		const patient = patientOfMessage(message);
		const gone = this.#gone(patient.id);
		if (gone.length > 0) return gone;
		return proceduresOfMessage(message).flatMap((procedure, index) =>
			this.#note(procedure, patient, index + 1),
		);
	}

	/** The same order again, after an acknowledgement that got lost, is no error. */
	#note(
		procedure: ScheduledProcedure,
		patient: PatientOfMessage,
		occurrence: number,
	): AcknowledgedError[] {
		const { accessionNumber, control } = procedure;
		const location = { segment: 'ORC', occurrence };
		const known = this.procedures.get(accessionNumber);
		if (control === 'NW' || control === 'RO') {
			if (known && known.patientId !== patient.id) {
				const userMessage = `${accessionNumber} is an order of ${known.patientId}`;
				return [{ code: '205', location, userMessage }];
			}
		} else if (!known) {
			return [{ code: '204', location, userMessage: `there is no order ${accessionNumber}` }];
		}
		if (ENDED.has(control)) this.procedures.delete(accessionNumber);
		else {
			const patientName = patient.name ?? '';
			this.procedures.set(accessionNumber, { patientId: patient.id, patientName, procedure });
		}
		return [];
	}
}

/** Takes over what the message says of the patient; the stored objects keep what they came with. */
function describe(study: StoredStudy, { name, birthDate, sex }: PatientOfMessage): void {
	if (name !== undefined) {
		study.patientName = name;
		// A name that the study's character set does not have needs one that does.
		if (/[^\0-\xff]/.test(name)) study.characterSet = 'ISO_IR 192';
		else if (/[\x80-\xff]/.test(name) && study.characterSet === '')
			study.characterSet = 'ISO_IR 100';
	}
	if (birthDate !== undefined) study.patientBirthDate = birthDate;
	if (sex !== undefined) study.patientSex = sex;
}
