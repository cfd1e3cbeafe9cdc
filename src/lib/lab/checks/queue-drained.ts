import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';

export const queueDrained = defineCheck({
	kind: 'queue-drained',
	doc: 'Has everything that got stuck on this modality before the end reached the archive?',
	counts: 'tidy',
	parameters: z.strictObject({ device: idSchema }),
	refersTo: ({ device }) => ({ modalities: [device] }),
	evaluate(evidence, { device }) {
		const orders = evidence.world.records.orders.filter(
			(order) =>
				order.device === device &&
				order.acquiredUs !== undefined &&
				order.acquiredUs <= evidence.endUs,
		);
		const { title } = evidence.world.device(device);
		const missing = orders.filter((order) => order.archivedUs === undefined);
		const failed = (evidence.world.device(device) as Modality).queue.filter(
			(job) => job.state === 'failed',
		);
		const holds = missing.length === 0 && failed.length === 0;
		return {
			holds,
			text: holds
				? `Everything that was stuck on ${title} has reached the archive.`
				: `${missing.length} studies of ${title} never reached the archive; ${failed.length} still stand as failed in its queue.`,
			actions: evidence.records
				.filter(
					({ action }) =>
						(action.kind === 'operate' &&
							action.device === device &&
							action.operation.startsWith('send-')) ||
						(action.kind === 'call' &&
							action.topic === 'send-again' &&
							action.person === evidence.world.device(device).operator),
				)
				.map((record) => record.sequence),
			...(holds ? {} : { missed: 'Send again what had failed before the repair.' }),
		};
	},
});
