import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { createGuest } from '#lib/server/auth/accounts.ts';
import type { App as PacsApp } from '#lib/server/app.ts';
import { AttemptUnavailable, NotFound } from '#lib/server/attempts/errors.ts';
import { listActions } from '#lib/server/db/attempt-store.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let server: TestApp;
let userId: string;

beforeEach(async () => {
	server = openTestApp();
	userId = (await createGuest(server.db)).user.id;
});

const CLOSE = { kind: 'close', cause: 'a', action: 'b', prevention: 'c' };

function request(sequence: number, action: object = { kind: 'wait', seconds: 5 }) {
	return { sequence, key: `key-number-${sequence}`, action };
}

async function begin(app = server.app, scenario = 'count-up'): Promise<string> {
	const started = await app.attempts.start(userId, scenario);
	if (started.kind !== 'started') throw new Error(started.message);
	return started.attemptId;
}

async function texts(app: PacsApp, id: string): Promise<string[]> {
	const view = await app.attempts.view(userId, id);
	return view?.history.map((entry) => entry.observation.text) ?? [];
}

test('an action is carried out, logged with its facts and answered', async () => {
	const id = await begin();
	const outcome = await server.app.attempts.perform(userId, id, request(0));
	if (outcome.kind !== 'done') throw new Error(outcome.kind);
	expect(outcome.entry.sequence).toBe(0);
	expect(outcome.view).not.toHaveProperty('history');
	const [row] = await listActions(server.db, id, 0);
	expect(row?.observation).toEqual(outcome.entry.observation);
	expect(row?.facts).toHaveLength(1);
});

test('a repeated key gives the stored answer and does not act again', async () => {
	const id = await begin();
	const first = await server.app.attempts.perform(userId, id, request(0));
	await server.app.attempts.perform(userId, id, request(1));
	const again = await server.app.attempts.perform(userId, id, request(0));
	if (first.kind !== 'done' || again.kind !== 'done') throw new Error('not done');
	expect(again.entry).toEqual(first.entry);
	expect(server.engine.counts.begun).toBe(2);
	expect(await listActions(server.db, id, 0)).toHaveLength(2);
});

test('a double click acts once, even when both requests arrive at the same time', async () => {
	const id = await begin();
	const [one, two] = await Promise.all([
		server.app.attempts.perform(userId, id, request(0)),
		server.app.attempts.perform(userId, id, request(0)),
	]);
	expect(one).toEqual(two);
	expect(server.engine.counts.begun).toBe(1);
});

test('the order of keys in the body does not make a repeated request another one', async () => {
	const id = await begin();
	const note = { kind: 'note', text: 'x', standing: 'remark' };
	const turned = { standing: 'remark', text: 'x', kind: 'note' };
	await server.app.attempts.perform(userId, id, request(0, note));
	const again = await server.app.attempts.perform(userId, id, request(0, turned));
	expect(again.kind).toBe('done');
});

test('a key that belongs to another action is refused', async () => {
	const id = await begin();
	await server.app.attempts.perform(userId, id, request(0));
	const other = { ...request(0), action: { kind: 'wait', seconds: 6 } };
	expect((await server.app.attempts.perform(userId, id, other)).kind).toBe('invalid');
});

test('two tabs: the second action with the same number is a conflict and does nothing', async () => {
	const id = await begin();
	const tabs = await Promise.all([
		server.app.attempts.perform(userId, id, { ...request(0), key: 'tab-one-key' }),
		server.app.attempts.perform(userId, id, { ...request(0), key: 'tab-two-key' }),
	]);
	expect(tabs.map((outcome) => outcome.kind)).toEqual(['done', 'conflict']);
	const second = tabs[1];
	if (second?.kind !== 'conflict') throw new Error('no conflict');
	expect(second.view.history).toHaveLength(1);
	expect(server.engine.counts.begun).toBe(1);
});

test('a number from the future is a conflict', async () => {
	const id = await begin();
	const outcome = await server.app.attempts.perform(userId, id, request(3));
	expect(outcome.kind).toBe('conflict');
	expect(server.engine.counts.begun).toBe(0);
});

