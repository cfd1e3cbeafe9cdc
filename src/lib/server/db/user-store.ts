import { and, eq } from 'drizzle-orm';
import type { Database } from './open.ts';
import { moveExamWork } from './exam-guest-store.ts';
import { moveOwnBanks } from './own-bank-store.ts';
import { attempt, user } from './schema.ts';
import { moveUploads } from './upload-store.ts';

export type UserRow = typeof user.$inferSelect;

/** Inserts a user; false when the e-mail address is taken. */
export async function insertUser(db: Database, row: UserRow): Promise<boolean> {
	const inserted = await db
		.insert(user)
		.values(row)
		.onConflictDoNothing()
		.returning({ id: user.id });
	return inserted.length === 1;
}

export async function findUserByEmail(db: Database, email: string): Promise<UserRow | undefined> {
	const rows = await db.select().from(user).where(eq(user.email, email));
	return rows[0];
}

/** What a guest gains by registering. */
export type Registration = Pick<UserRow, 'email' | 'displayName' | 'passwordHash'> & {
	email: string;
};

/**
 * Turns a guest into a trainee without changing the id, so that all work stays in place.
 * `taken`: the e-mail address belongs to somebody else. `no-guest`: there is no such guest (any more).
 */
export async function upgradeGuest(
	db: Database,
	guestId: string,
	registration: Registration,
): Promise<'upgraded' | 'taken' | 'no-guest'> {
	return db.transaction(
		(tx) => {
			const holder = tx
				.select({ id: user.id })
				.from(user)
				.where(eq(user.email, registration.email))
				.get();
			if (holder) return 'taken';
			const updated = tx
				.update(user)
				.set({ ...registration, role: 'trainee' })
				.where(and(eq(user.id, guestId), eq(user.role, 'guest')))
				.run();
			return updated.changes === 1 ? 'upgraded' : 'no-guest';
		},
		{ behavior: 'immediate' },
	);
}

/** Gives a guest's attempts to an account and removes the guest with its sessions. */
export async function mergeGuest(db: Database, guestId: string, userId: string): Promise<void> {
	db.transaction(
		(tx) => {
			const guest = tx
				.select({ id: user.id })
				.from(user)
				.where(and(eq(user.id, guestId), eq(user.role, 'guest')))
				.get();
			if (!guest) return;
			tx.update(attempt).set({ userId }).where(eq(attempt.userId, guestId)).run();
			moveExamWork(tx, guestId, userId);
			moveOwnBanks(tx, guestId, userId);
			moveUploads(tx, guestId, userId);
			tx.delete(user).where(eq(user.id, guestId)).run();
		},
		{ behavior: 'immediate' },
	);
}
