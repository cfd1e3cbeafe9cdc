/** A slice should take this long; others wait for one slice at most. */
const SLICE_TARGET_MS = 10;
const EVENTS_FIRST = 50;
const EVENTS_MIN = 10;
const EVENTS_MAX = 200_000;

interface Job {
	advance: (maxEvents: number) => boolean;
	events: number;
	resolve: () => void;
	reject: (reason: unknown) => void;
}

/**
 * Shares the event loop between running worlds: one slice of one world per turn of the loop, in rotation,
 * so that requests are served in between. The size of a world's slices follows its measured speed.
 */
export class SliceRunner {
	readonly #jobs: Job[] = [];
	readonly #nowMs: () => number;

	constructor(nowMs: () => number = () => performance.now()) {
		this.#nowMs = nowMs;
	}

	/** Calls `advance` until it returns true. Rejects with what it throws. */
	run(advance: (maxEvents: number) => boolean): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#jobs.push({ advance, events: EVENTS_FIRST, resolve, reject });
			if (this.#jobs.length === 1) setImmediate(() => this.#turn());
		});
	}

	#turn(): void {
		const job = this.#jobs[0];
		if (!job) return;
		const startMs = this.#nowMs();
		let finished = true;
		try {
			finished = job.advance(job.events);
			if (finished) job.resolve();
		} catch (error) {
			job.reject(error);
		}
		this.#jobs.shift();
		if (!finished) {
			job.events = nextSize(job.events, this.#nowMs() - startMs);
			this.#jobs.push(job);
		}
		if (this.#jobs.length > 0) setImmediate(() => this.#turn());
	}
}

/** Grows at most twofold a step, because one cheap slice says little about the next. */
function nextSize(events: number, tookMs: number): number {
	const fitting = tookMs > 0 ? (events * SLICE_TARGET_MS) / tookMs : Infinity;
	return Math.round(Math.min(EVENTS_MAX, Math.max(EVENTS_MIN, Math.min(events * 2, fitting))));
}
