import { formatIsoLocal, minutes } from '#lib/kernel/time.ts';
import { defineDevice, type TableDeclaration } from '../define-device.ts';
import { associationHistory } from './association-history.ts';
import { clockText } from './console-text.ts';
import { hl7Messages, hl7Operations, hl7Settings, hl7Status } from './ris/hl7-console.ts';
import { stepItems, stepText } from './ris/performed-steps.ts';
import {
	Ris,
	risConfigSchema,
	WORKLIST_CHARACTER_SETS,
	WORKLIST_REMOVALS,
	type RisConfig,
	type StepStatus,
} from './ris/ris.ts';
import { dicomPorts, renewCertificate, tlsSettings } from './tls-console.ts';
import { imagesOf, reasonOf } from './ris/step-link.ts';

const REMOVAL_TEXT: Record<RisConfig['leavesWorklist'], string> = {
	started: 'when it is started',
	completed: 'when it is completed or discontinued',
	'by-hand': 'when a person completes the order',
};

const CHARACTER_SET_TEXT: Record<RisConfig['characterSet'], string> = {
	'ISO_IR 100': 'ISO_IR 100 (Latin 1)',
	'ISO_IR 192': 'ISO_IR 192 (UTF-8)',
};

const STATUS_TONE: Record<StepStatus, 'neutral' | 'good' | 'warning'> = {
	scheduled: 'neutral',
	'in progress': 'neutral',
	completed: 'good',
	discontinued: 'warning',
};

const performedSteps: TableDeclaration<Ris> = {
	id: 'performed-steps',
	title: 'Performed procedure steps',
	columns: [
		{ id: 'started', label: 'Received', mono: true },
		{ id: 'id', label: 'Step', mono: true },
		{ id: 'order', label: 'Order', mono: true },
		{ id: 'patient', label: 'Patient' },
		{ id: 'station', label: 'Station AE title', mono: true },
		{ id: 'status', label: 'Status' },
		{ id: 'images', label: 'Images', align: 'end' },
		{ id: 'reason', label: 'Discontinued because' },
	],
	emptyText: 'No modality has reported a step.',
	rows: (device) =>
		device.performedSteps
			.all()
			.reverse()
			.map((step) => {
				const orders = device.links.get(step.sopInstanceUid)?.accessionNumbers ?? [];
				const series = stepItems(step, 'PerformedSeriesSequence');
				return {
					id: step.sopInstanceUid,
					cells: {
						started: clockText(step.createdUs),
						id: stepText(step, 'PerformedProcedureStepID'),
						order: orders.join(', ') || 'unscheduled',
						patient: `${stepText(step, 'PatientName')} (${stepText(step, 'PatientID')})`,
						station: stepText(step, 'PerformedStationAETitle'),
						status: step.status,
						images: series.length === 0 ? '' : String(imagesOf(step)),
						reason: reasonOf(step).meaning,
					},
					tone: step.status === 'DISCONTINUED' ? 'warning' : 'neutral',
				};
			}),
};

