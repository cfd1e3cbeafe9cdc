import { learnerProgress } from '#lib/exam/progress/learner-progress.ts';
import { studyOutline, type StudyOutline } from '#lib/exam/progress/study-outline.ts';
import type { ProgressPage } from '#lib/ui/exam-data.ts';
import { listFinishedSessions } from '../db/exam-session-store.ts';
import type { Database } from '../db/open.ts';
import { findGoal, putGoal } from '../db/study-store.ts';
import { certaintyRows, difficultiesOf, examDateOf, firstAnswersOf } from './progress-rows.ts';
import type { QuestionBank } from './question-bank.ts';
import { dayStartMs, plannedReviews } from './repetition.ts';
import type { GoalRequest } from './requests.ts';

const HISTORY_MAX = 20;
const ALL_MODES: Parameters<typeof listFinishedSessions>[2]['modes'] = [
	...(['practice', 'mock', 'placement', 'review'] as const),
];
/** Where the day is over last: in the time zone UTC-12 it is still yesterday. */
const LAST_ZONE_MS = 12 * 3_600_000;
/** SQLite takes so many values in a list without effort. */
const FORM_MAX = 500;
const EMPTY: StudyOutline = {
	...{ sections: [], items: new Map(), objectives: new Map(), byObjective: new Map(), form: [] },
};

/** What the page about progress shows. Visitors without an account have no id. */
export class ProgressPages {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #now: () => Date;
	readonly #outlines = new Map<string, StudyOutline>();

	constructor(options: { db: Database; bank: QuestionBank; now: () => Date }) {
		this.#db = options.db;
		this.#bank = options.bank;
		this.#now = options.now;
	}

	/** The page for the outline asked for, else the one the user prepares for, else the first. */
	page(userId: string | null, wanted: string | null): ProgressPage {
		const cards = this.#bank.cards();
		const has = (id: string | null | undefined) => cards.some((card) => card.id === id);
		const goal = userId === null || has(wanted) ? wanted : findGoal(this.#db, userId)?.outline;
		const card = cards.find(({ id }) => id === goal) ?? cards[0];
		const outline = card?.id ?? '';
		const examDate = userId === null ? null : examDateOf(this.#db, userId, outline);
		const { weak, ...progress } = learnerProgress(
			this.#outline(outline),
			this.#record(userId, outline, examDate),
		);
		return {
			outlines: cards.map(({ id, title }) => ({ id, title })),
			...{ outline, caveat: card?.caveat ?? '', examDate },
			...progress,
			weak: weak.map(({ objective, section, labs, lapses, retrievability }) => ({
				...this.#bank.objective(objective),
				domain: this.#bank.section(outline, section).title,
				...{ lapses, retrievability },
				lab: labs.map((id) => this.#bank.lab(id)).find((lab) => lab !== null) ?? null,
			})),
			history: userId === null ? [] : this.#history(userId, outline),
			certainty: userId === null ? [] : certaintyRows(this.#db, userId, outline),
		};
	}

	/**
	 * Sets the date of an exam, empty for none. Gives a message when there is no such exam or its date is over.
	 */
	objectionToGoal({ outline, examDate }: GoalRequest): string | undefined {
		if (!this.#bank.cards().some(({ id }) => id === outline)) return 'There is no such exam.';
		const today = new Date(this.#now().getTime() - LAST_ZONE_MS).toISOString().slice(0, 10);
		return examDate !== '' && examDate < today ? 'That day is over.' : undefined;
	}

	/** Sets what a user prepares for; the caller makes sure that nothing objects. */
	setGoal(userId: string, { outline, examDate }: GoalRequest): void {
		const date = examDate === '' ? null : examDate;
		putGoal(this.#db, { userId, outline, examDate: date, updatedAt: this.#now() });
	}

	#outline(id: string): StudyOutline {
		const known = this.#outlines.get(id);
		if (known || id === '') return known ?? EMPTY;
		// Outlines of exams are the same for all users.
		const { blueprint, items } = this.#bank.outline('', id);
		const made = blueprint ? studyOutline(blueprint, items) : EMPTY;
		this.#outlines.set(id, made);
		return made;
	}

	#record(userId: string | null, outline: string, examDate: string | null) {
		const now = this.#now();
		const examMs = dayStartMs(examDate);
		const times = { nowMs: now.getTime(), examMs };
		const form = this.#outline(outline).form.slice(0, FORM_MAX);
		const ids = new Set(form.map(({ itemId }) => itemId));
		const known = difficultiesOf(this.#db, [...ids]);
		if (userId === null) {
			return { ...times, firstAnswers: [], cards: [], difficulties: new Map(known) };
		}
		const { answers, difficulties } = firstAnswersOf(this.#db, userId);
		return {
			...times,
			firstAnswers: answers,
			cards: plannedReviews(this.#db, userId, now, examMs),
			difficulties: new Map([...difficulties, ...known]),
		};
	}

	#history(userId: string, outline: string): ProgressPage['history'] {
		const query = { outline, modes: ALL_MODES, limit: HISTORY_MAX };
		return listFinishedSessions(this.#db, userId, query).flatMap((session) => {
			const { id: sessionId, title, finishedAt, correct, scored } = session;
			if (finishedAt === null || correct === null || !scored) return [];
			return [{ at: finishedAt.toISOString(), title, correct, scored, sessionId }];
		});
	}
}
