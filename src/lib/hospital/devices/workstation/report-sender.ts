import { seconds } from '#lib/kernel/time.ts';
import { z } from 'zod';
import type { Device } from '../../device.ts';
import { MessageHistory } from '../../hl7/message-history.ts';
import { MllpClient } from '../../hl7/mllp-client.ts';
import { reportMessage } from '../../hl7/report-message.ts';
import type { Order } from '../../records.ts';

const name = z.string().min(1).max(20);

/** Where the reading room sends its reports, and who signs them. */
export const reportSenderSchema = z.strictObject({
	host: z.string().min(1),
	port: z.int().min(1).max(65_535).default(2576),
	application: name.default('READING'),
	facility: name.default('HOSPITAL'),
	receivingApplication: name.default('RIS'),
	receivingFacility: name.default('HOSPITAL'),
	assigningAuthority: z.string().max(20).default(''),
	/** PN. */
	interpreter: z.string().max(64).default(''),
});

type ReportSenderConfig = z.infer<typeof reportSenderSchema>;

const ACKNOWLEDGEMENT_TIMEOUT_US = seconds(30);

/** Sends a final report to the RIS when a study has been read (IHE RAD-28, ORU^R01). */
export class ReportSender {
	readonly history = new MessageHistory();
	readonly client: MllpClient;
	readonly #device: Device;
	readonly #config: ReportSenderConfig;
	#count = 0;

	constructor(device: Device, config: ReportSenderConfig) {
		this.#device = device;
		this.#config = config;
		this.client = new MllpClient(device, {
			target: () => this.#config,
			acknowledgementTimeoutUs: () => ACKNOWLEDGEMENT_TIMEOUT_US,
			holdsAfterError: () => false,
			history: this.history,
		});
	}

	send(order: Order): void {
		this.#count += 1;
		const { id, os, world } = this.#device;
		const text = `${order.procedure.description}: no acute finding.`;
		const { interpreter } = this.#config;
		const message = reportMessage(
			order,
			{ sopInstanceUid: '', text, interpreter, status: 'F' },
			{
				...this.#config,
				characterSet: '8859/1',
				controlId: `${id.toUpperCase()}${String(this.#count).padStart(7, '0')}`,
				timeUs: os.clockUs(),
				epochUs: world.epochUs,
			},
		);
		this.client.send(message, order.accessionNumber);
	}
}
