import type { ExpressionProblem } from '../expression/expression-error.ts';

/** Why no instance can be made, and the place in the item file. It never leaves this folder. */
export class Unmakeable extends Error {
	readonly keys: readonly PropertyKey[];

	constructor(keys: readonly PropertyKey[], message: string) {
		super(message);
		this.keys = keys;
	}
}

/** The value of a result, or an Unmakeable at the place of its text. */
export function valueAt<T>(
	result: { value: T } | { problem: ExpressionProblem },
	keys: readonly PropertyKey[],
): T {
	if ('value' in result) return result.value;
	const { message, position } = result.problem;
	throw new Unmakeable(keys, `${message} (at character ${position + 1})`);
}
