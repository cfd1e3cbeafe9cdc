import type { Kernel } from '#lib/kernel/kernel.ts';

export interface WallTimeOptions {
	/** Whether somebody outside waits for an answer: events are then run to the fraction of a millisecond. */
	busy(): boolean;
	/** Called each time after events were run. */
	advanced(): void;
	/** A device's process failed; nothing runs any more. */
	failed(error: unknown): void;
}

/** Events run without a pause for the sockets. */
const SLICE_EVENTS = 2_000;
/** The longest delay that a timer of Node.js takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a kernel in wall time: an event runs when as much wall time has passed since the start as virtual
 * time has. Between events the process sleeps. Virtual time is never ahead of wall time, and behind it
 * only for as long as the events that are due take to compute.
 */
export class WallTime {
	readonly #kernel: Kernel;
	readonly #options: WallTimeOptions;
	readonly #originUs: number;
	readonly #originMs = performance.now();
	#timer: NodeJS.Timeout | undefined;
	#immediate: NodeJS.Immediate | undefined;
	#running = true;

	/** Begins with the next turn of the event loop. */
	constructor(kernel: Kernel, options: WallTimeOptions) {
		this.#kernel = kernel;
		this.#options = options;
		this.#originUs = kernel.nowUs;
		this.#goOnNextTurn();
	}

	/** Does something to the world at the present instant, and runs what it causes now. Not for use by processes. */
	act(change: () => void): void {
		if (!this.#running) return;
		this.#goOn();
		change();
		this.#goOn();
	}

	/** Nothing runs after this. */
	stop(): void {
		this.#running = false;
		this.#cancel();
	}

	#goOn(): void {
		this.#cancel();
		if (!this.#running) return;
		try {
			const arrived = this.#kernel.runUntil(this.#wallUs(), SLICE_EVENTS);
			this.#options.advanced();
			this.#schedule(arrived);
		} catch (error) {
			this.stop();
			this.#options.failed(error);
		}
	}

	#wallUs(): number {
		return this.#originUs + Math.floor((performance.now() - this.#originMs) * 1_000);
	}

	/** A timer for whole milliseconds; the rest is waited for in turns of the event loop while somebody waits. */
	#schedule(arrived: boolean): void {
		const { nextEventUs } = this.#kernel;
		if (nextEventUs === undefined || !this.#running) return;
		const delayMs = (nextEventUs - this.#wallUs()) / 1_000;
		const busy = this.#options.busy();
		if (!arrived || delayMs <= 0 || (busy && delayMs < 1)) {
			this.#goOnNextTurn();
			return;
		}
		const wholeMs = busy ? Math.floor(delayMs) : Math.ceil(delayMs);
		this.#timer = setTimeout(
			() => {
				this.#goOn();
			},
			Math.min(wholeMs, LONGEST_TIMER_MS),
		);
	}

	#goOnNextTurn(): void {
		this.#immediate = setImmediate(() => {
			this.#goOn();
		});
	}

	#cancel(): void {
		clearTimeout(this.#timer);
		clearImmediate(this.#immediate);
		this.#timer = undefined;
		this.#immediate = undefined;
	}
}
