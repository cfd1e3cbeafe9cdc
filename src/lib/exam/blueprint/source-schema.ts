import { z } from 'zod';

/**
 * The format of `banks/sources/<publisher>.yaml`: the works that items cite. The edition stands here once,
 * so that a new edition is one edit and every item that was checked before it can be found.
 */
export const sourcesSchema = z.strictObject({
	sources: z
		.array(
			z.strictObject({
				id: z.string().regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/),
				/** How it is called in a citation, for example `DICOM PS3.8`. */
				cite: z.string().min(1),
				title: z.string().min(1),
				publisher: z.string().min(1),
				/** The edition that citations were checked in. */
				edition: z.string().min(1),
				url: z.url(),
				/** `primary`: the work that makes the rule. `secondary`: one that explains it; never the only one of an item. */
				kind: z.enum(['primary', 'secondary']),
				checked: z.iso.date(),
			}),
		)
		.min(1),
});

export type Source = z.infer<typeof sourcesSchema>['sources'][number];
