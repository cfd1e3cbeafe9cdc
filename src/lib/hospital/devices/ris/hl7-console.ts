import type {
	OperationDeclaration,
	SettingDeclaration,
	TableDeclaration,
} from '../../define-device.ts';
import { messageTable } from '../../hl7/message-history.ts';
import type { ConsoleView } from '../../console-view.ts';
import { AFTER_ERROR, ORDER_MESSAGES, type Hl7FeedConfig } from './hl7-feed.ts';
import type { Ris } from './ris.ts';

/** The HL7 part of the RIS's console. Where no feed is configured, settings cannot be changed. */

const NO_FEED = 'This RIS sends no HL7 messages.';

const AFTER_ERROR_TEXT: Record<Hl7FeedConfig['afterError'], string> = {
	continue: 'Go on with the next message',
	hold: 'Hold the queue until a person releases it',
};

export function hl7Status(device: Ris): ConsoleView['status'] {
	const { feed } = device;
	if (!feed) return [];
	const { waiting, isHeld } = feed.client;
	return [
		{
			label: 'HL7 queue',
			value: isHeld ? `held, ${waiting} waiting` : `${waiting} waiting`,
			tone: isHeld ? 'bad' : waiting > 5 ? 'warning' : 'neutral',
		},
	];
}

/** A setting of the feed; `change` refuses with a sentence or changes it. */
function setting(
	declaration: Omit<SettingDeclaration<Ris>, 'group' | 'minutes' | 'read' | 'write'>,
	read: (config: Hl7FeedConfig) => string | number,
	write: (config: Hl7FeedConfig, value: string) => string | undefined,
): SettingDeclaration<Ris> {
	return {
		...declaration,
		group: 'HL7',
		minutes: 1,
		read: (device) => (device.feed ? read(device.feed.config) : ''),
		write: (device, value) => (device.feed ? write(device.feed.config, String(value)) : NO_FEED),
	};
}

export const hl7Settings: readonly SettingDeclaration<Ris>[] = [
	setting(
		{ id: 'hl7-host', label: 'HL7 receiver', kind: 'text', maximumLength: 64 },
		(config) => config.host,
		(config, value) => void (config.host = value),
	),
	setting(
		{
			id: 'hl7-port',
			label: 'HL7 port of the receiver',
			kind: 'integer',
			minimum: 1,
			maximum: 65_535,
		},
		(config) => config.port,
		(config, value) => void (config.port = Number(value)),
	),
	setting(
		{
			id: 'hl7-order-message',
			label: 'Message for a scheduled procedure',
			kind: 'choice',
			choices: () => ORDER_MESSAGES.map((value) => ({ value, label: value })),
		},
		(config) => config.orderMessage,
		(config, value) => {
			const known = ORDER_MESSAGES.find((one) => one === value);
			if (known === undefined) return 'Choose one of the messages offered.';
			config.orderMessage = known;
			return undefined;
		},
	),
	setting(
		{
			id: 'hl7-after-error',
			label: 'After AE or AR',
			kind: 'choice',
			choices: () => AFTER_ERROR.map((value) => ({ value, label: AFTER_ERROR_TEXT[value] })),
		},
		(config) => config.afterError,
		(config, value) => {
			const known = AFTER_ERROR.find((one) => one === value);
			if (known === undefined) return 'Choose one of the values offered.';
			config.afterError = known;
			return undefined;
		},
	),
];

export const hl7Messages: TableDeclaration<Ris> = messageTable((device) => device.feed?.history);

export const hl7Operations: readonly OperationDeclaration<Ris>[] = [
	{
		id: 'correct-patient',
		label: 'Correct patient demographics',
		help: 'Changes what is on file of the patient and tells the archive (ADT^A08).',
		minutes: 3,
		effect: 'change',
		table: 'orders',
		fields: [
			{
				id: 'name',
				label: 'Name (Family^Given)',
				kind: 'text',
				maximumLength: 64,
				required: false,
			},
			{
				id: 'birth-date',
				label: 'Birth date (YYYYMMDD)',
				kind: 'text',
				maximumLength: 8,
				required: false,
			},
			{
				id: 'sex',
				label: 'Sex',
				kind: 'choice',
				choices: ['F', 'M', 'O'].map((value) => ({ value, label: value })),
				required: false,
			},
		],
		*run(device, { row, fields }) {
			const text = (id: string): string => String(fields[id] ?? '').trim();
			const birthDate = text('birth-date');
			if (birthDate !== '' && !/^\d{8}$/.test(birthDate)) {
				return { text: 'The birth date has eight digits: year, month, day.', refused: true };
			}
			const sex = (['F', 'M', 'O'] as const).find((one) => one === text('sex'));
			const patient = device.correctPatient(row ?? '', {
				...(text('name') === '' ? {} : { name: text('name') }),
				...(birthDate === '' ? {} : { birthDate }),
				...(sex === undefined ? {} : { sex }),
			});
			return patient
				? { text: `On file now: ${patient.name}, born ${patient.birthDate}, ${patient.sex}.` }
				: { text: `There is no order ${row ?? ''}.`, refused: true };
		},
	},
	{
		id: 'merge-patients',
		label: 'Merge patients',
		help: 'Puts everything under one patient number under another one and tells the archive (ADT^A40).',
		minutes: 5,
		effect: 'change',
		confirm: 'Merge these patients? This cannot be taken back.',
		fields: [
			{
				id: 'survivor',
				label: 'Number that stays',
				kind: 'text',
				maximumLength: 64,
				required: true,
			},
			{ id: 'prior', label: 'Number that goes', kind: 'text', maximumLength: 64, required: true },
		],
		*run(device, { fields }) {
			const survivor = String(fields['survivor'] ?? '').trim();
			const prior = String(fields['prior'] ?? '').trim();
			const problem = device.mergePatients(survivor, prior);
			return problem === undefined
				? { text: `${prior} was merged into ${survivor}.` }
				: { text: problem, refused: true };
		},
	},
	{
		id: 'hl7-release',
		label: 'Release the HL7 queue',
		help: 'Goes on sending after a message that was refused.',
		minutes: 1,
		effect: 'change',
		*run(device) {
			if (!device.feed) return { text: NO_FEED, refused: true };
			return device.feed.client.release()
				? { text: `The queue goes on: ${device.feed.client.waiting} messages wait.` }
				: { text: 'The queue is not held.', refused: true };
		},
	},
];
