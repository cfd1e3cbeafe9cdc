import { and, eq } from 'drizzle-orm';
import type { Connection } from '../db/connection.ts';
import type { ExamAnswerRow } from '../db/exam-answer-store.ts';
import { examAnswer, reviewLog } from '../db/schema.ts';
import { findCard, findGoal, storeReview } from '../db/study-store.ts';
import { dayStartMs, repetition } from './repetition.ts';

/** From so many answers of others on it is known what is slow. */
const OTHERS_MIN = 30;
/** So many are enough to know it. */
const OTHERS_MAX = 500;
const SLOW_SHARE = 0.9;

/**
 * Reviews the objective of an answer: moves its card on and logs the review with the card before it. Only the
 * first answer to an objective in a session counts, because the second has just been told.
 */
export function reviewAnswer(
	tx: Connection,
	answer: ExamAnswerRow,
	more: { expectedSeconds: number; possiblyGuessed: boolean },
): void {
	const { userId, objective, sessionId, position, correct, credit, certainty, seconds, at } =
		answer;
	if (isReviewed(tx, sessionId, objective)) return;
	const before = findCard(tx, userId, objective)?.card ?? null;
	const slowSeconds = slowSecondsOf(tx, answer);
	const { card, rating, dueMs, stability } = repetition.onAnswer(before, {
		...{ correct, credit, certainty, seconds, ...more, atMs: at.getTime() },
		...(slowSeconds === undefined ? {} : { slowSeconds }),
		examMs: dayStartMs(findGoal(tx, userId)?.examDate ?? null),
	});
	storeReview(
		tx,
		{ userId, objective, sessionId, position, rating, at, before },
		{ userId, objective, card, dueAt: new Date(dueMs), stability },
	);
}

function isReviewed(tx: Connection, sessionId: string, objective: string): boolean {
	const { sequence } = reviewLog;
	const own = and(eq(reviewLog.sessionId, sessionId), eq(reviewLog.objective, objective));
	return tx.select({ sequence }).from(reviewLog).where(own).limit(1).get() !== undefined;
}

/** The 90th percentile of the seconds that an item takes; undefined until enough have answered. */
function slowSecondsOf(
	tx: Connection,
	{ itemId, version }: Pick<ExamAnswerRow, 'itemId' | 'version'>,
): number | undefined {
	const { seconds } = examAnswer;
	const first = and(
		...[eq(examAnswer.itemId, itemId), eq(examAnswer.version, version)],
		...[eq(examAnswer.firstExposure, true), eq(examAnswer.late, false)],
	);
	const rows = tx.select({ seconds }).from(examAnswer).where(first).limit(OTHERS_MAX).all();
	if (rows.length < OTHERS_MIN) return undefined;
	const sorted = rows.map((row) => row.seconds).sort((a, b) => a - b);
	return sorted[Math.ceil(SLOW_SHARE * sorted.length) - 1];
}
