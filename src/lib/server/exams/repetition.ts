import { readCard, reviewed, type Card } from '#lib/exam/repetition/card.ts';
import { dueMs } from '#lib/exam/repetition/due.ts';
import { ratingOf } from '#lib/exam/repetition/rating.ts';
import { reviewCandidates } from '#lib/exam/repetition/review-candidates.ts';
import { selectPractice } from '#lib/exam/session/select-practice.ts';
import type { ItemHistory, PracticeCandidate } from '#lib/exam/session/select-practice.ts';
import type { SlotPlan } from '#lib/exam/session/plan.ts';
import type { Connection } from '../db/connection.ts';
import { findGoal, listCards } from '../db/study-store.ts';
import type { Repetition, ReviewedAnswer } from './content.ts';

/** An answer with what is known of others. */
type ReviewWithOthers = ReviewedAnswer & {
	/** The 90th percentile of the seconds that others needed for the item, once it is known. */
	slowSeconds?: number;
};

/** The schedule of objectives by FSRS-6, as sessions use it. */
export const repetition = {
	onAnswer(card: unknown, answer: ReviewWithOthers) {
		const rating = ratingOf(answer);
		const next = reviewed(readCard(card), rating, answer.atMs);
		const due = dueMs(next, answer.examMs ?? null, answer.atMs);
		return { card: next, rating, dueMs: due, stability: next.stability };
	},
} satisfies Repetition;

/** The beginning of a day of UTC in milliseconds since 1970; null without a date. */
export function dayStartMs(date: string | null): number | null {
	return date === null ? null : Date.parse(`${date}T00:00:00Z`);
}

/** An objective with its card and when it is to be reviewed. */
export interface PlannedReview {
	objective: string;
	card: Card;
	/** Milliseconds since 1970. */
	dueMs: number;
}

/**
 * All reviews of a user, the longest overdue first. They are reckoned from the cards and the date of the exam as
 * it is now, so that a new date moves reviews that were planned before.
 */
export function plannedReviews(
	db: Connection,
	userId: string,
	now: Date,
	examMs: number | null = dayStartMs(findGoal(db, userId)?.examDate ?? null),
): PlannedReview[] {
	const planned = listCards(db, userId).flatMap(({ objective, card: kept }): PlannedReview[] => {
		const card = readCard(kept);
		return card ? [{ objective, card, dueMs: dueMs(card, examMs, now.getTime()) }] : [];
	});
	return planned.sort((a, b) => a.dueMs - b.dueMs || (a.objective < b.objective ? -1 : 1));
}

/**
 * The slots of a review session: one item for each objective that is due before `endMs`, the longest overdue
 * first, and not the one that was seen last.
 */
export function reviewSlots(
	planned: readonly PlannedReview[],
	items: readonly PracticeCandidate[],
	history: ReadonlyMap<string, ItemHistory>,
	wish: {
		learner: string;
		seed: string;
		count: number;
		sections: readonly string[];
		endMs: number;
	},
): SlotPlan[] {
	const { endMs, ...practice } = wish;
	const due = planned.filter((review) => review.dueMs < endMs).map(({ objective }) => objective);
	const candidates = reviewCandidates(items, history, new Set(due));
	return selectPractice(candidates, history, { ...practice, source: 'due', due });
}
