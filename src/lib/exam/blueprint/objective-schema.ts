import { z } from 'zod';

/**
 * The format of `banks/objectives/<domain>.yaml`. An objective is the smallest thing one can know: spaced
 * repetition schedules objectives, and each has at least two items.
 */
export const objectivesSchema = z.strictObject({
	domain: z.string().regex(/^[a-z][a-z0-9-]*$/),
	title: z.string().min(1),
	objectives: z
		.array(
			z.strictObject({
				id: z.string().regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/),
				/** "You can ...": what somebody who has it is able to do. */
				title: z.string().min(1).max(160),
			}),
		)
		.min(1),
});

export type Objective = { id: string; title: string; domain: string };
