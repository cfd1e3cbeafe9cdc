import type { z } from 'zod';
import type { Evidence } from './evidence.ts';

/** Whether a check holds, with one sentence that says what was seen and the actions that matter. */
export interface CheckResult {
	holds: boolean;
	text: string;
	/** Sequence numbers of the actions that made it hold or fail, where that can be told. */
	actions: number[];
	/** What would have made it hold. */
	missed?: string;
}

/** Ids that a check's parameters name. */
export interface CheckReferences {
	modalities?: string[];
	people?: string[];
	faults?: string[];
}

/**
 * The declaration of a check kind: a question about the world and its trace with an answer in one sentence.
 * One file in `checks/` exports one of these.
 */
export interface CheckDefinition<P = unknown> {
	kind: string;
	/** The question, for authors. */
	doc: string;
	/** Which part of the score it counts for unless the scenario says otherwise. */
	counts: 'restored' | 'tidy';
	parameters: z.ZodType<P>;
	/** What the parameters name, looked up when a scenario is loaded. */
	refersTo(parameters: P): CheckReferences;
	evaluate(evidence: Evidence, parameters: P): CheckResult;
}

/** Declares a check kind; only gives the parts their common types. */
export function defineCheck<P>(definition: CheckDefinition<P>): CheckDefinition<P> {
	return definition;
}
