import { z } from 'zod';
import { actionSchema } from '#lib/lab/action.ts';
import type { Action } from '#lib/lab/action.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';

/** The body of a request to act. */
export const performSchema = z.strictObject({
	/** Number of the new action, counted from 0: the number of those that the browser knows of. */
	sequence: z.int().min(0),
	/** Made once per act of the user and repeated when the browser tries again. */
	key: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
	action: actionSchema,
});

type HistoryEntry = WorkbenchView['history'][number];

/** How a request to act ended. */
export type PerformOutcome =
	| {
			kind: 'done';
			entry: HistoryEntry;
			/** The workbench after the action; the browser has the history already. */
			view: Omit<WorkbenchView, 'history'>;
	  }
	/** Nothing was done: the attempt is further on than the browser knew, or closed. */
	| { kind: 'conflict'; message: string; view: WorkbenchView }
	| { kind: 'invalid'; message: string; issues: { path: string; message: string }[] }
	| { kind: 'too-many'; message: string; retryAfterSeconds: number };

/** Turns the findings of the schema into an answer. */
export function invalidRequest(error: z.ZodError): PerformOutcome {
	return {
		kind: 'invalid',
		message: 'This action can’t be carried out because its description is not valid.',
		issues: error.issues.map((issue) => ({
			path: issue.path.join('.'),
			message: issue.message,
		})),
	};
}

/** Whether a repeated request asks for the same as the stored one; order of keys aside. */
export function sameAction(one: Action, stored: unknown): boolean {
	const parsed = actionSchema.safeParse(stored);
	return parsed.success && canonical(one) === canonical(parsed.data);
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_key, part: unknown) =>
		typeof part === 'object' && part !== null && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);
}
