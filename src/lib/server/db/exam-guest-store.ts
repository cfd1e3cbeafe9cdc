import { eq, sql } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { ability, examAnswer, examSession, examSlot } from './schema.ts';
import { objectiveCard, reviewLog, studyGoal } from './schema.ts';

/** Logs, which belong to whoever did the work. */
const LOGS = [examSession, examSlot, examAnswer, reviewLog];
/** Where a user has one row for each thing. */
const STANDS = [ability, studyGoal, objectiveCard];

/**
 * Gives everything that a guest did with questions to an account. Where both have a rating, a goal or a card for
 * the same thing, that of the account stays; the log of reviews keeps both.
 */
export function moveExamWork(tx: Connection, guestId: string, userId: string): void {
	for (const table of LOGS) {
		tx.update(table).set({ userId }).where(eq(table.userId, guestId)).run();
	}
	for (const table of STANDS) {
		// What is left over goes with the guest.
		tx.run(sql`UPDATE OR IGNORE ${table} SET user_id = ${userId} WHERE user_id = ${guestId}`);
	}
}
