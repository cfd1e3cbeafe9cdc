import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { AcknowledgedError } from '#lib/protocol/hl7/acknowledgement.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { Device } from '../../device.ts';
import type { MessageHistory } from '../../hl7/message-history.ts';
import { MllpListener } from '../../hl7/mllp-listener.ts';
import { patientOfMessage } from '../../hl7/read-messages.ts';

/** A report as the RIS has it on file. */
export interface FiledReport {
	/** Table 0123. */
	readonly status: string;
	readonly text: string;
	/** By the clock of the RIS. */
	readonly receivedUs: Micros;
}

/** Takes reports (IHE RAD-28) and files them under their orders, the newest of each. */
export class ReportListener {
	/** By accession number. */
	readonly reports = new Map<string, FiledReport>();
	readonly listener: MllpListener;
	readonly #device: Device;
	/** Whether an order is for the patient with this number, now or before a merge; undefined: no order. */
	readonly #isOrderOf: (accessionNumber: string, patientId: string) => boolean | undefined;

	constructor(
		device: Device,
		port: number,
		history: MessageHistory,
		isOrderOf: (accessionNumber: string, patientId: string) => boolean | undefined,
	) {
		this.#device = device;
		this.#isOrderOf = isOrderOf;
		this.listener = new MllpListener(device, {
			port: () => port,
			receiver: { events: ['ORU^R01'] },
			history,
			process: (message) => this.#file(message),
			about: (message) => valueAt(message, 'OBR-18').text,
		});
	}

	/** 204 for an order that is not here, or that is another patient's: a report never goes by a guess. */
	#file(message: Er7Message): AcknowledgedError[] {
		const accessionNumber = valueAt(message, 'OBR-18').text;
		const { id } = patientOfMessage(message);
		const isTheirs = this.#isOrderOf(accessionNumber, id);
		if (isTheirs === undefined) {
			const location = { segment: 'OBR', field: 18 };
			return [{ code: '204', location, userMessage: `there is no order ${accessionNumber}` }];
		}
		if (!isTheirs) {
			const location = { segment: 'PID', field: 3 };
			return [
				{ code: '204', location, userMessage: `${accessionNumber} is not an order of ${id}` },
			];
		}
		this.reports.set(accessionNumber, {
			status: valueAt(message, 'OBR-25').text,
			text: linesOf(message).join('\n'),
			receivedUs: this.#device.os.clockUs(),
		});
		return [];
	}
}

/** The text of a report: the repetitions of OBX-5 of every OBX that holds text. */
function linesOf(message: Er7Message): string[] {
	const count = message.segments.filter(({ id }) => id === 'OBX').length;
	const lines: string[] = [];
	for (let occurrence = 1; occurrence <= count; occurrence += 1) {
		const segment = `OBX[${occurrence}]`;
		if (!['TX', 'FT', 'ST'].includes(valueAt(message, `${segment}-2`).text)) continue;
		for (let repetition = 1; ; repetition += 1) {
			const { presence, text } = valueAt(message, `${segment}-5[${repetition}]`);
			if (presence === 'absent') break;
			lines.push(text);
		}
	}
	return lines;
}
