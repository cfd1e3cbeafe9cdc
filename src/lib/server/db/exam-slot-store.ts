import { and, asc, count, eq, inArray, isNotNull, isNull, max, ne, or } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { examInstance, examSlot, itemVersion } from './schema.ts';

export type ExamSlotRow = typeof examSlot.$inferSelect;
export type ItemVersionRow = typeof itemVersion.$inferSelect;
type InstanceRow = typeof examInstance.$inferSelect;

/** What a user has met of an item. */
export interface MetItem {
	itemId: string;
	exposures: number;
	/** Milliseconds since 1970. */
	lastSeenMs: number;
	/** As it was marked when it was met last. */
	flagged: boolean;
}

/** Keeps the texts of items; those that are known already stay as they are. */
export function pinItems(db: Connection, rows: ItemVersionRow[]): void {
	if (rows.length > 0) db.insert(itemVersion).values(rows).onConflictDoNothing().run();
}

export function findPinnedItem(
	db: Connection,
	key: Pick<ItemVersionRow, 'itemId' | 'version' | 'digest'>,
): unknown {
	const { itemId, version, digest } = key;
	const { itemId: id, version: number, digest: hash, body } = itemVersion;
	return db
		.select({ body })
		.from(itemVersion)
		.where(and(eq(id, itemId), eq(number, version), eq(hash, digest)))
		.get()?.body;
}

export function insertSlots(db: Connection, rows: (typeof examSlot.$inferInsert)[]): void {
	if (rows.length > 0) db.insert(examSlot).values(rows).run();
}

/** The slots of a session in their order. */
export function listSlots(db: Connection, sessionId: string): ExamSlotRow[] {
	return db
		.select()
		.from(examSlot)
		.where(eq(examSlot.sessionId, sessionId))
		.orderBy(asc(examSlot.position))
		.all();
}

export function findSlot(
	db: Connection,
	{ sessionId, position }: Pick<ExamSlotRow, 'sessionId' | 'position'>,
): ExamSlotRow | undefined {
	const own = and(eq(examSlot.sessionId, sessionId), eq(examSlot.position, position));
	return db.select().from(examSlot).where(own).get();
}

export function updateSlot(
	db: Connection,
	{ sessionId, position }: Pick<ExamSlotRow, 'sessionId' | 'position'>,
	change: Partial<Pick<ExamSlotRow, 'seenAt' | 'flagged' | 'title' | 'scored' | 'restoredPercent'>>,
): void {
	db.update(examSlot)
		.set(change)
		.where(and(eq(examSlot.sessionId, sessionId), eq(examSlot.position, position)))
		.run();
}

/** Binds a lab to a slot that has none yet; false when it has one. */
export function bindAttempt(
	db: Connection,
	{ sessionId, position }: Pick<ExamSlotRow, 'sessionId' | 'position'>,
	attemptId: string,
): boolean {
	const free = and(
		eq(examSlot.sessionId, sessionId),
		eq(examSlot.position, position),
		isNull(examSlot.attemptId),
	);
	return db.update(examSlot).set({ attemptId }).where(free).run().changes === 1;
}

/** Everything a user has seen, one entry an item. */
export function listMetItems(db: Connection, userId: string): MetItem[] {
	// SQLite takes the bare column `flagged` from the row of the greatest `seen_at`.
	const rows = db
		.select({
			itemId: examSlot.itemId,
			exposures: count(),
			last: max(examSlot.seenAt),
			flagged: examSlot.flagged,
		})
		.from(examSlot)
		.where(and(eq(examSlot.userId, userId), isNotNull(examSlot.seenAt)))
		.groupBy(examSlot.itemId)
		.all();
	return rows.map(({ last, ...row }) => ({ ...row, lastSeenMs: last?.getTime() ?? 0 }));
}

/** Whether a user has seen an item anywhere but in this slot. */
export function hasMetElsewhere(
	db: Connection,
	userId: string,
	{ itemId, sessionId, position }: Pick<ExamSlotRow, 'itemId' | 'sessionId' | 'position'>,
): boolean {
	const elsewhere = or(ne(examSlot.sessionId, sessionId), ne(examSlot.position, position));
	const row = db
		.select({ position: examSlot.position })
		.from(examSlot)
		.where(
			and(
				eq(examSlot.userId, userId),
				eq(examSlot.itemId, itemId),
				isNotNull(examSlot.seenAt),
				elsewhere,
			),
		)
		.limit(1)
		.get();
	return row !== undefined;
}

/** Keeps an instance; the first one stays. */
export function insertInstance(db: Connection, row: InstanceRow): void {
	db.insert(examInstance).values(row).onConflictDoNothing().run();
}

/** The question of a slot, without its key; undefined before its first view. */
export function findQuestion(db: Connection, sessionId: string, position: number): unknown {
	return db
		.select({ question: examInstance.question })
		.from(examInstance)
		.where(and(eq(examInstance.sessionId, sessionId), eq(examInstance.position, position)))
		.get()?.question;
}

/** The keys of slots, for judging and for feedback that is due. */
export function listAnswerKeys(
	db: Connection,
	sessionId: string,
	positions: number[],
): Pick<InstanceRow, 'position' | 'guessRate' | 'answerKey'>[] {
	const { position, guessRate, answerKey } = examInstance;
	return db
		.select({ position, guessRate, answerKey })
		.from(examInstance)
		.where(and(eq(examInstance.sessionId, sessionId), inArray(position, positions)))
		.all();
}
