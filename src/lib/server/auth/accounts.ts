import { randomUUID } from 'node:crypto';
import type { Database } from '../db/open.ts';
import { findUserByEmail, insertUser, mergeGuest, upgradeGuest } from '../db/user-store.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { createSession, invalidateUserSessions } from './session.ts';
import type { SessionUser } from './session.ts';

/** A session that has just begun; the token belongs into the cookie. */
export interface NewSession {
	token: string;
	expiresAt: Date;
}

/** Creates a user without e-mail and password, who can work at once, and signs in as that user. */
export async function createGuest(
	db: Database,
): Promise<{ user: SessionUser; session: NewSession }> {
	const user = { id: randomUUID(), role: 'guest', displayName: 'Guest', email: null } as const;
	await insertUser(db, { ...user, passwordHash: null, createdAt: new Date() });
	return { user, session: await createSession(db, user.id) };
}

/**
 * Creates an account and signs in. A guest who registers keeps the same user and so all the work; the
 * guest's sessions end. Returns null when the e-mail address is taken.
 */
export async function register(
	db: Database,
	input: { email: string; password: string; displayName: string },
	current: SessionUser | null,
): Promise<NewSession | null> {
	const { email, displayName } = input;
	const registration = { email, displayName, passwordHash: await hashPassword(input.password) };
	if (current?.role === 'guest') {
		const outcome = await upgradeGuest(db, current.id, registration);
		if (outcome === 'taken') return null;
		if (outcome === 'upgraded') {
			await invalidateUserSessions(db, current.id);
			return createSession(db, current.id);
		}
	}
	const id = randomUUID();
	const inserted = await insertUser(db, {
		id,
		role: 'trainee',
		createdAt: new Date(),
		...registration,
	});
	return inserted ? createSession(db, id) : null;
}

/**
 * Signs in with e-mail and password; null when they do not belong together. Takes the same time whether
 * or not the e-mail address is known. What a guest did before is moved to the account.
 */
export async function signIn(
	db: Database,
	input: { email: string; password: string },
	current: SessionUser | null,
): Promise<NewSession | null> {
	const user = await findUserByEmail(db, input.email);
	const matches = await verifyPassword(input.password, user?.passwordHash ?? null);
	if (!user || !matches) return null;
	if (current?.role === 'guest') await mergeGuest(db, current.id, user.id);
	return createSession(db, user.id);
}
