import { randomBytes, randomUUID } from 'node:crypto';
import { buildForm } from '#lib/exam/form/build-form.ts';
import type { Accommodation, SessionMode, SlotPlan } from '#lib/exam/session/plan.ts';
import { selectPractice } from '#lib/exam/session/select-practice.ts';
import type { ItemHistory } from '#lib/exam/session/select-practice.ts';
import { NotFound } from '../attempts/errors.ts';
import { inTransaction } from '../db/connection.ts';
import { lastVerdicts } from '../db/exam-answer-store.ts';
import { insertExamSession } from '../db/exam-session-store.ts';
import type { ExamSessionRow } from '../db/exam-session-store.ts';
import { insertSlots, listMetItems, pinItems } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import { chooseOutline } from '../db/study-store.ts';
import type { NewSlot, Placement } from './placement.ts';
import type { Outline, QuestionBank } from './question-bank.ts';
import { plannedReviews, reviewSlots } from './repetition.ts';
import type { MockRequest, PracticeRequest } from './requests.ts';

export type StartOutcome =
	| { kind: 'started'; sessionId: string }
	/** There is nothing to ask; the message says why. */
	| { kind: 'refused'; message: string }
	| { kind: 'too-many'; message: string; retryAfterSeconds: number };

const SEED_BYTES = 8;
/** What was met in this time is left out of a mock where others serve as well. */
const RECENT_MS = 30 * 86_400_000;
const FACTORS: Record<Exclude<Accommodation, 'untimed'>, number> = {
	...{ '1': 1, '1.25': 1.25, '1.5': 1.5, '2': 2 },
};
const TITLES: Record<SessionMode, string> = {
	...{ practice: 'Practice', mock: 'Mock exam', placement: 'Placement check', review: 'Review' },
};
/** Sources that choose by what was done before; own banks take any question. */
const CHOSEN = ['unseen', 'missed', 'flagged'] as const;
const NOTHING: Record<string, string> = {
	unseen: 'You have seen all of these questions. Choose “any” to see them again.',
	missed: 'There are no questions that you answered wrong the last time.',
	flagged: 'You have not flagged any of these questions.',
	due: 'Nothing is due for review now.',
};

type Row = Pick<ExamSessionRow, 'mode' | 'feedback' | 'certainty' | 'accommodation'> & {
	/** Without the accommodation; null without a limit. */
	seconds: number | null;
};

/** Draws the questions of new sessions and keeps them. */
export class SessionStarter {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #placement: Placement;

	constructor(db: Database, bank: QuestionBank, placement: Placement) {
		this.#db = db;
		this.#bank = bank;
		this.#placement = placement;
	}

	practice(userId: string, request: PracticeRequest, now: Date): StartOutcome {
		const { source, feedback, accommodation } = request;
		const own = source.startsWith('own:');
		const outline = this.#bank.outline(userId, own ? source : request.outline);
		if (source === 'placement') return this.#place(userId, outline, now);
		const seed = newSeed();
		const slots = this.#draw(userId, outline, request, seed, now);
		if (slots.length === 0) {
			const message = NOTHING[source] ?? 'There are no such questions yet.';
			return { kind: 'refused', message };
		}
		const times = new Map(outline.items.map(({ itemId, item }) => [itemId, item.time_s]));
		const seconds = slots.reduce((sum, { itemId }) => sum + (times.get(itemId) ?? 0), 0);
		const row: Row = {
			mode: source === 'due' ? 'review' : 'practice',
			certainty: request.certainty && feedback === 'at-once',
			...{ feedback, accommodation, seconds: request.timed ? seconds : null },
		};
		return this.#begin(userId, outline, row, seed, slots, now);
	}

