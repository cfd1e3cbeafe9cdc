import type { Mark, Response } from '../item/response.ts';
import type { SessionPlan } from './plan.ts';
import type { Step, StepBody } from './step.ts';

type Highlights = Extract<StepBody, { kind: 'highlight' }>['marks'];
export type CertaintyWord = Extract<StepBody, { kind: 'certainty' }>['certainty'];

/** One question as the steps left it. */
export interface SlotState {
	seen: boolean;
	/** The answer given in time. */
	response: Response | null;
	/** What was answered after the deadline: kept, never scored. */
	lateResponse: Response | null;
	/** The answer is final: its verdict was asked for, or in a placement the next question. */
	checked: boolean;
	struck: string[];
	highlights: Highlights;
	note: string;
	flagged: boolean;
	certainty: CertaintyWord | null;
	/** Milliseconds it was looked at until its answer was final. */
	lookedMs: number;
	/** How the answer was judged, as far as it has been. */
	mark: Mark | null;
}

export interface SessionState {
	slots: SlotState[];
	/** Milliseconds since 1970; never after the deadline. */
	finishedMs: number | null;
	/** In a placement: the last answer is final, so that the next question can be chosen. */
	wantsNext: boolean;
	/** Steps that changed nothing, and why. */
	ignored: { key: string; reason: string }[];
}

/** Why a step changed nothing, as the candidate reads it. */
const REASONS = {
	late: 'The time was over. Your answer is kept but not scored.',
	finished: 'The session is finished.',
	checked: 'The verdict was shown already.',
	unknown: 'There is no such question.',
	back: 'In a placement check one can’t go back.',
	empty: 'There is no answer yet.',
	atEnd: 'The verdicts come when the session is finished.',
	certainty: 'This session does not ask for certainty.',
};
type Reason = keyof typeof REASONS;

/** Nobody reads this long without any act; the longest time that an item may expect. */
const IDLE_MS = 1_800_000;

/**
 * The state of a session: a fold over its plan and its steps in the order of the log. A key that comes again
 * changes nothing. `marks` are the verdicts on final answers, by position.
 */
export function sessionState(
	plan: SessionPlan,
	steps: readonly Step[],
	marks: ReadonlyMap<number, Mark> = new Map(),
): SessionState {
	const fold = new Fold(plan, marks);
	for (const step of steps) fold.take(step);
	return fold.state();
}

class Fold {
	readonly #plan: SessionPlan;
	readonly #slots: SlotState[];
	readonly #keys = new Set<string>();
	readonly #ignored: SessionState['ignored'] = [];
	readonly #deadlineMs: number;
	#finishedMs: number | null = null;
	/** The question that is looked at. */
	#viewed: SlotState | undefined;
	#lastMs: number;
	/** In a placement: the only question that may be answered. */
	#current = 0;

	constructor(plan: SessionPlan, marks: ReadonlyMap<number, Mark>) {
		this.#plan = plan;
		this.#deadlineMs = plan.deadlineMs ?? Infinity;
		this.#lastMs = plan.startedMs;
		this.#slots = plan.slots.map((_, position) => ({
			...{ seen: false, response: null, lateResponse: null, checked: false },
			...{ struck: [], highlights: [], note: '', flagged: false, certainty: null },
			...{ lookedMs: 0, mark: marks.get(position) ?? null },
		}));
	}

	take(step: Step): void {
		if (this.#keys.has(step.key)) return;
		this.#keys.add(step.key);
		this.#spend(step.atMs);
		const reason = step.body.kind === 'finish' ? this.#finish(step) : this.#act(step, step.body);
		if (reason) this.#ignored.push({ key: step.key, reason: REASONS[reason] });
	}

	state(): SessionState {
		const last = this.#slots.at(-1);
		return {
			slots: this.#slots,
			finishedMs: this.#finishedMs,
			wantsNext:
				this.#plan.mode === 'placement' && this.#finishedMs === null && last?.checked === true,
			ignored: this.#ignored,
		};
	}

	/** Counts the time since the step before for the question that was looked at. */
	#spend(atMs: number): void {
		const untilMs = Math.min(atMs, this.#deadlineMs);
		const gapMs = Math.min(untilMs - this.#lastMs, IDLE_MS);
		if (gapMs <= 0) return;
		this.#lastMs = untilMs;
		if (this.#viewed && !this.#viewed.checked && this.#finishedMs === null) {
			this.#viewed.lookedMs += gapMs;
		}
	}

	#finish({ atMs }: Step): Reason | undefined {
		if (this.#finishedMs !== null) return 'finished';
		this.#finishedMs = Math.min(atMs, this.#deadlineMs);
		return undefined;
	}

	#act({ atMs }: Step, body: Exclude<StepBody, { kind: 'finish' }>): Reason | undefined {
		const slot = this.#slots[body.slot];
		if (this.#mayGoOn(body)) {
			const before = this.#slots[this.#current];
			if (before) before.checked = true;
			if (!slot) return undefined;
			this.#current = body.slot;
		}
		if (!slot) return 'unknown';
		if (atMs > this.#deadlineMs) return this.#late(slot, body);
		if (this.#finishedMs !== null) return 'finished';
		if (this.#plan.mode === 'placement' && body.slot !== this.#current) {
			return body.slot < this.#current ? 'back' : 'unknown';
		}
		return this.#change(slot, body);
	}

	/** Whether this step turns to the next question of a placement, which makes the answer before it final. */
	#mayGoOn(body: Exclude<StepBody, { kind: 'finish' }>): boolean {
		if (this.#plan.mode !== 'placement' || this.#finishedMs !== null) return false;
		const current = this.#slots[this.#current];
		if (!current || body.slot !== this.#current + 1) return false;
		return current.checked || (body.kind === 'view' && current.response !== null);
	}

	#late(slot: SlotState, body: StepBody): Reason {
		// Who had finished before had given everything in; the rest was cut off by the clock.
		if (this.#finishedMs !== null && this.#finishedMs < this.#deadlineMs) return 'finished';
		if (body.kind === 'answer' && !slot.checked) slot.lateResponse = body.response;
		return 'late';
	}

	#change(slot: SlotState, body: Exclude<StepBody, { kind: 'finish' }>): Reason | undefined {
		slot.seen = true;
		switch (body.kind) {
			case 'view':
				this.#viewed = slot;
				return undefined;
			case 'flag':
				slot.flagged = body.flagged;
				return undefined;
			case 'highlight':
				slot.highlights = body.marks;
				return undefined;
			case 'note':
				slot.note = body.text;
				return undefined;
			default:
				return slot.checked ? 'checked' : this.#answer(slot, body);
		}
	}

	#answer(
		slot: SlotState,
		body: Extract<StepBody, { kind: 'answer' | 'strike' | 'certainty' | 'check' }>,
	): Reason | undefined {
		switch (body.kind) {
			case 'answer':
				this.#viewed ??= slot;
				slot.response = body.response;
				return undefined;
			case 'strike':
				slot.struck = body.choices;
				return undefined;
			case 'certainty':
				if (!this.#plan.certainty) return 'certainty';
				slot.certainty = body.certainty;
				return undefined;
			case 'check':
				if (this.#plan.feedback === 'at-end' && this.#plan.mode !== 'placement') return 'atEnd';
				if (slot.response === null) return 'empty';
				slot.checked = true;
				return undefined;
		}
	}
}