test('after a restart the world is rebuilt from the log', async () => {
	const id = await begin();
	for (const sequence of [0, 1, 2]) {
		await server.app.attempts.perform(userId, id, request(sequence));
	}
	const before = await texts(server.app, id);
	const restarted = server.another();
	expect(await texts(restarted, id)).toEqual(before);
	const next = await restarted.attempts.perform(userId, id, request(3));
	expect(next.kind).toBe('done');
	expect(server.warnings).toEqual([]);
});

test('a process that is behind the log catches up, and does not act on what it has not seen', async () => {
	const id = await begin();
	const other = server.another();
	await other.attempts.view(userId, id);
	await server.app.attempts.perform(userId, id, request(0));
	const late = await other.attempts.perform(userId, id, { ...request(0), key: 'other-process' });
	expect(late.kind).toBe('conflict');
	expect((await other.attempts.perform(userId, id, request(1))).kind).toBe('done');
	expect(await texts(server.app, id)).toEqual(await texts(other, id));
	expect(server.engine.counts.opened).toBe(2);
});

test('two processes that act at once: one wins, the other one throws its world away', async () => {
	const id = await begin();
	const other = server.another();
	await Promise.all([server.app.attempts.view(userId, id), other.attempts.view(userId, id)]);
	const outcomes = await Promise.all([
		server.app.attempts.perform(userId, id, { ...request(0), key: 'process-one' }),
		other.attempts.perform(userId, id, {
			...request(0, { kind: 'wait', seconds: 9 }),
			key: 'process-two',
		}),
	]);
	expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['conflict', 'done']);
	expect(await texts(server.app, id)).toEqual(await texts(other, id));
	expect(await listActions(server.db, id, 0)).toHaveLength(1);
});

