import { z } from 'zod';

/**
 * The format of `banks/blueprints/<exam>-<outline>.yaml`: what an exam asks, with what weight, according to
 * which source and how sure that is. No pass mark: none is published in terms of items.
 */

const code = z.string().regex(/^[A-Z0-9]+(\.[A-Za-z0-9]+)*$/, 'a code like F or F.3');

export const blueprintSchema = z.strictObject({
	/** Items name `<exam>-<outline>`, for example `ciip-2024`, which is also the name of the file. */
	exam: z.string().regex(/^[a-z][a-z0-9-]*$/),
	outline: z.string().regex(/^[0-9]{4}[a-z]?$/),
	title: z.string().min(1),
	/** Who owns the exam; shown with the notice that this product is unofficial. */
	body: z.string().min(1),
	sources: z
		.array(
			z.strictObject({
				what: z.string().min(1),
				url: z.url(),
				confidence: z.enum(['checked', 'secondary', 'assumed']),
			}),
		)
		.min(1),
	/** Said on the page wherever weights are shown. */
	caveat: z.string().min(1),
	form: z.strictObject({
		scored: z.int().min(1),
		unscored: z.int().min(0),
		minutes: z.int().min(1),
	}),
	sections: z
		.array(
			z.strictObject({
				code,
				title: z.string().min(1),
				/** Scored items of a form that come from this section; the sum is `form.scored`. */
				items: z.int().min(0),
				tasks: z.array(z.strictObject({ code, title: z.string().min(1) })).default([]),
			}),
		)
		.min(1),
});

export type Blueprint = z.infer<typeof blueprintSchema>;
