import { and, asc, count, desc, eq } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import type { Database } from './open.ts';
import { ownBank, ownItem } from './schema.ts';

export type OwnBankRow = typeof ownBank.$inferSelect;
export type OwnItemRow = typeof ownItem.$inferSelect;

/** Rows in one statement; SQLite takes a limited number of values. */
const ROWS_AT_ONCE = 100;

/** Keeps a bank with its items; the caller's transaction makes it one act. */
export function insertOwnBank(db: Connection, bank: OwnBankRow, items: OwnItemRow[]): void {
	db.insert(ownBank).values(bank).run();
	for (let at = 0; at < items.length; at += ROWS_AT_ONCE) {
		db.insert(ownItem)
			.values(items.slice(at, at + ROWS_AT_ONCE))
			.run();
	}
}

/** A user's banks, newest first, with the number of their items. */
export function listOwnBanks(db: Connection, userId: string): (OwnBankRow & { items: number })[] {
	return db
		.select({
			id: ownBank.id,
			userId: ownBank.userId,
			title: ownBank.title,
			format: ownBank.format,
			createdAt: ownBank.createdAt,
			items: count(ownItem.position),
		})
		.from(ownBank)
		.leftJoin(ownItem, eq(ownItem.bankId, ownBank.id))
		.where(eq(ownBank.userId, userId))
		.groupBy(ownBank.id)
		.orderBy(desc(ownBank.createdAt), desc(ownBank.id))
		.all();
}

/** The items of all of a user's banks without their bodies, in the order of their files. */
export function listOwnItemTitles(
	db: Connection,
	userId: string,
): Pick<OwnItemRow, 'bankId' | 'itemId' | 'type' | 'title'>[] {
	const { bankId, itemId, type, title, position } = ownItem;
	return db
		.select({ bankId, itemId, type, title })
		.from(ownItem)
		.innerJoin(ownBank, eq(ownBank.id, bankId))
		.where(eq(ownBank.userId, userId))
		.orderBy(asc(bankId), asc(position))
		.all();
}

/** A user's bank; undefined when it is somebody else's. */
export function findOwnBank(db: Connection, userId: string, id: string): OwnBankRow | undefined {
	return db
		.select()
		.from(ownBank)
		.where(and(eq(ownBank.id, id), eq(ownBank.userId, userId)))
		.get();
}

export function listOwnItemBodies(db: Connection, bankId: string): unknown[] {
	return db
		.select({ body: ownItem.body })
		.from(ownItem)
		.where(eq(ownItem.bankId, bankId))
		.orderBy(asc(ownItem.position))
		.all()
		.map(({ body }) => body);
}

/** False when there is no such bank of this user. */
export function deleteOwnBank(db: Database, userId: string, id: string): boolean {
	const own = and(eq(ownBank.id, id), eq(ownBank.userId, userId));
	return db.delete(ownBank).where(own).run().changes === 1;
}

/** What a guest brought goes to the account. */
export function moveOwnBanks(db: Connection, guestId: string, userId: string): void {
	db.update(ownBank).set({ userId }).where(eq(ownBank.userId, guestId)).run();
}
