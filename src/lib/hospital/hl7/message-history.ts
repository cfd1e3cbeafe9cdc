import type { Micros } from '#lib/kernel/time.ts';
import type { ConsoleView } from '../console-view.ts';
import type { TableDeclaration } from '../define-device.ts';
import type { Device } from '../device.ts';
import { clockText } from '../devices/console-text.ts';

/** A message that came in or went out, as consoles list it. */
export interface MessageRecord {
	/** By the device's clock. */
	readonly timeUs: Micros;
	readonly direction: 'in' | 'out';
	readonly peer: string;
	/** `OMI^O23`. */
	readonly type: string;
	readonly controlId: string;
	/** Whom or what it is about: an accession number, a patient id. */
	readonly about: string;
	outcome: string;
	tone: ConsoleView['status'][number]['tone'];
}

const MOST_RECORDS = 200;

/** The newest messages of a device. */
export class MessageHistory {
	readonly records: MessageRecord[] = [];

	add<R extends MessageRecord>(record: R): R {
		this.records.push(record);
		if (this.records.length > MOST_RECORDS) this.records.shift();
		return record;
	}
}

/** The table of HL7 messages that a device shows, newest first; empty where HL7 is off. */
export function messageTable<D extends Device>(
	historyOf: (device: D) => MessageHistory | undefined,
): TableDeclaration<D> {
	return {
		id: 'hl7-messages',
		title: 'HL7 messages',
		columns: [
			{ id: 'time', label: 'Time', mono: true },
			{ id: 'direction', label: 'Way' },
			{ id: 'peer', label: 'Peer', mono: true },
			{ id: 'type', label: 'Type', mono: true },
			{ id: 'control-id', label: 'Control ID', mono: true },
			{ id: 'about', label: 'About', mono: true },
			{ id: 'outcome', label: 'Outcome' },
		],
		emptyText: 'No HL7 message since the service started.',
		rows: (device) =>
			(historyOf(device)?.records ?? [])
				.map((record) => ({
					id: `${record.direction} ${record.controlId}`,
					cells: {
						time: clockText(record.timeUs),
						direction: record.direction,
						peer: record.peer,
						type: record.type,
						'control-id': record.controlId,
						about: record.about,
						outcome: record.outcome,
					},
					tone: record.tone,
				}))
				.reverse(),
	};
}