test('what could not be stored did not happen', async () => {
	const id = await begin();
	await server.app.attempts.perform(userId, id, request(0));
	const before = await texts(server.app, id);
	server.db.run(
		sql`CREATE TRIGGER full BEFORE INSERT ON action BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
	);
	await expect(server.app.attempts.perform(userId, id, request(1))).rejects.toThrow();
	expect(await texts(server.app, id)).toEqual(before);
	expect(await texts(server.another(), id)).toEqual(before);
	server.db.run(sql`DROP TRIGGER full`);
	expect((await server.app.attempts.perform(userId, id, request(1))).kind).toBe('done');
	expect(await texts(server.another(), id)).toEqual(await texts(server.app, id));
});

test('more attempts than places in the cache: worlds are rebuilt and nothing is mixed up', async () => {
	server = openTestApp({ worldsMax: 2 });
	userId = (await createGuest(server.db)).user.id;
	const ids = [await begin(), await begin(), await begin()];
	for (const sequence of [0, 1]) {
		for (const id of ids) await server.app.attempts.perform(userId, id, request(sequence));
	}
	expect(server.engine.counts.opened).toBeGreaterThan(3);
	const unbounded = server.another();
	for (const id of ids) expect(await texts(server.app, id)).toEqual(await texts(unbounded, id));
	expect(server.warnings).toEqual([]);
});

test('a replay that shows something else than before is reported', async () => {
	const id = await begin();
	await server.app.attempts.perform(userId, id, request(0));
	server.engine.dialect = ' (a later release)';
	await server.another().attempts.view(userId, id);
	expect(server.warnings).toEqual([
		expect.objectContaining({ kind: 'replay-diverged', attemptId: id, sequence: 0 }),
	]);
});

test('an attempt whose scenario was revised cannot be continued, and is not offered', async () => {
	const id = await begin();
	const revised = server.engine.scenarios.get('count-up');
	if (!revised) throw new Error('missing');
	server.engine.scenarios.set('count-up', { ...revised, version: 2 });
	await expect(server.another().attempts.view(userId, id)).rejects.toThrow(AttemptUnavailable);
	expect(await server.app.catalogue.resumable(userId)).toBeNull();
	expect((await server.app.catalogue.attempts(userId)).map((entry) => entry.id)).toEqual([id]);
});

test('closing grades the attempt once and opens the debrief', async () => {
	const id = await begin();
	expect(await server.app.attempts.debrief(userId, id)).toBeNull();
	await server.app.attempts.perform(userId, id, request(0));
	const closing = await server.app.attempts.perform(userId, id, request(1, CLOSE));
	expect(closing.kind === 'done' && closing.view.status).toBe('closed');
	const [entry] = await server.app.catalogue.attempts(userId);
	expect(entry).toMatchObject({ status: 'closed', score: 72.5, actions: 2 });
	const found = await server.another().attempts.debrief(userId, id);
	expect(found?.debrief.score.total).toBe(72.5);
	expect(found?.scenario.title).toBe('Title of count-up');
	expect(server.engine.counts).toMatchObject({ opened: 1, graded: 1 });
	expect(await server.app.attempts.view(userId, id)).toBeNull();
});

test('a closed attempt takes no more actions, but repeats the answer to the last one', async () => {
	const id = await begin();
	const closing = await server.app.attempts.perform(userId, id, request(0, CLOSE));
	const more = await server.app.attempts.perform(userId, id, request(1));
	expect(more.kind === 'conflict' && more.message).toMatch(/closed/);
	expect(await server.app.attempts.perform(userId, id, request(0, CLOSE))).toEqual(closing);
	expect(await listActions(server.db, id, 0)).toHaveLength(1);
	expect(server.warnings).toEqual([]);
});

test('a failure in grading does not lose the closed attempt; the debrief makes it good', async () => {
	const id = await begin();
	server.engine.gradingFailure = new Error('no worlds today');
	const closing = await server.app.attempts.perform(userId, id, request(0, CLOSE));
	expect(closing.kind).toBe('done');
	expect(server.warnings).toMatchObject([{ kind: 'grading-failed', attemptId: id }]);
	server.engine.gradingFailure = undefined;
	const found = await server.another().attempts.debrief(userId, id);
	expect(found?.debrief.score.total).toBe(72.5);
	expect((await server.app.catalogue.attempts(userId))[0]?.score).toBe(72.5);
});

test('invalid requests are described and do nothing', async () => {
	const id = await begin();
	for (const body of [
		undefined,
		null,
		'text',
		{ ...request(0), sequence: -1 },
		{ ...request(0), key: 'short' },
		{ ...request(0), action: { kind: 'explode' } },
		{ ...request(0), action: { kind: 'wait', seconds: 1e9 } },
		{ ...request(0), more: 1 },
	]) {
		const outcome = await server.app.attempts.perform(userId, id, body);
		expect(outcome.kind === 'invalid' && outcome.issues.length).toBeGreaterThan(0);
	}
	expect(await listActions(server.db, id, 0)).toEqual([]);
});

test('somebody else’s attempt is not found, in whatever way one asks', async () => {
	const id = await begin();
	const stranger = (await createGuest(server.db)).user.id;
	const { attempts } = server.app;
	await expect(attempts.view(stranger, id)).rejects.toThrow(NotFound);
	await expect(attempts.perform(stranger, id, request(0))).rejects.toThrow(NotFound);
	await expect(attempts.perform(stranger, id, 'invalid')).rejects.toThrow(NotFound);
	await expect(attempts.debrief(stranger, id)).rejects.toThrow(NotFound);
	await expect(attempts.readFile(stranger, id, 'captures/sum.pcapng')).rejects.toThrow(NotFound);
	await expect(attempts.start(stranger, 'no-such-ticket')).rejects.toThrow(NotFound);
	expect(await server.app.catalogue.attempts(stranger)).toEqual([]);
});

test('the rate of actions is limited for each user', async () => {
	const id = await begin();
	for (let count = 0; count < 60; count += 1) {
		await server.app.attempts.perform(userId, id, undefined);
	}
	const refused = await server.app.attempts.perform(userId, id, request(0));
	expect(refused).toMatchObject({ kind: 'too-many', retryAfterSeconds: 1 });
	server.passSeconds(1);
	expect((await server.app.attempts.perform(userId, id, request(0))).kind).toBe('done');
});
