import type { TableDeclaration } from '../../define-device.ts';
import { associationHistory } from '../association-history.ts';
import { clockText } from '../console-text.ts';
import type { Modality } from './modality.ts';
import { isStuck, type JobCommitment } from './send-queue.ts';

const QUEUE_TONE = {
	waiting: 'neutral',
	sending: 'neutral',
	sent: 'good',
	failed: 'bad',
} as const;

const REPORT_TONE = {
	waiting: 'neutral',
	sending: 'neutral',
	reported: 'good',
	failed: 'bad',
} as const;

function committedText({ state, text }: JobCommitment): string {
	switch (state) {
		case 'off':
			return '';
		case 'waiting':
			return text === '' ? 'to be asked' : `to be asked again: ${text}`;
		default:
			return text;
	}
}

/** The screens of a modality. */
export const tables: TableDeclaration<Modality>[] = [
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
			{ id: 'committed', label: 'Committed' },
			{ id: 'error', label: 'Last error' },
		],
		emptyText: 'The queue is empty.',
		rows: (device) =>
			[...device.queue].reverse().map((job) => ({
				id: job.id,
				cells: {
					time: clockText(job.createdUs),
					accession: job.entry.accessionNumber,
					patient: `${job.entry.patientName} (${job.entry.patientId})`,
					description: job.entry.description,
					sent: `${job.sentUids.size}/${job.instances.length}`,
					state: job.state,
					committed: committedText(job.commitment),
					error: job.lastError,
				},
				tone: isStuck(job) ? 'bad' : QUEUE_TONE[job.state],
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
			{ id: 'warnings', label: 'Alerts' },
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
					warnings: entry.warnings,
				},
			})),
	},
	{
		id: 'performed-steps',
		title: 'Performed procedure steps',
		columns: [
			{ id: 'time', label: 'Started', mono: true },
			{ id: 'id', label: 'Step', mono: true },
			{ id: 'accession', label: 'Accession', mono: true },
			{ id: 'patient', label: 'Patient' },
			{ id: 'status', label: 'Status' },
			{ id: 'state', label: 'Reported' },
			{ id: 'error', label: 'Last error' },
		],
		emptyText: 'No examination has been reported.',
		rows: (device) =>
			[...device.stepReports.reports].reverse().map((report) => ({
				id: report.id,
				cells: {
					time: clockText(report.startUs),
					id: report.id,
					accession: report.entry.accessionNumber,
					patient: `${report.entry.patientName} (${report.entry.patientId})`,
					status: report.status,
					state: report.state,
					error: report.lastError,
				},
				tone: REPORT_TONE[report.state],
			})),
	},
	associationHistory('Associations from other devices'),
];
