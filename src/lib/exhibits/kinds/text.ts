import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';

export const text = defineExhibit({
	kind: 'text',
	title: 'Text',
	doc: 'Lines written by hand.',
	parameters: z.strictObject({
		text: z.string().min(1).max(20_000),
		faulty: z.boolean().optional(),
	}),
	make: (parameters) => ({ content: { form: 'text', text: parameters.text }, facts: {} }),
});
