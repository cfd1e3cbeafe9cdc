import { emptyLine, type LineState } from './line-editor.ts';

interface ShellSession {
	line: LineState;
	/** Entries before this one were cleared from the screen. */
	clearedBefore: number;
}

/** The half-typed line and the cleared screen of every shell, kept while the trainee looks elsewhere. */
export class ShellSessions {
	readonly #sessions: Record<string, ShellSession> = $state({});

	line(host: string): LineState {
		return this.#sessions[host]?.line ?? emptyLine();
	}

	clearedBefore(host: string): number {
		return this.#sessions[host]?.clearedBefore ?? 0;
	}

	setLine(host: string, line: LineState): void {
		this.#sessions[host] = { line, clearedBefore: this.clearedBefore(host) };
	}

	clear(host: string, before: number): void {
		this.#sessions[host] = { line: this.line(host), clearedBefore: before };
	}
}
