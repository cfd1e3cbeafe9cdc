import { minutes } from '#lib/kernel/time.ts';
import {
	defineDevice,
	type OperationDeclaration,
	type SettingDeclaration,
	type TableDeclaration,
} from '../define-device.ts';
import { clockText } from './console-text.ts';
import { Modality, modalityConfigSchema, type ModalityConfig } from './modality/modality.ts';
import { trafficPath, verify } from './verification.ts';

const MINUTES_TO_SET = 2;

/** The three settings of a peer: AE title, host, port. */
function peerSettings(peer: 'archive' | 'worklist', group: string): SettingDeclaration<Modality>[] {
	return [
		{
			id: `${peer}-ae-title`,
			label: 'AE title',
			group,
			kind: 'text',
			maximumLength: 16,
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].aeTitle,
			write: (device, value) => void (device.config[peer].aeTitle = String(value)),
		},
		{
			id: `${peer}-host`,
			label: 'Host name or address',
			group,
			kind: 'text',
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].host,
			write: (device, value) => void (device.config[peer].host = String(value)),
		},
		{
			id: `${peer}-port`,
			label: 'Port',
			group,
			kind: 'integer',
			minimum: 1,
			maximum: 65_535,
			minutes: MINUTES_TO_SET,
			read: (device) => device.config[peer].port,
			write: (device, value) => void (device.config[peer].port = Number(value)),
		},
	];
}

const settings: SettingDeclaration<Modality>[] = [
	{
		id: 'ae-title',
		label: 'Own AE title',
		group: 'This device',
		kind: 'text',
		maximumLength: 16,
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.aeTitle,
		write: (device, value) => void (device.config.aeTitle = String(value)),
	},
	{
		id: 'retry-seconds',
		label: 'Pause between send attempts (s)',
		group: 'This device',
		kind: 'integer',
		minimum: 5,
		maximum: 3_600,
		minutes: MINUTES_TO_SET,
		read: (device) => device.config.retrySeconds,
		write: (device, value) => void (device.config.retrySeconds = Number(value)),
	},
	...peerSettings('archive', 'Archive (storage)'),
	...peerSettings('worklist', 'Worklist'),
];

const tables: TableDeclaration<Modality>[] = [
	{
		id: 'queue',
		title: 'Send queue',
		columns: [
			{ id: 'time', label: 'Acquired', mono: true },
			{ id: 'accession', label: 'Accession', mono: true },
			{ id: 'patient', label: 'Patient' },
			{ id: 'description', label: 'Study' },
			{ id: 'sent', label: 'Images sent', align: 'end' },
			{ id: 'state', label: 'State' },
			{ id: 'error', label: 'Last error' },
		],
		emptyText: 'The queue is empty.',
		rows: (device) =>
			[...device.queue].reverse().map((job) => ({
				id: job.id,
				cells: {
					time: clockText(job.createdUs),
					accession: job.order.accessionNumber,
					patient: `${job.order.patient.name} (${job.order.patient.id})`,
					description: job.order.procedure.description,
					sent: `${job.sentUids.size}/${job.instances.length}`,
					state: job.state,
					error: job.lastError,
				},
				tone: QUEUE_TONE[job.state],
			})),
	},
	{
		id: 'worklist',
		title: 'Worklist',
		columns: [
			{ id: 'time', label: 'Scheduled', mono: true },
			{ id: 'accession', label: 'Accession', mono: true },
			{ id: 'patient', label: 'Patient' },
			{ id: 'description', label: 'Procedure' },
			{ id: 'priority', label: 'Priority' },
		],
		emptyText: 'No entries.',
		rows: (device) =>
			device.worklist.map((entry) => ({
				id: entry.accessionNumber,
				cells: {
					time: entry.scheduledTime.replace(/^(\d\d)(\d\d).*/, '$1:$2'),
					accession: entry.accessionNumber,
					patient: `${entry.patientName} (${entry.patientId})`,
					description: entry.description,
					priority: entry.priority,
				},
			})),
	},
];

const QUEUE_TONE = {
	waiting: 'neutral',
	sending: 'neutral',
	sent: 'good',
	failed: 'bad',
} as const;

