import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { examSession } from './schema.ts';

export type ExamSessionRow = typeof examSession.$inferSelect;

export function insertExamSession(db: Connection, row: ExamSessionRow): void {
	db.insert(examSession).values(row).run();
}

export function findExamSession(db: Connection, id: string): ExamSessionRow | undefined {
	return db.select().from(examSession).where(eq(examSession.id, id)).get();
}

export function updateExamSession(
	db: Connection,
	id: string,
	change: Partial<
		Pick<
			ExamSessionRow,
			'status' | 'finishedAt' | 'slots' | 'answered' | 'correct' | 'scored' | 'placement'
		>
	>,
): void {
	db.update(examSession).set(change).where(eq(examSession.id, id)).run();
}

/** A user's open sessions, newest first. */
export function listOpenSessions(db: Connection, userId: string): ExamSessionRow[] {
	return db
		.select()
		.from(examSession)
		.where(and(eq(examSession.userId, userId), eq(examSession.status, 'open')))
		.orderBy(desc(examSession.startedAt))
		.all();
}

/** A user's finished sessions of an outline and some modes, newest first. */
export function listFinishedSessions(
	db: Connection,
	userId: string,
	{ outline, modes, limit }: { outline: string; modes: ExamSessionRow['mode'][]; limit: number },
): ExamSessionRow[] {
	return db
		.select()
		.from(examSession)
		.where(
			and(
				eq(examSession.userId, userId),
				eq(examSession.status, 'finished'),
				eq(examSession.outline, outline),
				inArray(examSession.mode, modes),
			),
		)
		.orderBy(desc(examSession.startedAt))
		.limit(limit)
		.all();
}
