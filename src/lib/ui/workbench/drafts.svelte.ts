import { readStored, writeStored } from '../stored.ts';

const isRecord = (value: unknown): value is Record<string, string> =>
	typeof value === 'object' &&
	value !== null &&
	Object.values(value).every((text) => typeof text === 'string');

/** Texts typed but not yet sent, kept in the browser so that a reload loses nothing. */
export class Drafts {
	#texts: Record<string, string> = $state({});
	readonly #key: string;

	constructor(attemptId: string) {
		this.#key = `drafts:${attemptId}`;
	}

	/** Reads what an earlier page kept; called once the page is alive. */
	load(): void {
		Object.assign(this.#texts, readStored(this.#key, isRecord) ?? {});
	}

	get(field: string): string {
		return this.#texts[field] ?? '';
	}

	set(field: string, text: string): void {
		if (text === '') delete this.#texts[field];
		else this.#texts[field] = text;
		writeStored(this.#key, this.#texts);
	}

	/** Forgets everything, once the ticket is closed. */
	clear(): void {
		this.#texts = {};
		writeStored(this.#key, undefined);
	}
}
