/** Why an expression has no value, and where in its text (counted from 0). */
export interface ExpressionProblem {
	message: string;
	position: number;
}

/** Carries a problem out of the depth of parser and evaluator; it never leaves this folder. */
export class ExpressionError extends Error {
	readonly position: number;

	constructor(message: string, position: number) {
		super(message);
		this.position = position;
	}
}

/** Runs `work`; an expression error becomes plain data. */
export function guarded<T>(work: () => T): { value: T } | { problem: ExpressionProblem } {
	try {
		return { value: work() };
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		return { problem: { message: error.message, position: error.position } };
	}
}
