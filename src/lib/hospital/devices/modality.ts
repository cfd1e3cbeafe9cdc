import { defineDevice } from '../define-device.ts';
import { modalityConfigSchema, type ModalityConfig } from './modality/config.ts';
import { Modality } from './modality/modality.ts';
import { operations } from './modality/operations.ts';
import { settings } from './modality/settings.ts';
import { tables } from './modality/tables.ts';
import { dicomPorts } from './tls-console.ts';

/** A modality: worklist, acquisition of phantoms, performed steps, a send queue and storage commitment. */
export const modality = defineDevice<ModalityConfig, Modality>({
	kind: 'modality',
	title: 'Modality',
	doc: 'Queries its worklist, reports its steps, acquires images, sends them to the archive and asks it to keep them.',
	config: modalityConfigSchema,
	listens: dicomPorts,
	create: (environment, config) => new Modality(environment, config),
	console: {
		status: (device) => {
			const failed = device.queue.filter((job) => job.state === 'failed').length;
			const waiting = device.queue.filter((job) => job.state === 'waiting').length;
			const notReported = device.stepReports.reports.filter(
				({ state }) => state === 'failed',
			).length;
			const commitments = device.queue.map((job) => job.commitment.state);
			const notCommitted = commitments.filter((state) => state === 'failed').length;
			const awaited = commitments.filter((state) => state === 'requested').length;
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
				...(device.config.mpps.enabled
					? [
							{
								label: 'Performed steps',
								value: notReported > 0 ? `${notReported} not reported` : 'reported',
								tone: notReported > 0 ? ('bad' as const) : ('good' as const),
							},
						]
					: []),
				...(device.config.commitment.enabled
					? [
							{
								label: 'Storage commitment',
								value: `${awaited} awaited, ${notCommitted} failed`,
								tone: notCommitted > 0 ? ('bad' as const) : ('neutral' as const),
							},
						]
					: []),
			];
		},
		settings,
		tables,
		operations,
	},
});
