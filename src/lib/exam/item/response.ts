import { z } from 'zod';

const id = z.string().min(1).max(80);

/** What a candidate answered, as the browser sends it and the log keeps it. */
export const responseSchema = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('sba'), choice: id }),
	z.strictObject({ type: z.literal('multi'), choices: z.array(id).max(10) }),
	z.strictObject({ type: z.literal('order'), order: z.array(id).max(8) }),
	z.strictObject({ type: z.literal('match'), pairs: z.record(id, id) }),
	/** As typed, with or without a unit. */
	z.strictObject({ type: z.literal('numeric'), text: z.string().max(60) }),
	z.strictObject({ type: z.literal('hotspot'), choice: id }),
	z.strictObject({ type: z.literal('scenario'), attemptId: id }),
]);

export type Response = z.infer<typeof responseSchema>;

/** How a response was judged. */
export interface Mark {
	/** The dichotomous score that statistics and mocks use. */
	correct: boolean;
	/** 0..1, with partial credit where the type knows it; shown in study modes only. */
	credit: number;
	/** The wrong result that was recognised, such as `trap-1`, or the wrong choices. */
	wrong: string[];
}