const operations: OperationDeclaration<Modality>[] = [
	...(['archive', 'worklist'] as const).map((peer): OperationDeclaration<Modality> => ({
		id: `verify-${peer}`,
		label: peer === 'archive' ? 'Verify archive' : 'Verify worklist',
		help: 'A DICOM C-ECHO with the settings of this device.',
		minutes: 0.2,
		effect: 'none',
		*run(device) {
			return yield* verify(device, {
				label: peer,
				...device.target(peer),
			});
		},
	})),
	{
		id: 'query-worklist',
		label: 'Refresh worklist',
		minutes: 0.2,
		effect: 'none',
		*run(device) {
			const outcome = yield* device.refreshWorklist();
			const path = trafficPath(device, device.config.worklist.host);
			return outcome.ok
				? {
						text: `Worklist: ${outcome.entries.length} entries for this station today.`,
						facts: [
							`worklist of ${device.id}: ${outcome.entries.length > 0 ? 'entries' : 'empty'}`,
						],
						traffic: [{ path, ended: 'answered' as const }],
					}
				: {
						text: `Worklist query failed: ${outcome.text}`,
						facts: [`worklist of ${device.id}: ${outcome.fact}`],
						traffic: [{ path, ended: 'lost' as const }],
					};
		},
	},
	{
		id: 'send-again',
		label: 'Send again',
		minutes: 0.2,
		effect: 'work',
		table: 'queue',
		*run(device, { row }) {
			if (device.sendAgain(row ?? '')) return { text: 'The study is back in the queue.' };
			return { text: 'Only a failed study can be sent again.', refused: true };
		},
	},
	{
		id: 'send-all-failed',
		label: 'Send all failed studies again',
		minutes: 0.5,
		effect: 'work',
		*run(device) {
			const failed = device.queue.filter((job) => job.state === 'failed');
			if (failed.length === 0) return { text: 'No study has failed.', refused: true };
			for (const job of failed) device.sendAgain(job.id);
			return { text: `${failed.length} studies are back in the queue.` };
		},
	},
	{
		id: 'delete-job',
		label: 'Delete',
		minutes: 0.2,
		effect: 'change',
		table: 'queue',
		confirm: 'Delete this study from the scanner? Images that were not sent are lost.',
		*run(device, { row }) {
			const job = device.deleteJob(row ?? '');
			return job
				? { text: `Study ${job.order.accessionNumber} deleted from the scanner.` }
				: { text: 'This study cannot be deleted now.', refused: true };
		},
	},
	{
		id: 'restart',
		label: 'Restart the scanner',
		minutes: 8,
		takesItsTime: true,
		effect: 'change',
		confirm: 'Restart the scanner? It cannot be used for eight minutes.',
		*run(device) {
			device.stop();
			yield* device.world.kernel.sleep(minutes(8));
			device.start();
			return { text: 'The scanner was restarted. It could not be used for eight minutes.' };
		},
	},
];

/** A modality: worklist query, acquisition of phantoms, and a send queue with retries. */
export const modality = defineDevice<ModalityConfig, Modality>({
	kind: 'modality',
	title: 'Modality',
	doc: 'Queries its worklist, acquires images and sends them to the archive from a queue.',
	config: modalityConfigSchema,
	create: (environment, config) => new Modality(environment, config),
	console: {
		status: (device) => {
			const failed = device.queue.filter((job) => job.state === 'failed').length;
			const waiting = device.queue.filter((job) => job.state === 'waiting').length;
			return [
				{
					label: 'System',
					value: device.state === 'running' ? 'ready' : 'down',
					tone: device.state === 'running' ? 'good' : 'bad',
				},
				{
					label: 'Send queue',
					value: failed > 0 ? `${failed} failed, ${waiting} waiting` : `${waiting} waiting`,
					tone: failed > 0 ? 'bad' : 'good',
				},
				{
					label: 'Worklist',
					value: device.worklistStatus,
					tone: device.worklistStatus.startsWith('failed') ? 'bad' : 'neutral',
				},
			];
		},
		settings,
		tables,
		operations,
	},
});
