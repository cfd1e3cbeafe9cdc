import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';
import { lastChange } from '../evidence.ts';

export const faultGone = defineCheck({
	kind: 'fault-gone',
	doc: 'Is the cause itself removed, and not only its symptom?',
	counts: 'restored',
	parameters: z.strictObject({ fault: idSchema }),
	refersTo: ({ fault }) => ({ faults: [fault] }),
	evaluate(evidence, { fault }) {
		const declared = evidence.faults.find((candidate) => candidate.id === fault);
		const title = declared?.title ?? fault;
		const holds = declared !== undefined && !declared.present;
		const last = lastChange(evidence);
		return {
			holds,
			text: holds ? `The cause is gone: ${title}.` : `The cause is still there: ${title}.`,
			actions: holds && last ? [last.sequence] : [],
			...(holds ? {} : { missed: 'Remove the cause, not the symptom.' }),
		};
	},
});
