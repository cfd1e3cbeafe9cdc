/** The answer to a request for a token. */
export type Allowance = { allowed: true } | { allowed: false; retryAfterSeconds: number };

interface Bucket {
	tokens: number;
	atMs: number;
}

/**
 * Token buckets in memory, one for each key (an address, a user). A bucket holds `capacity` tokens and
 * gets one back every `secondsPerToken`. At most `keysMax` buckets are remembered: the one that has not been
 * used for longest is forgotten first. Limits hold for one process and start anew with it.
 */
export class RateLimit {
	readonly #capacity: number;
	readonly #msPerToken: number;
	readonly #keysMax: number;
	readonly #nowMs: () => number;
	readonly #buckets = new Map<string, Bucket>();

	constructor(options: {
		capacity: number;
		secondsPerToken: number;
		keysMax?: number;
		nowMs?: () => number;
	}) {
		this.#capacity = options.capacity;
		this.#msPerToken = options.secondsPerToken * 1_000;
		this.#keysMax = options.keysMax ?? 10_000;
		this.#nowMs = options.nowMs ?? Date.now;
	}

	/** Takes a token of the key's bucket, or says when there will be one. */
	take(key: string): Allowance {
		const nowMs = this.#nowMs();
		const before = this.#buckets.get(key) ?? { tokens: this.#capacity, atMs: nowMs };
		// A clock that was set back must not take tokens away.
		const elapsedMs = Math.max(0, nowMs - before.atMs);
		const tokens = Math.min(this.#capacity, before.tokens + elapsedMs / this.#msPerToken);
		const allowed = tokens >= 1;
		// Deleting first makes the map's order the order of use.
		this.#buckets.delete(key);
		this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
		if (this.#buckets.size > this.#keysMax) {
			const oldest = this.#buckets.keys().next();
			if (!oldest.done) this.#buckets.delete(oldest.value);
		}
		if (allowed) return { allowed };
		return { allowed, retryAfterSeconds: Math.ceil(((1 - tokens) * this.#msPerToken) / 1_000) };
	}
}

/** Limits as the server uses them. */
export function createRateLimits(nowMs: () => number = Date.now) {
	return {
		/** Per address and e-mail: slows down guessing one password. */
		account: new RateLimit({ capacity: 10, secondsPerToken: 60, nowMs }),
		/** Per address: slows down trying many e-mail addresses, yet lets a class of thirty in at once. */
		address: new RateLimit({ capacity: 60, secondsPerToken: 10, nowMs }),
		/** Per address. */
		guests: new RateLimit({ capacity: 60, secondsPerToken: 60, nowMs }),
		/** Per user: beginning attempts. */
		attempts: new RateLimit({ capacity: 30, secondsPerToken: 20, nowMs }),
		/** Per user. */
		actions: new RateLimit({ capacity: 60, secondsPerToken: 0.25, nowMs }),
		/** Per user: beginning sessions of questions. */
		examSessions: new RateLimit({ capacity: 30, secondsPerToken: 20, nowMs }),
		/** Per user: steps come in batches. */
		examSteps: new RateLimit({ capacity: 120, secondsPerToken: 0.25, nowMs }),
		/** Per user: looking at questions, which have to be made. A whole form may be leafed through. */
		examSlots: new RateLimit({ capacity: 300, secondsPerToken: 0.25, nowMs }),
		/** Per user: a series of images comes as one file after the other. */
		uploads: new RateLimit({ capacity: 100, secondsPerToken: 2, nowMs }),
		/** Per user, or address of a visitor: reading a file costs up to a second. */
		imports: new RateLimit({ capacity: 10, secondsPerToken: 20, nowMs }),
	};
}

export type RateLimits = ReturnType<typeof createRateLimits>;

/** Asks before a password is looked at: once for the address, once for the address and the e-mail. */
export function takeForCredentials(limits: RateLimits, address: string, email: string): Allowance {
	const first = limits.address.take(address);
	return first.allowed ? limits.account.take(`${address} ${email}`) : first;
}