/** The radiology information system: orders and the modality worklist made from them. */
export const ris = defineDevice<RisConfig, Ris>({
	kind: 'ris',
	title: 'RIS',
	doc: 'Schedules orders on stations, serves them as Modality Worklist and follows the performed procedure steps.',
	config: risConfigSchema,
	listens: ({ hl7, ...config }) => [
		...dicomPorts(config),
		...(hl7?.reportPort === undefined ? [] : [{ service: 'HL7 MLLP', port: hl7.reportPort }]),
	],
	create: (environment, config) => new Ris(environment, config),
	console: {
		status: (device) => [
			{
				label: 'Service',
				value: device.state,
				tone: device.state === 'running' ? 'good' : 'bad',
			},
			{
				label: 'Worklist provider',
				value: `${device.config.aeTitle}:${device.config.port}`,
				tone: 'neutral',
			},
			...hl7Status(device),
		],
		settings: [
			{
				id: 'ae-title',
				label: 'Worklist AE title',
				group: 'DICOM',
				kind: 'text',
				maximumLength: 16,
				minutes: 1,
				read: (device) => device.config.aeTitle,
				write: (device, value) => void (device.config.aeTitle = String(value)),
			},
			{
				id: 'character-set',
				label: 'Character set of the worklist',
				group: 'DICOM',
				kind: 'choice',
				choices: () =>
					WORKLIST_CHARACTER_SETS.map((value) => ({ value, label: CHARACTER_SET_TEXT[value] })),
				help: 'Characters outside it are written as question marks.',
				minutes: 1,
				read: (device) => device.config.characterSet,
				write: (device, value) => {
					const known = WORKLIST_CHARACTER_SETS.find((one) => one === value);
					if (known === undefined) return 'Choose one of the character sets offered.';
					device.config.characterSet = known;
					return undefined;
				},
			},
			{
				id: 'accept-performed-steps',
				label: 'Accept performed procedure steps (MPPS)',
				group: 'DICOM',
				kind: 'boolean',
				help: 'When off, modalities cannot tell when they start and end an examination.',
				minutes: 1,
				read: (device) => device.config.acceptPerformedSteps,
				write: (device, value) => void (device.config.acceptPerformedSteps = value === true),
			},
			{
				id: 'leaves-worklist',
				label: 'A step leaves the worklist',
				group: 'Scheduling',
				kind: 'choice',
				choices: () => WORKLIST_REMOVALS.map((value) => ({ value, label: REMOVAL_TEXT[value] })),
				minutes: 1,
				read: (device) => device.config.leavesWorklist,
				write: (device, value) => {
					const known = WORKLIST_REMOVALS.find((one) => one === value);
					if (known === undefined) return 'Choose one of the values offered.';
					device.config.leavesWorklist = known;
					return undefined;
				},
			},
			...hl7Settings,
			...tlsSettings<Ris>(),
		],
		tables: [
			{
				id: 'orders',
				title: "Today's orders",
				columns: [
					{ id: 'time', label: 'Scheduled', mono: true },
					{ id: 'accession', label: 'Accession', mono: true },
					{ id: 'patient', label: 'Patient' },
					{ id: 'procedure', label: 'Procedure' },
					{ id: 'station', label: 'Station' },
					{ id: 'priority', label: 'Priority' },
					{ id: 'status', label: 'Status' },
				],
				emptyText: 'No orders yet.',
				rows: (device) =>
					[...device.steps.values()]
						.sort((a, b) => b.order.scheduledUs - a.order.scheduledUs)
						.map(({ order, status }) => ({ order: device.asRegistered(order), status }))
						.map(({ order, status }) => ({
							id: order.accessionNumber,
							cells: {
								time: formatIsoLocal(device.world.epochUs + order.scheduledUs).slice(11, 16),
								accession: order.accessionNumber,
								patient: `${order.patient.name} (${order.patient.id})`,
								procedure: order.procedure.description,
								station: order.device,
								priority: order.priority,
								status: device.reports?.reports.has(order.accessionNumber) ? 'reported' : status,
							},
							tone: order.priority === 'STAT' ? 'warning' : STATUS_TONE[status],
						})),
			},
			{
				id: 'stations',
				title: 'Stations',
				configuration: true,
				columns: [
					{ id: 'station', label: 'Station' },
					{ id: 'ae-title', label: 'AE title on file', mono: true },
				],
				emptyText: 'No station is on file: every worklist stays empty.',
				rows: (device) =>
					Object.entries(device.config.stations).map(([id, aeTitle]) => ({
						id,
						cells: { station: device.world.devices.get(id)?.title ?? id, 'ae-title': aeTitle },
					})),
			},
			performedSteps,
			associationHistory('Associations'),
			hl7Messages,
		],
		operations: [
			{
				id: 'complete-order',
				label: 'Complete',
				help: 'Checks the order off by hand, as where no modality reports the step.',
				minutes: 1,
				effect: 'work',
				table: 'orders',
				*run(device, { row }) {
					return device.complete(row ?? '')
						? { text: `Order ${row ?? ''} is completed.` }
						: { text: 'This order cannot be completed.', refused: true };
				},
			},
			{
				id: 'set-station',
				label: 'Change AE title',
				minutes: 2,
				effect: 'change',
				table: 'stations',
				fields: [
					{ id: 'ae-title', label: 'AE title', kind: 'text', maximumLength: 16, required: true },
				],
				*run(device, { row, fields }) {
					if (row === undefined || !(row in device.config.stations)) {
						return { text: `There is no station ${row ?? ''}.`, refused: true };
					}
					const aeTitle = String(fields['ae-title']);
					device.config.stations[row] = aeTitle;
					device.log('INFO', `station ${row} now has the AE title ${aeTitle}`);
					return { text: `Orders for ${row} are now on the worklist of ${aeTitle}.` };
				},
			},
			...hl7Operations,
			renewCertificate(),
			{
				id: 'restart',
				label: 'Restart RIS services',
				minutes: 5,
				takesItsTime: true,
				effect: 'change',
				confirm: 'Restart the RIS? Nobody can work with orders for about five minutes.',
				*run(device) {
					device.stop();
					yield* device.world.kernel.sleep(minutes(5));
					device.start();
					return { text: 'The RIS was restarted. It was down for five minutes.' };
				},
			},
		],
	},
});
