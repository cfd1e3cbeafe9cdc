import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

/** Something wrong in an authored file: where it is and what to do about it. Lines and columns count from 1. */
export interface Problem {
	path: string;
	line: number;
	column: number;
	message: string;
}

/** An authored YAML file after parsing, able to tell the position of any of its values. */
export class YamlSource {
	readonly path: string;
	readonly #document: Document;
	readonly #lines = new LineCounter();
	readonly syntaxProblems: Problem[];

	constructor(path: string, text: string) {
		this.path = path;
		this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true });
		this.syntaxProblems = this.#document.errors.map((error) => {
			const { line, col } = this.#lines.linePos(error.pos[0]);
			const message = error.message.split('\n')[0] ?? 'not YAML';
			return { path, line, column: col, message };
		});
	}

	/** A problem at the value that `keys` lead to, or at its nearest ancestor that exists. */
	problem(keys: readonly PropertyKey[], message: string): Problem {
		for (let depth = keys.length; depth >= 0; depth--) {
			const node = this.#document.getIn(keys.slice(0, depth), true) as
				{ range?: [number, number, number] } | undefined;
			if (!node?.range) continue;
			const { line, col } = this.#lines.linePos(node.range[0]);
			return { path: this.path, line, column: col, message };
		}
		return { path: this.path, line: 1, column: 1, message };
	}

	/** The content validated by a schema, or the problems found; never both. */
	read<T>(schema: z.ZodType<T>): { value: T } | { problems: Problem[] } {
		if (this.syntaxProblems.length > 0) return { problems: this.syntaxProblems };
		let content: unknown;
		try {
			content = this.#document.toJS();
		} catch (error) {
			// Aliases of aliases, which would grow without bound.
			if (!(error instanceof ReferenceError)) throw error;
			return { problems: [this.problem([], `file: ${error.message}`)] };
		}
		const result = schema.safeParse(content);
		if (result.success) return { value: result.data };
		return {
			problems: result.error.issues.map((issue) =>
				this.problem(issue.path, `${issue.path.join('.') || 'file'}: ${issue.message}`),
			),
		};
	}
}

/** `path:line:column message`, the form editors can jump to. */
export function formatProblem(problem: Problem): string {
	return `${problem.path}:${problem.line}:${problem.column} ${problem.message}`;
}
