import { seconds } from '#lib/kernel/time.ts';
import { z } from 'zod';
import type { Device } from '../../device.ts';
import type { MessageContext } from '../../hl7/message-context.ts';
import { MessageHistory } from '../../hl7/message-history.ts';
import { MllpClient } from '../../hl7/mllp-client.ts';
import { procedureScheduledMessage, type ScheduledStation } from '../../hl7/order-messages.ts';
import { mergeMessage, patientMessage, visitOf } from '../../hl7/patient-messages.ts';
import type { Patient } from '../../patients.ts';
import type { Order } from '../../records.ts';

/** The forms of Procedure Scheduled (IHE RAD-4). */
export const ORDER_MESSAGES = ['OMI^O23', 'ORM^O01'] as const;

/** What the RIS does after AE or AR: the next message, or nothing until a person looks. */
export const AFTER_ERROR = ['continue', 'hold'] as const;

const name = z.string().min(1).max(20);

/** Where the RIS sends HL7 messages, and how. */
export const hl7FeedSchema = z.strictObject({
	host: z.string().min(1),
	port: z.int().min(1).max(65_535).default(2575),
	/** MSH-3 to MSH-6. */
	application: name.default('RIS'),
	facility: name.default('HOSPITAL'),
	receivingApplication: name.default('PACS'),
	receivingFacility: name.default('HOSPITAL'),
	orderMessage: z.enum(ORDER_MESSAGES).default('OMI^O23'),
	characterSet: z.enum(['8859/1', 'UNICODE UTF-8']).default('8859/1'),
	afterError: z.enum(AFTER_ERROR).default('continue'),
	acknowledgementTimeoutSeconds: z.int().min(1).max(600).default(30),
	/** Where the RIS itself listens for reports; without it, it does not. */
	reportPort: z.int().min(1).max(65_535).optional(),
});

export type Hl7FeedConfig = z.infer<typeof hl7FeedSchema>;

/** What the RIS tells the archive: scheduled procedures (RAD-4) and patient updates (RAD-12). */
export class Hl7Feed {
	readonly config: Hl7FeedConfig;
	readonly history = new MessageHistory();
	readonly client: MllpClient;
	readonly #device: Device;
	readonly #assigningAuthority: () => string;
	#count = 0;

	/** `assigningAuthority` is asked for every message: who gives the patient numbers. */
	constructor(device: Device, config: Hl7FeedConfig, assigningAuthority: () => string) {
		this.#device = device;
		this.config = config;
		this.#assigningAuthority = assigningAuthority;
		this.client = new MllpClient(device, {
			target: () => this.config,
			acknowledgementTimeoutUs: () => seconds(this.config.acknowledgementTimeoutSeconds),
			holdsAfterError: () => this.config.afterError === 'hold',
			history: this.history,
		});
	}

	scheduled(order: Order, station: ScheduledStation): void {
		const { orderMessage } = this.config;
		const message = procedureScheduledMessage(orderMessage, order, station, this.#context());
		this.client.send(message, order.accessionNumber);
	}

	/** The demographics of a patient were corrected; the visit is that of one of the orders. */
	corrected(patient: Patient, order: Order): void {
		const message = patientMessage('A08', patient, visitOf(order), this.#context());
		this.client.send(message, patient.id);
	}

	merged(survivor: Patient, priorId: string): void {
		const message = mergeMessage(survivor, priorId, this.#context());
		this.client.send(message, `${priorId} into ${survivor.id}`);
	}

	#context(): MessageContext {
		this.#count += 1;
		const { application, facility, receivingApplication, receivingFacility, characterSet } =
			this.config;
		return {
			application,
			facility,
			receivingApplication,
			receivingFacility,
			characterSet,
			assigningAuthority: this.#assigningAuthority(),
			controlId: `${this.#device.id.toUpperCase()}${String(this.#count).padStart(7, '0')}`,
			timeUs: this.#device.os.clockUs(),
			epochUs: this.#device.world.epochUs,
		};
	}
}
