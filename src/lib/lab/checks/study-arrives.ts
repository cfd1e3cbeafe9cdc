import { durationSchema, idSchema } from '#lib/hospital/hospital-spec.ts';
import { minutes } from '#lib/kernel/time.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';
import { lastChange } from '../evidence.ts';

/** A study should be complete in the archive this long after its acquisition. */
const ARRIVAL_GRACE_US = minutes(6);

export const studyArrives = defineCheck({
	kind: 'study-arrives',
	doc: 'Do new studies of this modality reach the archive complete, after the last change and until the end of the hold time?',
	counts: 'restored',
	parameters: z.strictObject({ from: idSchema, hold: durationSchema.optional() }),
	refersTo: ({ from }) => ({ modalities: [from] }),
	evaluate(evidence, { from }) {
		const since = lastChange(evidence)?.observation.endedUs ?? evidence.endUs;
		const settledUs = evidence.watchedUntilUs - ARRIVAL_GRACE_US;
		const orders = evidence.world.records.orders.filter(
			(order) =>
				order.device === from &&
				order.acquiredUs !== undefined &&
				order.acquiredUs >= since &&
				order.acquiredUs <= settledUs,
		);
		const { title } = evidence.world.device(from);
		const arrived = orders.filter((order) => order.archivedUs !== undefined);
		const holds = orders.length > 0 && arrived.length === orders.length;
		const last = lastChange(evidence);
		return {
			holds,
			text:
				orders.length === 0
					? `No new study of ${title} was there to prove that sending works.`
					: `${arrived.length} of ${orders.length} new studies of ${title} reached the archive complete.`,
			actions: last ? [last.sequence] : [],
			...(holds ? {} : { missed: `New studies of ${title} must reach the archive by themselves.` }),
		};
	},
});
