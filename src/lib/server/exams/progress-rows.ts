import { and, asc, count, eq, inArray, isNotNull, sum } from 'drizzle-orm';
import type { FirstAnswer } from '#lib/exam/progress/learner-progress.ts';
import type { CertaintyWord } from '#lib/exam/session/session-state.ts';
import type { Connection } from '../db/connection.ts';
import { examAnswer, itemStatistic, studyGoal } from '../db/schema.ts';

/** An item's difficulty from answers in logits, by `<id> <version>`. */
type Difficulty = readonly [string, number];

/**
 * A user's first answers to items, oldest first, and the difficulties of these items where any are known. Late
 * answers do not count.
 */
export function firstAnswersOf(
	db: Connection,
	userId: string,
): { answers: FirstAnswer[]; difficulties: Difficulty[] } {
	const { itemId, version, objective, correct, guessRate, at } = examAnswer;
	const statistic = and(eq(itemStatistic.itemId, itemId), eq(itemStatistic.version, version));
	const rows = db
		.select({ itemId, version, objective, correct, guessRate, at, b: itemStatistic.b })
		.from(examAnswer)
		.leftJoin(itemStatistic, statistic)
		.where(
			and(
				eq(examAnswer.userId, userId),
				eq(examAnswer.firstExposure, true),
				eq(examAnswer.late, false),
			),
		)
		.orderBy(asc(at))
		.all();
	return {
		answers: rows.map(({ at: date, b: _b, ...row }) => ({ ...row, atMs: date.getTime() })),
		difficulties: rows.flatMap(({ itemId: id, version: number, b }): Difficulty[] => {
			return b === null ? [] : [[`${id} ${number}`, b]];
		}),
	};
}

/** The difficulties of items, where any are known. */
export function difficultiesOf(db: Connection, itemIds: readonly string[]): Difficulty[] {
	const { itemId, version, b } = itemStatistic;
	const rows = db
		.select({ itemId, version, b })
		.from(itemStatistic)
		.where(inArray(itemId, [...itemIds]))
		.all();
	return rows.map((row): Difficulty => [`${row.itemId} ${row.version}`, row.b]);
}

/** How often a user was right at each certainty, in sessions of an outline. */
export function certaintyRows(
	db: Connection,
	userId: string,
	outline: string,
): { certainty: CertaintyWord; answers: number; correct: number }[] {
	const rows = db
		.select({
			certainty: examAnswer.certainty,
			answers: count(),
			correct: sum(examAnswer.correct).mapWith(Number),
		})
		.from(examAnswer)
		.where(
			and(
				eq(examAnswer.userId, userId),
				eq(examAnswer.outline, outline),
				eq(examAnswer.late, false),
				isNotNull(examAnswer.certainty),
			),
		)
		.groupBy(examAnswer.certainty)
		.all();
	const known = new Map(rows.map((row) => [row.certainty, row]));
	return (['low', 'mid', 'high'] as const).map((certainty) => {
		const { answers = 0, correct = 0 } = known.get(certainty) ?? {};
		return { certainty, answers, correct };
	});
}

/** The date of the exam that a user set for an outline, an ISO date; null without one. */
export function examDateOf(db: Connection, userId: string, outline: string): string | null {
	const own = and(eq(studyGoal.userId, userId), eq(studyGoal.outline, outline));
	const { examDate } = studyGoal;
	return db.select({ examDate }).from(studyGoal).where(own).get()?.examDate ?? null;
}
