import { minutes } from '#lib/kernel/time.ts';
import type { OperationDeclaration } from '../../define-device.ts';
import { trafficPath, verify } from '../verification.ts';
import { renewCertificate } from '../tls-console.ts';
import type { ModalityPeer } from './config.ts';
import { importOperations } from './import-images.ts';
import type { Modality } from './modality.ts';
import { isStuck } from './send-queue.ts';
import { DISCONTINUATION_REASONS } from './step-data.ts';
import { newWalkIn } from './walk-in.ts';

const PEER_TEXT: Record<ModalityPeer, string> = {
	archive: 'archive',
	worklist: 'worklist',
	mpps: 'MPPS',
};

/** What a person can do at a modality. */
export const operations: OperationDeclaration<Modality>[] = [
	...(['archive', 'worklist', 'mpps'] as const).map((peer): OperationDeclaration<Modality> => ({
		id: `verify-${peer}`,
		label: `Verify ${PEER_TEXT[peer]}`,
		help: 'A DICOM C-ECHO with the settings of this device.',
		minutes: 0.2,
		effect: 'none',
		*run(device) {
			return yield* verify(device, {
				label: PEER_TEXT[peer],
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
			return { text: 'Only a study that failed can be sent again.', refused: true };
		},
	},
	{
		id: 'send-all-failed',
		label: 'Send all failed studies again',
		minutes: 0.5,
		effect: 'work',
		*run(device) {
			const failed = device.queue.filter(isStuck);
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
				? { text: `Study ${job.entry.accessionNumber} deleted from the scanner.` }
				: { text: 'This study cannot be deleted now.', refused: true };
		},
	},
	{
		id: 'ask-commitment',
		label: 'Ask for commitment again',
		help: 'A new request to the archive about all images of the study.',
		minutes: 0.2,
		effect: 'work',
		table: 'queue',
		*run(device, { row }) {
			return device.askAgain(row ?? '')
				? { text: 'The request is on its way; the result comes when the archive has looked.' }
				: {
						text: 'Commitment can be asked for a study that was sent, where it is switched on.',
						refused: true,
					};
		},
	},
	{
		id: 'report-step-again',
		label: 'Report again',
		minutes: 0.2,
		effect: 'work',
		table: 'performed-steps',
		*run(device, { row }) {
			return device.stepReports.sendAgain(row ?? '')
				? { text: 'The step is reported again.' }
				: { text: 'Only a step that could not be reported can be reported again.', refused: true };
		},
	},
	{
		id: 'discontinue',
		label: 'Discontinue the examination',
		minutes: 0.5,
		effect: 'change',
		confirm: 'Break off the examination that is going on?',
		fields: [
			{
				id: 'reason',
				label: 'Reason',
				kind: 'choice',
				required: true,
				choices: DISCONTINUATION_REASONS.map(({ value, meaning }) => ({ value, label: meaning })),
			},
		],
		*run(device, { fields }) {
			const reason = DISCONTINUATION_REASONS.find(({ value }) => value === fields['reason']);
			if (!device.examination || !reason) {
				return { text: 'No examination is going on.', refused: true };
			}
			device.examination.discontinued.fire(reason);
			return { text: `The examination was discontinued: ${reason.meaning}.` };
		},
	},
	{
		id: 'examine-unscheduled',
		label: 'Examine an emergency patient without an order',
		help: 'The technologist types in the patient; nothing on the worklist belongs to the examination.',
		minutes: 1,
		effect: 'work',
		*run(device) {
			if (device.examination) return { text: 'The room is not free.', refused: true };
			const walkIn = newWalkIn(device);
			if (!walkIn) return { text: 'There is no procedure for this device.', refused: true };
			const { kernel, records } = device.world;
			records.add(walkIn.order);
			kernel.spawn(`${device.id}.walk-in`, device.perform(walkIn.order, walkIn.entry));
			return { text: `${walkIn.entry.patientName} is being examined.` };
		},
	},
	...importOperations,
	renewCertificate(),
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