	mock(userId: string, request: MockRequest, now: Date): StartOutcome {
		const outline = this.#bank.outline(userId, request.outline);
		const { blueprint, index } = outline;
		if (!blueprint || !index) throw new NotFound('There is no such exam.');
		const met = listMetItems(this.#db, userId);
		const recent = met.filter(({ lastSeenMs }) => now.getTime() - lastSeenMs < RECENT_MS);
		const built = buildForm({
			blueprint,
			items: index,
			seed: newSeed(),
			scored: request.scored,
			unscored: request.unscored,
			exposure: new Map(met.map(({ itemId, exposures }) => [itemId, exposures])),
			avoid: new Set(recent.map(({ itemId }) => itemId)),
		});
		if ('problem' in built) return { kind: 'refused', message: built.problem };
		const row: Row = {
			...{ mode: 'mock', feedback: 'at-end', certainty: false },
			...{ accommodation: request.accommodation, seconds: request.minutes * 60 },
		};
		return this.#begin(userId, outline, row, built.form.seed, built.form.slots, now);
	}

	#draw(
		userId: string,
		{ items: all, blueprint }: Outline,
		{ source, sections, count, labs }: PracticeRequest,
		seed: string,
		now: Date,
	): SlotPlan[] {
		// A lab takes ten minutes and more; it comes only to those who want it.
		const items = labs ? all : all.filter(({ item }) => item.type !== 'scenario');
		const history = this.#history(userId);
		const wish = { learner: userId, seed, count, sections: blueprint ? sections : [] };
		if (source === 'due') {
			const planned = plannedReviews(this.#db, userId, now);
			return reviewSlots(planned, items, history, { ...wish, endMs: endOfDay(now).getTime() });
		}
		const chosen = CHOSEN.find((one) => one === source) ?? 'any';
		return selectPractice(items, history, { ...wish, source: chosen, due: [] });
	}

	#place(userId: string, outline: Outline, now: Date): StartOutcome {
		const row: Row = {
			...{ mode: 'placement', feedback: 'at-end', certainty: false },
			...{ accommodation: '1', seconds: null },
		};
		const session = sessionRow(userId, outline, row, newSeed(), now);
		return inTransaction(this.#db, (tx) => {
			const empty = { session, slots: [], answers: new Map() };
			const { next, estimate } = this.#placement.next(tx, empty, now);
			if (!next) return { kind: 'refused', message: 'There are no such questions yet.' };
			insertExamSession(tx, { ...session, slots: 1, placement: estimate });
			chooseOutline(tx, { userId, outline: outline.id, updatedAt: now });
			insertSlots(tx, [{ ...next, sessionId: session.id, userId, position: 0 }]);
			return { kind: 'started', sessionId: session.id };
		});
	}

	#begin(
		userId: string,
		outline: Outline,
		row: Row,
		seed: string,
		slots: readonly SlotPlan[],
		now: Date,
	): StartOutcome {
		const session = sessionRow(userId, outline, row, seed, now);
		const served = new Map(outline.items.map((one) => [one.itemId, one]));
		const pinned = new Map<string, ReturnType<QuestionBank['pin']>>();
		const rows = slots.flatMap((slot, position): (NewSlot & { position: number })[] => {
			const one = served.get(slot.itemId);
			if (!one) return [];
			const pin = this.#bank.pin(one);
			pinned.set(slot.itemId, pin);
			return [{ ...slot, digest: pin.digest, position }];
		});
		inTransaction(this.#db, (tx) => {
			pinItems(tx, [...pinned.values()]);
			insertExamSession(tx, { ...session, slots: rows.length });
			if (outline.blueprint) chooseOutline(tx, { userId, outline: outline.id, updatedAt: now });
			insertSlots(
				tx,
				rows.map((slot) => ({ ...slot, sessionId: session.id, userId })),
			);
		});
		return { kind: 'started', sessionId: session.id };
	}

	#history(userId: string): Map<string, ItemHistory> {
		const verdicts = lastVerdicts(this.#db, userId);
		return new Map(
			listMetItems(this.#db, userId).map(({ itemId, ...met }) => {
				return [itemId, { ...met, lastCorrect: verdicts.get(itemId) ?? null }];
			}),
		);
	}
}

/** The next midnight of UTC. */
export function endOfDay(now: Date): Date {
	return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

function newSeed(): string {
	return randomBytes(SEED_BYTES).toString('hex');
}

function sessionRow(
	userId: string,
	outline: Outline,
	{ mode, feedback, certainty, accommodation, seconds }: Row,
	seed: string,
	now: Date,
): ExamSessionRow {
	const limited = seconds !== null && accommodation !== 'untimed';
	const limitMs = limited ? Math.round(seconds * 1_000 * FACTORS[accommodation]) : null;
	return {
		...{ id: randomUUID(), userId, mode, outline: outline.id, seed, status: 'open' },
		title: `${TITLES[mode]}: ${outline.title}`,
		...{ feedback, certainty, accommodation, startedAt: now },
		deadlineAt: limitMs === null ? null : new Date(now.getTime() + limitMs),
		...{ finishedAt: null, slots: 0, answered: 0, correct: null, scored: null, placement: null },
	};
}
