import { and, eq, max } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { examAnswer } from './schema.ts';

export type ExamAnswerRow = typeof examAnswer.$inferSelect;

/** Keeps a final answer; false, and nothing written, when the slot has one already. */
export function insertAnswer(db: Connection, row: ExamAnswerRow): boolean {
	return db.insert(examAnswer).values(row).onConflictDoNothing().run().changes === 1;
}

/** Keeps a late answer, in place of a late one before it. */
export function putLateAnswer(db: Connection, row: ExamAnswerRow & { late: true }): void {
	db.insert(examAnswer)
		.values(row)
		.onConflictDoUpdate({
			target: [examAnswer.sessionId, examAnswer.position],
			set: row,
			setWhere: eq(examAnswer.late, true),
		})
		.run();
}

export function listSessionAnswers(db: Connection, sessionId: string): ExamAnswerRow[] {
	return db.select().from(examAnswer).where(eq(examAnswer.sessionId, sessionId)).all();
}

/** Whether each item a user has answered was right the last time. Late answers do not count. */
export function lastVerdicts(db: Connection, userId: string): Map<string, boolean> {
	// SQLite takes the bare column `correct` from the row of the greatest `at`.
	const rows = db
		.select({
			itemId: examAnswer.itemId,
			last: max(examAnswer.at),
			correct: examAnswer.correct,
		})
		.from(examAnswer)
		.where(and(eq(examAnswer.userId, userId), eq(examAnswer.late, false)))
		.groupBy(examAnswer.itemId)
		.all();
	return new Map(rows.map(({ itemId, correct }) => [itemId, correct]));
}
