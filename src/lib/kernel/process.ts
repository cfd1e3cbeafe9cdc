/**
 * Processes are generators, in the manner of SimPy: a process yields a {@link Waitable} and is resumed
 * with its value. Everything runs synchronously inside the kernel's event loop, so a run can be replayed
 * and a process can be killed at any yield; its `finally` blocks then run.
 */

/** How a wait ends: with a value, or with an error thrown into the process. */
type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Called with the outcome of a wait. */
export type Resume<T> = (outcome: Outcome<T>) => void;

/**
 * Something a process can wait for. `subscribe` arranges one call of `resume`, never during `subscribe`
 * itself unless the value is already there, and returns a function that takes the arrangement back.
 */
export interface Waitable<T> {
	subscribe(resume: Resume<T>): () => void;
}

/** The body of a process: yields waitables, returns a result. Compose with `yield*`. */
export type Process<T = void> = Generator<Waitable<unknown>, T, unknown>;

/** Waits for one thing and returns its value, typed. */
export function* wait<T>(waitable: Waitable<T>): Process<T> {
	return (yield waitable) as T;
}

/** Thrown into a process by {@link Task.interrupt}. */
export class Interrupted extends Error {
	readonly reason: string;
	constructor(reason: string) {
		super(`interrupted: ${reason}`);
		this.name = 'Interrupted';
		this.reason = reason;
	}
}

type TaskState<T> =
	| { kind: 'running' }
	| { kind: 'returned'; value: T }
	| { kind: 'failed'; error: unknown }
	| { kind: 'killed' };

/** A running process. Waiting for it gives its result; an error inside is thrown to whoever waits. */
export class Task<T = unknown> implements Waitable<T> {
	readonly name: string;
	#body: Process<T>;
	#state: TaskState<T> = { kind: 'running' };
	#unsubscribe: (() => void) | undefined;
	#watchers = new Set<Resume<T>>();
	#onUnwatchedError: (error: unknown) => void;
	#stepping = false;
	/** Counts the waits begun and ended: an outcome of any but the present one comes too late. */
	#waits = 0;
	#subscribing = false;
	#immediate: Outcome<unknown> | undefined;

	/** Called by the kernel only; `start` runs the body up to its first wait. */
	constructor(name: string, body: Process<T>, onUnwatchedError: (error: unknown) => void) {
		this.name = name;
		this.#body = body;
		this.#onUnwatchedError = onUnwatchedError;
	}

	get running(): boolean {
		return this.#state.kind === 'running';
	}

	start(): void {
		this.#step({ ok: true, value: undefined });
	}

	subscribe(resume: Resume<T>): () => void {
		if (this.#state.kind === 'running') {
			this.#watchers.add(resume);
			return () => this.#watchers.delete(resume);
		}
		this.#tell(resume);
		return () => undefined;
	}

	/** Throws {@link Interrupted} into the process at its current wait. It may catch it and go on. */
	interrupt(reason: string): void {
		if (this.#state.kind !== 'running' || this.#stepping) return;
		this.#drop();
		this.#step({ ok: false, error: new Interrupted(reason) });
	}

	/** Ends the process at its current wait; `finally` blocks run, waits inside them are not honoured. */
	kill(): void {
		if (this.#state.kind !== 'running' || this.#stepping) return;
		this.#drop();
		this.#stepping = true;
		try {
			this.#body.return(undefined as T);
			this.#finish({ kind: 'killed' });
		} catch (error) {
			this.#finish({ kind: 'failed', error });
		} finally {
			this.#stepping = false;
		}
	}

	#drop(): void {
		this.#waits++;
		this.#unsubscribe?.();
		this.#unsubscribe = undefined;
	}

	/** Runs the body until it has to wait. A loop, so that waits already satisfied do not grow the stack. */
	#step(outcome: Outcome<unknown>): void {
		this.#stepping = true;
		let next: Outcome<unknown> | undefined = outcome;
		while (next !== undefined) {
			let result: IteratorResult<Waitable<unknown>, T>;
			try {
				result = next.ok ? this.#body.next(next.value) : this.#body.throw(next.error);
			} catch (error) {
				this.#stepping = false;
				this.#finish({ kind: 'failed', error });
				return;
			}
			if (result.done) {
				this.#stepping = false;
				this.#finish({ kind: 'returned', value: result.value });
				return;
			}
			next = this.#await(result.value);
		}
		this.#stepping = false;
	}

