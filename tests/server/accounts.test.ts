import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { createGuest, register, signIn } from '#lib/server/auth/accounts.ts';
import {
	createSession,
	invalidateSession,
	invalidateUserSessions,
	validateSessionToken,
} from '#lib/server/auth/session.ts';
import type { SessionUser } from '#lib/server/auth/session.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const ADA = { email: 'ada@example.org', password: 'a long enough password', displayName: 'Ada' };

let server: TestApp;

beforeEach(() => {
	server = openTestApp();
});

async function userOf(token: string | undefined): Promise<SessionUser | undefined> {
	return (await validateSessionToken(server.db, token ?? ''))?.user;
}

async function startedBy(userId: string): Promise<string> {
	const started = await server.app.attempts.start(userId, 'count-up');
	if (started.kind !== 'started') throw new Error(started.message);
	return started.attemptId;
}

test('a guest has a session and no name of its own', async () => {
	const guest = await createGuest(server.db);
	expect(await userOf(guest.session.token)).toEqual({
		...{ id: guest.user.id, role: 'guest', displayName: 'Guest', email: null },
	});
});

test('a guest who registers keeps the user and the work, and gets a new session', async () => {
	const guest = await createGuest(server.db);
	const attemptId = await startedBy(guest.user.id);
	const session = await register(server.db, ADA, guest.user);
	const user = await userOf(session?.token);
	expect(user).toEqual({
		id: guest.user.id,
		role: 'trainee',
		displayName: 'Ada',
		email: ADA.email,
	});
	expect(await server.app.attempts.view(user?.id ?? '', attemptId)).not.toBeNull();
	expect(await userOf(guest.session.token)).toBeUndefined();
});

test('registering without having been a guest makes a trainee', async () => {
	const session = await register(server.db, ADA, null);
	expect(await userOf(session?.token)).toMatchObject({ role: 'trainee', email: ADA.email });
});

test('an e-mail address belongs to one account; the guest who asked stays a guest', async () => {
	await register(server.db, ADA, null);
	const guest = await createGuest(server.db);
	expect(await register(server.db, ADA, guest.user)).toBeNull();
	expect(await register(server.db, ADA, null)).toBeNull();
	expect(await userOf(guest.session.token)).toMatchObject({ role: 'guest' });
});

test('two registrations of one address at the same time make one account', async () => {
	const both = await Promise.all([
		register(server.db, ADA, null),
		register(server.db, { ...ADA, displayName: 'Other' }, null),
	]);
	expect(both.filter((session) => session !== null)).toHaveLength(1);
});

test('signing in needs the right password of a known address', async () => {
	await register(server.db, ADA, null);
	expect(await signIn(server.db, { ...ADA, password: 'another password' }, null)).toBeNull();
	expect(await signIn(server.db, { ...ADA, email: 'bob@example.org' }, null)).toBeNull();
	expect(await userOf((await signIn(server.db, ADA, null))?.token)).toMatchObject({
		displayName: 'Ada',
	});
});

test('who signs in as a guest takes the guest’s work along, and the guest is gone', async () => {
	const own = await userOf((await register(server.db, ADA, null))?.token);
	const guest = await createGuest(server.db);
	const attemptId = await startedBy(guest.user.id);
	await server.app.attempts.view(guest.user.id, attemptId);
	await signIn(server.db, ADA, guest.user);
	expect(await server.app.attempts.view(own?.id ?? '', attemptId)).not.toBeNull();
	expect(await userOf(guest.session.token)).toBeUndefined();
	expect((await server.app.catalogue.attempts(guest.user.id)).length).toBe(0);
});

test('a failed sign-in moves nothing', async () => {
	await register(server.db, ADA, null);
	const guest = await createGuest(server.db);
	const attemptId = await startedBy(guest.user.id);
	expect(await signIn(server.db, { ...ADA, password: 'wrong password' }, guest.user)).toBeNull();
	expect(await server.app.attempts.view(guest.user.id, attemptId)).not.toBeNull();
});

test('an account’s work never moves to another account', async () => {
	const first = await userOf((await register(server.db, ADA, null))?.token);
	const attemptId = await startedBy(first?.id ?? '');
	const bob = { email: 'bob@example.org', password: 'bob has a password', displayName: 'Bob' };
	await register(server.db, bob, null);
	await signIn(server.db, bob, first ?? null);
	expect(await server.app.attempts.view(first?.id ?? '', attemptId)).not.toBeNull();
});

test('who has registered in another window is no guest any more, whatever this request believed', async () => {
	const guest = await createGuest(server.db);
	const attemptId = await startedBy(guest.user.id);
	await register(server.db, ADA, guest.user);
	const bob = { email: 'bob@example.org', password: 'bob has a password', displayName: 'Bob' };
	const second = await userOf((await register(server.db, bob, guest.user))?.token);
	expect(second?.id).not.toBe(guest.user.id);
	await signIn(server.db, bob, guest.user);
	expect(await server.app.attempts.view(guest.user.id, attemptId)).not.toBeNull();
});

test('sessions end one by one, all at once, and by themselves', async () => {
	const { user, session } = await createGuest(server.db);
	const others = [await createSession(server.db, user.id), await createSession(server.db, user.id)];
	await invalidateSession(server.db, session.token);
	expect(await userOf(session.token)).toBeUndefined();
	expect(await userOf(others[0]?.token)).toBeDefined();
	await invalidateUserSessions(server.db, user.id);
	expect(await userOf(others[1]?.token)).toBeUndefined();

	const last = await createSession(server.db, user.id);
	server.db.run(sql`UPDATE session SET expires_at = 1`);
	expect(await userOf(last.token)).toBeUndefined();
});

test('a session that is half over is renewed', async () => {
	const { session } = await createGuest(server.db);
	expect(await validateSessionToken(server.db, session.token)).toMatchObject({ renewed: false });
	server.db.run(sql`UPDATE session SET expires_at = expires_at - 16 * 86400`);
	expect(await validateSessionToken(server.db, session.token)).toMatchObject({ renewed: true });
});

test('the database holds neither passwords nor tokens', async () => {
	const session = await register(server.db, ADA, null);
	const rows = [
		...server.db.all(sql`SELECT * FROM user`),
		...server.db.all(sql`SELECT * FROM session`),
	];
	const stored = JSON.stringify(rows);
	expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
	expect(stored).not.toContain(ADA.password);
	expect(stored).not.toContain(session?.token);
});
