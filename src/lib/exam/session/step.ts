import { z } from 'zod';
import { responseSchema } from '../item/response.ts';

/**
 * What a candidate does in a session. The session is only its plan and the list of these steps, which is
 * appended to and never changed; everything shown is a fold over it.
 */

const position = z.int().min(0).max(999);

/** A stretch of marked text: where (`stem`, `lead-in`, an exhibit's id) and from which to which character. */
const highlight = z.strictObject({
	part: z.string().min(1).max(40),
	from: z.int().min(0).max(100_000),
	to: z.int().min(1).max(100_000),
});

export const stepBodySchema = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('view'), slot: position }),
	/** Saves the answer; `null` takes it back. */
	z.strictObject({
		kind: z.literal('answer'),
		slot: position,
		response: responseSchema.nullable(),
	}),
	/** The choices that are struck out now. */
	z.strictObject({
		kind: z.literal('strike'),
		slot: position,
		choices: z.array(z.string().max(80)).max(12),
	}),
	z.strictObject({ kind: z.literal('flag'), slot: position, flagged: z.boolean() }),
	z.strictObject({
		kind: z.literal('highlight'),
		slot: position,
		marks: z.array(highlight).max(50),
	}),
	z.strictObject({ kind: z.literal('note'), slot: position, text: z.string().max(2_000) }),
	z.strictObject({
		kind: z.literal('certainty'),
		slot: position,
		certainty: z.enum(['low', 'mid', 'high']),
	}),
	/** Asks for the verdict in a session with feedback at once; the answer is final then. */
	z.strictObject({ kind: z.literal('check'), slot: position }),
	z.strictObject({ kind: z.literal('finish') }),
]);

export type StepBody = z.infer<typeof stepBodySchema>;

/** Made once for each act and repeated when the browser tries again: nothing is done twice. */
const key = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** A request to append steps, in the order in which they were done. */
export const stepsRequestSchema = z.strictObject({
	steps: z
		.array(z.strictObject({ key, body: stepBodySchema }))
		.min(1)
		.max(50),
});

/** A step as the log keeps it. */
export interface Step {
	/** Unique in the session. Those that the server makes hold a colon, which no browser may send. */
	key: string;
	body: StepBody;
	/** Milliseconds since 1970 on the server's clock. */
	atMs: number;
}
