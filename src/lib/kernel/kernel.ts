import { EventQueue, type ScheduledEvent } from './event-queue.ts';
import { Task, type Process, type Waitable } from './process.ts';
import { Random } from './random.ts';
import type { Micros } from './time.ts';
import { Trace } from './trace.ts';

export interface KernelOptions {
	/** Everything random in the run follows from it. */
	seed: string;
	/** Where virtual time starts; 0 unless told otherwise. */
	startUs?: Micros;
	/** How many events the run may use in all before {@link EventBudgetExceeded}; 50 million unless told otherwise. */
	eventBudget?: number;
}

/** The run used more events than it was given: almost always two processes chasing each other without time passing. */
export class EventBudgetExceeded extends Error {
	readonly budget: number;
	readonly timeUs: Micros;
	constructor(budget: number, timeUs: Micros) {
		super(`the run used its budget of ${budget} events at ${timeUs} µs`);
		this.name = 'EventBudgetExceeded';
		this.budget = budget;
		this.timeUs = timeUs;
	}
}

const DEFAULT_EVENT_BUDGET = 50_000_000;

const ELAPSED = { ok: true, value: undefined } as const;

/** The only source of time, chance and order in a simulated world. */
export class Kernel {
	readonly trace = new Trace();
	readonly seed: string;
	#queue = new EventQueue();
	#nowUs: Micros;
	#eventBudget: number;
	#eventCount = 0;
	#streams = new Map<string, Random>();
	#failure: { error: unknown } | undefined;

	constructor(options: KernelOptions) {
		this.seed = options.seed;
		this.#nowUs = options.startUs ?? 0;
		this.#eventBudget = options.eventBudget ?? DEFAULT_EVENT_BUDGET;
	}

	get nowUs(): Micros {
		return this.#nowUs;
	}

	/** How many events have run so far. */
	get eventCount(): number {
		return this.#eventCount;
	}

	/** The stream of that name, made on first use; a new consumer does not shift the others. */
	random(name: string): Random {
		let stream = this.#streams.get(name);
		if (!stream) this.#streams.set(name, (stream = new Random(this.seed, name)));
		return stream;
	}

	/** Records that something happened now. */
	record(kind: string, fields: Record<string, unknown> = {}): void {
		this.trace.append({ timeUs: this.#nowUs, kind, ...fields });
	}

	/** Runs `run` at an instant (now if it is past); the returned function takes it back. */
	at(timeUs: Micros, run: () => void): () => void {
		const event: ScheduledEvent = this.#queue.push(Math.max(Math.round(timeUs), this.#nowUs), run);
		return () => {
			event.run = undefined;
		};
	}

	after(delayUs: Micros, run: () => void): () => void {
		return this.at(this.#nowUs + delayUs, run);
	}

	/** Waits a duration. */
	timeout(delayUs: Micros): Waitable<void> {
		return {
			subscribe: (resume) =>
				this.after(delayUs, () => {
					resume(ELAPSED);
				}),
		};
	}

	/** Starts a process; its body runs from the next event on. An error nobody waits for ends the run. */
	spawn<T>(name: string, body: Process<T>): Task<T> {
		const task = new Task<T>(name, body, (error) => {
			this.#failure ??= { error };
		});
		this.after(0, () => {
			if (task.running) task.start();
		});
		return task;
	}

	/** Pauses the calling process. */
	*sleep(delayUs: Micros): Process {
		yield this.timeout(delayUs);
	}

	/**
	 * Runs every event up to and including `untilUs`, then sets the clock there. With `maxEvents` it may
	 * stop early; returns whether it arrived, so that a caller can go on in slices.
	 * Throws {@link EventBudgetExceeded}, or the error of a process nobody waited for.
	 */
	runUntil(untilUs: Micros, maxEvents = Infinity): boolean {
		for (let used = 0; used < maxEvents; used++) {
			if (this.#runOne(untilUs)) continue;
			this.#nowUs = Math.max(this.#nowUs, untilUs);
			return true;
		}
		return false;
	}

	/**
	 * Runs events until `task` has ended. Returns false when `maxEvents` were used first or nothing is left
	 * to happen.
	 */
	runTask(task: { readonly running: boolean }, maxEvents = Infinity): boolean {
		for (let used = 0; used < maxEvents && task.running; used++) {
			if (!this.#runOne(Infinity)) break;
		}
		return !task.running;
	}

	/** When the next event is due, if any. */
	get nextEventUs(): Micros | undefined {
		return this.#queue.peek()?.timeUs;
	}

	/** Runs the next event if it is due by then; false when none is. */
	#runOne(untilUs: Micros): boolean {
		const event = this.#queue.pop(untilUs);
		if (!event) return false;
		if (this.#eventCount >= this.#eventBudget) {
			throw new EventBudgetExceeded(this.#eventBudget, this.#nowUs);
		}
		this.#eventCount++;
		this.#nowUs = event.timeUs;
		const run = event.run;
		event.run = undefined;
		run?.();
		if (this.#failure) {
			const { error } = this.#failure;
			this.#failure = undefined;
			throw error;
		}
		return true;
	}
}
