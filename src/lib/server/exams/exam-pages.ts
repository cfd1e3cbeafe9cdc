import type { ExamsPage, PracticePage } from '#lib/ui/exam-data.ts';
import { lastVerdicts } from '../db/exam-answer-store.ts';
import { listFinishedSessions, listOpenSessions } from '../db/exam-session-store.ts';
import { listMetItems } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import { findGoal } from '../db/study-store.ts';
import type { QuestionBank } from './question-bank.ts';
import { plannedReviews } from './repetition.ts';
import { endOfDay } from './session-starter.ts';
import { summaryOf } from './views.ts';

const HISTORY_MAX = 50;
const DAY_MS = 86_400_000;

/** What the pages show on which practice and exams are chosen. Visitors without an account have no id. */
export class ExamPages {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #now: () => Date;

	constructor(options: { db: Database; bank: QuestionBank; now: () => Date }) {
		this.#db = options.db;
		this.#bank = options.bank;
		this.#now = options.now;
	}

	/** The outline asked for, else the one the user prepares for, else the first. */
	#outlineOf(userId: string | null, wanted: string | null): string {
		if (wanted !== null && this.hasExam(wanted)) return wanted;
		const goal = userId === null ? undefined : findGoal(this.#db, userId)?.outline;
		const cards = this.#bank.cards();
		return cards.find(({ id }) => id === goal)?.id ?? cards[0]?.id ?? '';
	}

	/** Whether there is such an exam, own banks aside. */
	hasExam(outline: string): boolean {
		return this.#bank.cards().some(({ id }) => id === outline);
	}

	practice(userId: string | null, wanted: string | null): PracticePage {
		const outlines = this.#bank.cards();
		const outline = this.#outlineOf(userId, wanted);
		const own = userId === null ? undefined : this.#bank.content.ownBanks?.list(userId);
		return {
			...{ outlines, outline },
			due: this.#due(userId, outline),
			counts: this.#counts(userId, outline),
			open: userId === null ? [] : this.#open(userId).filter(({ mode }) => mode !== 'mock'),
			ownBanks: own ?? [],
		};
	}

	exams(userId: string | null, wanted: string | null): ExamsPage {
		const outlines = this.#bank.cards();
		const outline = this.#outlineOf(userId, wanted);
		if (userId === null) return { outlines, outline, open: [], history: [] };
		const finished = listFinishedSessions(this.#db, userId, {
			...{ outline, modes: ['mock'], limit: HISTORY_MAX },
		});
		return {
			...{ outlines, outline },
			open: this.#open(userId).filter(({ mode }) => mode === 'mock'),
			history: finished.map(summaryOf),
		};
	}

	#open(userId: string): PracticePage['open'] {
		return listOpenSessions(this.#db, userId).map(summaryOf);
	}

	#due(userId: string | null, outline: string): PracticePage['due'] {
		const now = this.#now();
		const all = userId === null ? [] : plannedReviews(this.#db, userId, now);
		const items = this.hasExam(outline) ? this.#bank.outline('', outline).items : [];
		const asked = new Set(items.map(({ objective }) => objective));
		const planned = all.filter(({ objective }) => asked.has(objective));
		const endMs = endOfDay(now).getTime();
		const startMs = endMs - DAY_MS;
		const overdue = planned.filter(({ dueMs }) => dueMs < startMs).length;
		const today = planned.filter(({ dueMs }) => dueMs < endMs).length - overdue;
		const next = planned.find(({ dueMs }) => dueMs >= endMs)?.dueMs;
		return { today, overdue, next: next === undefined ? null : new Date(next).toISOString() };
	}

	#counts(userId: string | null, outline: string): PracticePage['counts'] {
		const items = this.hasExam(outline) ? this.#bank.outline(userId ?? '', outline).items : [];
		if (userId === null) return { unseen: items.length, missed: 0, flagged: 0 };
		const met = new Map(listMetItems(this.#db, userId).map((one) => [one.itemId, one]));
		const verdicts = lastVerdicts(this.#db, userId);
		const count = (wanted: (itemId: string) => boolean): number =>
			items.filter(({ itemId }) => wanted(itemId)).length;
		return {
			unseen: count((itemId) => !met.has(itemId)),
			missed: count((itemId) => verdicts.get(itemId) === false),
			flagged: count((itemId) => met.get(itemId)?.flagged === true),
		};
	}
}
