import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineCheck } from '../define-check.ts';
import { lastChange } from '../evidence.ts';

export const retested = defineCheck({
	kind: 'retested',
	doc: 'Did the trainee prove the repair after the last change, from the clinical end?',
	counts: 'tidy',
	parameters: z.strictObject({
		device: idSchema,
		/** Facts of which one must have been seen after the last change; by default any that shows the device works. */
		facts: z.array(z.string().min(1)).optional(),
	}),
	refersTo: ({ device }) => ({ modalities: [device] }),
	evaluate(evidence, { device, facts }) {
		const wanted = facts ?? [
			`echo archive from ${device}: success`,
			`look ${device} Send queue: good`,
			`told ${device} Send queue: good`,
		];
		const change = lastChange(evidence);
		const proof = evidence.records.filter(
			(record) =>
				record.sequence >= (change?.sequence ?? 0) &&
				record.facts.some((fact) => wanted.includes(fact)),
		);
		const { title } = evidence.world.device(device);
		const holds = change !== undefined && proof.length > 0;
		return {
			holds,
			text: holds
				? `The repair was tested from ${title} after the last change.`
				: `Nobody tested from ${title} after the last change.`,
			actions: proof.map((record) => record.sequence),
			...(holds
				? {}
				: { missed: `After the repair, verify from ${title} or have its queue read out.` }),
		};
	},
});
