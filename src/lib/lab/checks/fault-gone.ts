import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';
import { lastChange } from '../evidence.ts';
import { FAULT_DEFINITIONS } from '../faults/catalogue.ts';

export const faultGone = defineCheck({
	kind: 'fault-gone',
	doc: 'Is the cause itself removed, and not only its symptom?',
	counts: 'restored',
	parameters: z.strictObject({ fault: idSchema }),
	refersTo: () => [],
	evaluate(evidence, { fault }) {
		const declared = evidence.scenario.faults.find((f) => f.id === fault);
		const title = FAULT_DEFINITIONS.get(declared?.kind ?? '')?.title ?? fault;
		const holds = !evidence.presentFaults.includes(fault);
		const last = lastChange(evidence);
		return {
			holds,
			text: holds ? `The cause is gone: ${title}.` : `The cause is still there: ${title}.`,
			actions: holds && last ? [last.sequence] : [],
			...(holds ? {} : { missed: 'Remove the cause, not the symptom.' }),
		};
	},
});
