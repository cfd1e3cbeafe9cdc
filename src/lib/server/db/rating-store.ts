import { and, eq } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { ability, itemStatistic } from './schema.ts';

export type AbilityRow = typeof ability.$inferSelect;
export type ItemStatisticRow = typeof itemStatistic.$inferSelect;

export function findAbility(
	db: Connection,
	userId: string,
	outline: string,
): AbilityRow | undefined {
	const own = and(eq(ability.userId, userId), eq(ability.outline, outline));
	return db.select().from(ability).where(own).get();
}

export function putAbility(db: Connection, row: AbilityRow): void {
	const target = [ability.userId, ability.outline];
	db.insert(ability).values(row).onConflictDoUpdate({ target, set: row }).run();
}

export function findItemStatistic(
	db: Connection,
	itemId: string,
	version: number,
): ItemStatisticRow | undefined {
	const own = and(eq(itemStatistic.itemId, itemId), eq(itemStatistic.version, version));
	return db.select().from(itemStatistic).where(own).get();
}

export function putItemStatistic(db: Connection, row: ItemStatisticRow): void {
	const target = [itemStatistic.itemId, itemStatistic.version];
	db.insert(itemStatistic).values(row).onConflictDoUpdate({ target, set: row }).run();
}

/** The difficulties of all items that have been answered, in logits, by `<id> <version>`. */
export function listDifficulties(db: Connection): Map<string, { b: number; answers: number }> {
	const { itemId, version, b, answers } = itemStatistic;
	const rows = db.select({ itemId, version, b, answers }).from(itemStatistic).all();
	return new Map(rows.map((row) => [`${row.itemId} ${row.version}`, row]));
}
