import { PlainDataDigest } from './plain-data-digest.ts';
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
		const steps = this.digestSteps(Infinity);
		for (;;) {
			const step = steps.next();
			if (step.done) return step.value;
		}
	}

	/** {@link digest} in slices: yields after every `eventsPerSlice` events, so that a caller can do other things. */
	*digestSteps(eventsPerSlice: number): Generator<void, string> {
		const digest = new PlainDataDigest();
		for (const [index, event] of this.events.entries()) {
			digest.add(event);
			if ((index + 1) % eventsPerSlice === 0) yield;
		}
		return digest.finish();
	}
}
