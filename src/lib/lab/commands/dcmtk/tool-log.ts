/** The log of a DCMTK tool: lines with a level letter, shown from a certain level on. */

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug'] as const;

export type Level = (typeof LEVELS)[number];

export class ToolLog {
	readonly level: Level;
	#lines: string[] = [];

	constructor(level: Level) {
		this.level = level;
	}

	/** Adds a text; each of its lines gets the level's letter, as in `I: Requesting Association`. */
	add(level: Level, text: string): void {
		if (!this.shows(level)) return;
		const letter = level.charAt(0).toUpperCase();
		for (const line of text.split('\n')) this.#lines.push(`${letter}: ${line}`);
	}

	/** Adds a query's match at information level, which findscu shows even when it is not verbose. */
	addMatch(text: string): void {
		if (this.level === 'fatal') return;
		for (const line of text.split('\n')) this.#lines.push(`I: ${line}`);
	}

	/** Adds a line without a letter, such as the dots of a transfer. */
	addBare(level: Level, line: string): void {
		if (this.shows(level)) this.#lines.push(line);
	}

	shows(level: Level): boolean {
		return LEVELS.indexOf(level) <= LEVELS.indexOf(this.level);
	}

	get text(): string {
		return this.#lines.join('\n');
	}
}
