import { and, asc, count, desc, eq, getTableColumns, gte } from 'drizzle-orm';
import type { Database } from './open.ts';
import { action, attempt } from './schema.ts';

const { debrief: _debrief, ...attemptColumns } = getTableColumns(attempt);

/** An attempt without its debrief, which is large and read on its own. */
export type AttemptRow = Omit<typeof attempt.$inferSelect, 'debrief'>;
export type ActionRow = typeof action.$inferSelect;

export async function insertAttempt(db: Database, row: AttemptRow): Promise<void> {
	await db.insert(attempt).values(row);
}

export async function findAttempt(db: Database, id: string): Promise<AttemptRow | undefined> {
	const rows = await db.select(attemptColumns).from(attempt).where(eq(attempt.id, id));
	return rows[0];
}

/** A user's attempts, newest first, with the number of their actions. */
export async function listAttempts(
	db: Database,
	userId: string,
): Promise<(AttemptRow & { actions: number })[]> {
	return db
		.select({ ...attemptColumns, actions: count(action.sequence) })
		.from(attempt)
		.leftJoin(action, eq(action.attemptId, attempt.id))
		.where(eq(attempt.userId, userId))
		.groupBy(attempt.id)
		.orderBy(desc(attempt.startedAt), desc(attempt.id));
}

/** The log of an attempt from a sequence number on, in order. */
export async function listActions(
	db: Database,
	attemptId: string,
	fromSequence: number,
): Promise<ActionRow[]> {
	return db
		.select()
		.from(action)
		.where(and(eq(action.attemptId, attemptId), gte(action.sequence, fromSequence)))
		.orderBy(asc(action.sequence));
}

export async function findActionByKey(
	db: Database,
	attemptId: string,
	idempotencyKey: string,
): Promise<ActionRow | undefined> {
	const rows = await db
		.select()
		.from(action)
		.where(and(eq(action.attemptId, attemptId), eq(action.idempotencyKey, idempotencyKey)));
	return rows[0];
}

/**
 * Appends to the log and, when the action ended the attempt, marks it closed in the same transaction.
 * Has reached the disk when it returns. False, and nothing written, when the place in the log or the key
 * is taken: another process was faster.
 */
export async function appendAction(
	db: Database,
	row: ActionRow,
	closesAttempt: boolean,
): Promise<boolean> {
	return db.transaction(
		(tx) => {
			const inserted = tx.insert(action).values(row).onConflictDoNothing().run();
			if (inserted.changes === 0) return false;
			if (closesAttempt) {
				tx.update(attempt)
					.set({ status: 'closed', closedAt: row.createdAt })
					.where(eq(attempt.id, row.attemptId))
					.run();
			}
			return true;
		},
		{ behavior: 'immediate' },
	);
}

export async function storeGrade(
	db: Database,
	attemptId: string,
	grade: { score: number; debrief: unknown },
): Promise<void> {
	await db.update(attempt).set(grade).where(eq(attempt.id, attemptId));
}

/** The stored debrief; undefined when the attempt has not been graded yet. */
export async function findDebrief(db: Database, attemptId: string): Promise<unknown> {
	const rows = await db
		.select({ debrief: attempt.debrief })
		.from(attempt)
		.where(eq(attempt.id, attemptId));
	return rows[0]?.debrief ?? undefined;
}
