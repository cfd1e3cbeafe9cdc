import { DrizzleSQLiteAdapter } from '@lucia-auth/adapter-drizzle';
import { Lucia, TimeSpan } from 'lucia';
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db/open.ts';
import { session, user } from '../db/schema.ts';
import type { UserRow } from '../db/user-store.ts';

/**
 * The only file that knows the session library. The four functions are those of its successor, the
 * single-file session module, so that replacing the library changes nothing outside.
 */

declare module 'lucia' {
	interface Register {
		Lucia: Library;
		DatabaseUserAttributes: Omit<UserRow, 'id'>;
	}
}

/** What a request knows of the person behind it. */
export interface SessionUser {
	id: string;
	role: UserRow['role'];
	displayName: string;
	email: string | null;
}

/** A session renews itself while it is used and ends after this time without a visit. */
const IDLE_DAYS = 30;
const TOKEN_BYTES = 32;

type Library = ReturnType<typeof createLibrary>;

function createLibrary(db: Database) {
	return new Lucia(new DrizzleSQLiteAdapter(db, session, user), {
		sessionExpiresIn: new TimeSpan(IDLE_DAYS, 'd'),
		getUserAttributes: ({ role, displayName, email }) => ({ role, displayName, email }),
	});
}

const libraries = new WeakMap<Database, Library>();

function libraryOf(db: Database): Library {
	const known = libraries.get(db);
	if (known) return known;
	const library = createLibrary(db);
	libraries.set(db, library);
	return library;
}

function sessionIdOf(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}

/** Starts a session. The token goes into a cookie; only its hash is stored. */
export async function createSession(
	db: Database,
	userId: string,
): Promise<{ token: string; expiresAt: Date }> {
	const token = randomBytes(TOKEN_BYTES).toString('base64url');
	const created = await libraryOf(db).createSession(userId, {}, { sessionId: sessionIdOf(token) });
	return { token, expiresAt: created.expiresAt };
}

/** The user behind a token, or null. `renewed`: the expiry moved, so the cookie has to be set again. */
export async function validateSessionToken(
	db: Database,
	token: string,
): Promise<{ user: SessionUser; expiresAt: Date; renewed: boolean } | null> {
	const found = await libraryOf(db).validateSession(sessionIdOf(token));
	if (!found.session) return null;
	const { id, role, displayName, email } = found.user;
	return {
		user: { id, role, displayName, email },
		expiresAt: found.session.expiresAt,
		renewed: found.session.fresh,
	};
}

/** Ends the session of a token. */
export async function invalidateSession(db: Database, token: string): Promise<void> {
	await libraryOf(db).invalidateSession(sessionIdOf(token));
}

/** Ends all sessions of a user. */
export async function invalidateUserSessions(db: Database, userId: string): Promise<void> {
	await libraryOf(db).invalidateUserSessions(userId);
}