	/** Subscribes to a waitable; returns its outcome when it is there at once. */
	#await(waitable: Waitable<unknown>): Outcome<unknown> | undefined {
		const wait = ++this.#waits;
		this.#immediate = undefined;
		this.#subscribing = true;
		const unsubscribe = waitable.subscribe((outcome) => {
			this.#settle(wait, outcome);
		});
		this.#subscribing = false;
		if (this.#immediate === undefined) this.#unsubscribe = unsubscribe;
		return this.#immediate;
	}

	#settle(wait: number, outcome: Outcome<unknown>): void {
		if (wait !== this.#waits) return;
		this.#waits++;
		if (this.#subscribing) {
			this.#immediate = outcome;
			return;
		}
		this.#unsubscribe = undefined;
		this.#step(outcome);
	}

	#finish(state: TaskState<T>): void {
		this.#state = state;
		const watchers = [...this.#watchers];
		this.#watchers.clear();
		if (state.kind === 'failed' && watchers.length === 0) this.#onUnwatchedError(state.error);
		for (const watcher of watchers) this.#tell(watcher);
	}

	#tell(resume: Resume<T>): void {
		const state = this.#state;
		if (state.kind === 'returned') resume({ ok: true, value: state.value });
		else if (state.kind === 'failed') resume({ ok: false, error: state.error });
		else resume({ ok: false, error: new Interrupted(`${this.name} was killed`) });
	}
}

/** The first of several waits to finish, by its name. The others are taken back. */
export function race<W extends Record<string, Waitable<unknown>>>(
	waits: W,
): Waitable<
	{ [K in keyof W]: { winner: K; value: W[K] extends Waitable<infer V> ? V : never } }[keyof W]
> {
	type Won = {
		[K in keyof W]: { winner: K; value: W[K] extends Waitable<infer V> ? V : never };
	}[keyof W];
	return {
		subscribe(resume: Resume<Won>) {
			const cancels: (() => void)[] = [];
			let over = false;
			const end = (): void => {
				over = true;
				for (const cancel of cancels) cancel();
			};
			for (const winner of Object.keys(waits)) {
				if (over) break;
				const cancel = (waits[winner] as Waitable<unknown>).subscribe((outcome) => {
					if (over) return;
					end();
					resume(
						outcome.ok ? { ok: true, value: { winner, value: outcome.value } as Won } : outcome,
					);
				});
				if (over) cancel();
				else cancels.push(cancel);
			}
			return end;
		},
	};
}

/** A one-time event: `fire` resumes everyone waiting, and everyone who comes later at once. */
export class Signal<T = void> implements Waitable<T> {
	#fired: { value: T } | undefined;
	#waiting = new Set<Resume<T>>();

	get fired(): boolean {
		return this.#fired !== undefined;
	}

	/** Only the first call counts. */
	fire(value: T): void {
		if (this.#fired) return;
		this.#fired = { value };
		const waiting = [...this.#waiting];
		this.#waiting.clear();
		for (const resume of waiting) resume({ ok: true, value });
	}

	subscribe(resume: Resume<T>): () => void {
		if (this.#fired) {
			resume({ ok: true, value: this.#fired.value });
			return () => undefined;
		}
		this.#waiting.add(resume);
		return () => this.#waiting.delete(resume);
	}
}

/** A first-in-first-out channel between processes; each value goes to one taker. */
export class Mailbox<T> {
	#values: T[] = [];
	#takers = new Set<Resume<T>>();

	get length(): number {
		return this.#values.length;
	}

	put(value: T): void {
		const taker = this.#takers.values().next();
		if (taker.done) this.#values.push(value);
		else {
			this.#takers.delete(taker.value);
			taker.value({ ok: true, value });
		}
	}

	/** The next value, waiting for it if there is none. */
	take(): Waitable<T> {
		return {
			subscribe: (resume) => {
				if (this.#values.length > 0) {
					resume({ ok: true, value: this.#values.shift() as T });
					return () => undefined;
				}
				this.#takers.add(resume);
				return () => this.#takers.delete(resume);
			},
		};
	}
}
