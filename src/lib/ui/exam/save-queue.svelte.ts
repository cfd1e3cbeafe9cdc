import type { StepBody } from '#lib/exam/session/step.ts';
import type { StepsRequest, StepsResponse } from '../exam-data.ts';
import { readStored, writeStored } from '../stored.ts';

type Entry = StepsRequest['steps'][number];

const isEntries = (value: unknown): value is Entry[] =>
	Array.isArray(value) &&
	value.every((entry) => typeof entry === 'object' && entry !== null && 'key' in entry);

/** What the server said to steps that were sent; `gone` means that the session can't be written any more. */
export type SaveOutcome =
	| { kind: 'saved'; response: StepsResponse }
	| { kind: 'refused'; message: string }
	| { kind: 'gone'; message: string };

const BATCH_MAX = 50;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * Steps on their way to the server: sent in order, one request at a time, kept in the browser's storage until the
 * server has them on its disk, and sent again with the same keys after a broken connection or a reload.
 */
export class SaveQueue {
	state: 'saved' | 'saving' | 'offline' = $state('saved');
	#entries: Entry[] = [];
	#sending = false;
	#failures = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #sessionId: string;
	readonly #onOutcome: (outcome: SaveOutcome) => void;

	constructor(sessionId: string, onOutcome: (outcome: SaveOutcome) => void) {
		this.#sessionId = sessionId;
		this.#onOutcome = onOutcome;
	}

	/** Bodies that the server has not confirmed yet, oldest first. */
	get waiting(): StepBody[] {
		return this.#entries.map((entry) => entry.body);
	}

	/** Takes up what an earlier page left behind. */
	resume(): void {
		this.#entries = [...(readStored(this.#storage, isEntries) ?? []), ...this.#entries];
		if (this.#entries.length > 0) void this.#send();
	}

	push(body: StepBody): void {
		// Only the last of several strikes, notes or marks of one question matters.
		const last = this.#entries.at(-1);
		if (
			!this.#sending &&
			last?.body.kind === body.kind &&
			(body.kind === 'note' || body.kind === 'strike' || body.kind === 'highlight') &&
			'slot' in last.body &&
			last.body.slot === body.slot
		) {
			this.#entries.pop();
		}
		this.#entries.push({ key: crypto.randomUUID(), body });
		this.#store();
		void this.#send();
	}

	/** Waits until nothing is on its way, or the time is over. */
	async settled(timeoutMs: number): Promise<boolean> {
		const until = performance.now() + timeoutMs;
		while (this.#entries.length > 0 && performance.now() < until) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return this.#entries.length === 0;
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	get #storage(): string {
		return `session:${this.#sessionId}`;
	}

	#store(): void {
		writeStored(this.#storage, this.#entries.length > 0 ? this.#entries : undefined);
	}

	async #send(): Promise<void> {
		if (this.#sending || this.#entries.length === 0) return;
		clearTimeout(this.#timer);
		this.#sending = true;
		if (this.state === 'saved') this.state = 'saving';
		const batch = this.#entries.slice(0, BATCH_MAX);
		const outcome = await this.#post(batch);
		this.#sending = false;
		if (outcome === null) return this.#retryLater();
		this.#failures = 0;
		this.#entries.splice(0, batch.length);
		this.#store();
		this.state = this.#entries.length > 0 ? 'saving' : 'saved';
		this.#onOutcome(outcome);
		void this.#send();
	}

	/** Null when it should be tried again. */
	async #post(steps: Entry[]): Promise<SaveOutcome | null> {
		try {
			const reply = await fetch(`/sessions/${this.#sessionId}/steps`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ steps } satisfies StepsRequest),
			});
			if (reply.ok) return { kind: 'saved', response: (await reply.json()) as StepsResponse };
			if (reply.status === 429 || reply.status >= 500) return null;
			const body = (await reply.json().catch(() => ({}))) as { message?: string };
			const message = body.message ?? `The server answered ${reply.status}.`;
			return { kind: reply.status === 400 ? 'refused' : 'gone', message };
		} catch {
			return null;
		}
	}

	#retryLater(): void {
		this.state = 'offline';
		const delayMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
		this.#failures += 1;
		this.#timer = setTimeout(() => void this.#send(), delayMs);
	}
}
