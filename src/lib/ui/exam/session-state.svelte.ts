import type { StepBody } from '#lib/exam/session/step.ts';
import type { SessionView, SlotView, StepsResponse } from '../exam-data.ts';
import { applyStep } from './apply-step.ts';
import { SaveQueue, type SaveOutcome } from './save-queue.svelte.ts';

/**
 * A running session in the browser. What the candidate does shows at once, goes to the server through a
 * queue, and is replaced by what the server says. The server alone knows keys and the deadline.
 */
export class SessionState {
	session: SessionView = $state() as SessionView;
	position: number = $state(0);
	/** Something the candidate must know, such as that a step was not accepted. */
	problem: string | null = $state(null);
	/** True when the session can't be written any more: finished elsewhere, or the sign-in ended. */
	over: boolean = $state(false);
	#slots: Record<number, SlotView> = $state({});
	/** Server time minus browser time. */
	#skewMs = 0;
	readonly #queue: SaveQueue;
	readonly #loading: Record<number, Promise<void>> = {};

	constructor(session: SessionView, slot: SlotView) {
		this.#queue = new SaveQueue(session.id, (outcome) => this.#received(outcome));
		this.session = session;
		this.#skewMs = Date.parse(session.now) - Date.now();
		this.position = slot.position;
		this.#slots[slot.position] = slot;
	}

	/** Called once the page is alive. */
	begin(): void {
		this.#queue.resume();
		for (const body of this.#queue.waiting) this.#applyLocally(body);
		this.#seen(this.position);
		this.#prefetch(this.position + 1);
	}

	stop(): void {
		this.#queue.stop();
	}

	get slot(): SlotView | undefined {
		return this.#slots[this.position];
	}

	get saving(): SaveQueue['state'] {
		return this.#queue.state;
	}

	/** Seconds to the deadline by the server's clock; null without one. */
	secondsLeft(): number | null {
		if (this.session.deadline === null) return null;
		return Math.ceil((Date.parse(this.session.deadline) - Date.now() - this.#skewMs) / 1_000);
	}

	/** Shows another question. */
	async go(position: number): Promise<void> {
		if (position < 0 || position >= this.session.slots.length) return;
		this.problem = null;
		this.position = position;
		await this.#load(position);
		if (this.position !== position) return;
		this.#seen(position);
		this.#prefetch(position + 1);
	}

	/** Does something with a question, visible at once and on its way to the server. */
	act(body: StepBody): void {
		if (this.over) return;
		this.problem = null;
		this.#applyLocally(body);
		this.#queue.push(body);
	}

	/** Ends the session once everything is saved; false when the server can't be reached now. */
	async finish(): Promise<boolean> {
		this.#queue.push({ kind: 'finish' });
		return this.#queue.settled(15_000);
	}

	async settle(timeoutMs: number): Promise<boolean> {
		return this.#queue.settled(timeoutMs);
	}

	#applyLocally(body: StepBody): void {
		if (!('slot' in body)) return;
		const slot = this.#slots[body.slot];
		if (slot !== undefined) this.#slots[body.slot] = applyStep(slot, body);
		const summary = this.session.slots[body.slot];
		if (summary === undefined) return;
		if (body.kind === 'flag') summary.flagged = body.flagged;
		if (body.kind === 'view' && summary.state === 'new') summary.state = 'seen';
		if (body.kind === 'answer' && summary.state !== 'checked') {
			summary.state = body.response === null ? 'seen' : 'answered';
		}
	}

	#seen(position: number): void {
		if (this.session.status === 'open') this.act({ kind: 'view', slot: position });
	}

	#received(outcome: SaveOutcome): void {
		if (outcome.kind !== 'saved') {
			this.problem = outcome.message;
			this.over = outcome.kind === 'gone';
			return;
		}
		this.#take(outcome.response);
		const [ignored] = outcome.response.ignored;
		if (ignored !== undefined) this.problem = ignored.reason;
	}

	#take({ session, slots }: StepsResponse): void {
		this.session = session;
		this.#skewMs = Date.parse(session.now) - Date.now();
		this.over = session.status === 'finished';
		for (const slot of slots) this.#slots[slot.position] = slot;
		// What was done meanwhile is not yet in the answer.
		for (const body of this.#queue.waiting) this.#applyLocally(body);
	}

	#prefetch(position: number): void {
		if (this.session.canGoBack && position < this.session.slots.length) void this.#load(position);
	}

	/** Fetches a question once; a failure shows a message only when that question is wanted now. */
	async #load(position: number): Promise<void> {
		if (this.#slots[position] !== undefined) return;
		const running = this.#loading[position] ?? this.#fetch(position);
		this.#loading[position] = running;
		await running;
		delete this.#loading[position];
	}

	async #fetch(position: number): Promise<void> {
		try {
			const reply = await fetch(`/sessions/${this.session.id}/slots/${position}`);
			if (!reply.ok) throw new Error(`status ${reply.status}`);
			const slot = (await reply.json()) as SlotView;
			this.#slots[position] ??= slot;
		} catch {
			if (this.position === position) {
				this.problem =
					'This question could not be loaded. Check the connection and choose it again.';
			}
		}
	}
}
