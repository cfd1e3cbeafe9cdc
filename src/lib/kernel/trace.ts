import { Sha256, toHex } from './sha256.ts';
import type { Micros } from './time.ts';

/**
 * One thing that happened: plain data with a time, the place it happened at and a kind in the past tense.
 * Layers above extend it with their own fields; everything in it must be plain data or bytes.
 */
export interface TraceEvent {
	readonly timeUs: Micros;
	readonly kind: string;
	readonly [field: string]: unknown;
}

/**
 * The append-only record of a run. Logs, captures, scores and debriefs are projections of it.
 * Its digest is the run's fingerprint: two runs with equal digests did the same things at the same times,
 * byte for byte.
 */
export class Trace {
	readonly events: TraceEvent[] = [];
	#observers = new Set<(event: TraceEvent) => void>();

	append(event: TraceEvent): void {
		this.events.push(event);
		for (const observer of this.#observers) observer(event);
	}

	/** Calls back for each event to come; returns the function that ends it. */
	observe(observer: (event: TraceEvent) => void): () => void {
		this.#observers.add(observer);
		return () => this.#observers.delete(observer);
	}

	/** SHA-256, in hexadecimal, over all events so far in a canonical form. */
	digest(): string {
		const hash = new Sha256();
		const writer = new CanonicalWriter(hash);
		for (const event of this.events) writer.value(event);
		writer.flush();
		return toHex(hash.digest());
	}
}

/** Feeds plain data to a hash, type-tagged and length-prefixed, so that no two different values look alike. */
class CanonicalWriter {
	#hash: Sha256;
	#text = '';
	#encoder = new TextEncoder();

	constructor(hash: Sha256) {
		this.#hash = hash;
	}

	value(value: unknown): void {
		if (value instanceof Uint8Array) {
			this.#write(`b${value.length}:`);
			this.flush();
			this.#hash.update(value);
		} else if (Array.isArray(value)) {
			this.#write(`[${value.length}:`);
			for (const item of value) this.value(item);
		} else if (typeof value === 'object' && value !== null) {
			const keys = Object.keys(value).sort();
			this.#write(`{${keys.length}:`);
			for (const key of keys) {
				this.#write(`${key.length}:${key}`);
				this.value((value as Record<string, unknown>)[key]);
			}
		} else if (typeof value === 'string') this.#write(`s${value.length}:${value}`);
		else if (typeof value === 'number' || typeof value === 'boolean') this.#write(`${value};`);
		else if (value === undefined || value === null) this.#write('n;');
		else throw new TypeError(`a trace holds plain data, not ${typeof value}`);
	}

	#write(text: string): void {
		this.#text += text;
		if (this.#text.length > 4_096) this.flush();
	}

	flush(): void {
		if (this.#text === '') return;
		this.#hash.update(this.#encoder.encode(this.#text));
		this.#text = '';
	}
}
