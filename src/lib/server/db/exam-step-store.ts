import { asc, eq } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { examStep } from './schema.ts';

export type ExamStepRow = typeof examStep.$inferSelect;

/** Appends to the log of a session; false, and nothing written, when the key is known already. */
export function appendStep(db: Connection, row: Omit<ExamStepRow, 'sequence'>): boolean {
	return db.insert(examStep).values(row).onConflictDoNothing().run().changes === 1;
}

/** The log of a session in its order. */
export function listSteps(db: Connection, sessionId: string): ExamStepRow[] {
	return db
		.select()
		.from(examStep)
		.where(eq(examStep.sessionId, sessionId))
		.orderBy(asc(examStep.sequence))
		.all();
}
