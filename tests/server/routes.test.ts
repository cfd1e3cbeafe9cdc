import { isActionFailure, isHttpError, isRedirect } from '@sveltejs/kit';
import { beforeEach, expect, test } from 'vitest';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { SECRET } from '../support/counting-engine.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { load as loadLayout } from '../../src/routes/+layout.server.ts';
import { load as loadStart } from '../../src/routes/+page.server.ts';
import { load as loadAccount } from '../../src/routes/account/+page.server.ts';
import { load as loadAttempts } from '../../src/routes/attempts/+page.server.ts';
import { load as loadWorkbench } from '../../src/routes/attempts/[id]/+page.server.ts';
import { POST as postAction } from '../../src/routes/attempts/[id]/actions/+server.ts';
import * as debriefPage from '../../src/routes/attempts/[id]/debrief/+page.server.ts';
import { GET as getFile } from '../../src/routes/attempts/[id]/files/[...path]/+server.ts';
import * as labsPage from '../../src/routes/labs/+page.server.ts';
import * as registerPage from '../../src/routes/register/+page.server.ts';
import * as signInPage from '../../src/routes/sign-in/+page.server.ts';
import { POST as signOut } from '../../src/routes/sign-out/+server.ts';

type Handler = (event: never) => unknown;
type Options = NonNullable<Parameters<typeof requestEvent>[2]>;

/** What a handler did, as the browser would learn of it. */
interface Answer {
	status: number;
	location?: string;
	data?: unknown;
}

let server: TestApp;
let jar: CookieJar;
let sent: string;

beforeEach(() => {
	server = openTestApp();
	jar = new CookieJar();
	sent = '';
});

async function ask(handler: Handler | undefined, options: Options = {}): Promise<Answer> {
	const event = await requestEvent<never>(server.app, jar, options);
	const answer = await settle(async () => handler?.(event));
	sent += JSON.stringify(answer);
	return answer;
}

async function settle(work: () => Promise<unknown>): Promise<Answer> {
	try {
		const result = await work();
		if (result instanceof Response) {
			const text = await result.text();
			const isJson = result.headers.get('content-type') === 'application/json';
			return { status: result.status, data: isJson ? JSON.parse(text) : text };
		}
		if (isActionFailure(result)) return { status: result.status, data: result.data };
		return { status: 200, data: result };
	} catch (thrown) {
		if (isRedirect(thrown)) return { status: thrown.status, location: thrown.location };
		if (isHttpError(thrown)) return { status: thrown.status, data: thrown.body };
		throw thrown;
	}
}

async function startTicket(scenario = 'count-up'): Promise<string> {
	const started = await ask(labsPage.actions['start'], { form: { scenario } });
	expect(started.status).toBe(303);
	return started.location?.replace('/attempts/', '') ?? '';
}

function actOn(id: string, sequence: number, action: object): Promise<Answer> {
	const json = { sequence, key: `key-${sequence}-${id}`, action };
	return ask(postAction, { params: { id }, json });
}

const CLOSE = { kind: 'close', cause: 'a', action: 'b', prevention: 'c' };
const ADA = { email: 'Ada@Example.org ', password: 'a long enough password', displayName: 'Ada' };

test('from the first click to the debrief, without an account and without a leak', async () => {
	expect((await ask(loadStart)).data).toMatchObject({ resume: null });
	const id = await startTicket();
	expect(jar.options.get('session')).toMatchObject({ httpOnly: true, secure: false });
	expect((await ask(loadLayout)).data).toMatchObject({ user: { role: 'guest' } });
	expect((await ask(loadWorkbench, { params: { id } })).data).toMatchObject({ attemptId: id });
	expect((await actOn(id, 0, { kind: 'wait', seconds: 1 })).data).toMatchObject({
		entry: { sequence: 0 },
		view: { status: 'open' },
	});
	expect((await actOn(id, 5, { kind: 'hint' })).status).toBe(409);
	expect((await ask(loadStart)).data).toMatchObject({ resume: { id } });
	expect(await ask(debriefPage.load, { params: { id } })).toEqual({
		...{ status: 303, location: `/attempts/${id}` },
	});
	await actOn(id, 1, CLOSE);
	expect(await ask(loadWorkbench, { params: { id } })).toEqual({
		...{ status: 303, location: `/attempts/${id}/debrief` },
	});
	expect((await ask(debriefPage.load, { params: { id } })).data).toMatchObject({
		scenario: { id: 'count-up', title: 'Title of count-up', level: 1, minutes: 5 },
		debrief: { score: { total: 72.5 } },
	});
	expect((await ask(labsPage.load)).data).toMatchObject({
		labs: [{ id: 'count-up', best: { score: 72.5 }, openAttemptId: null }, { id: 'count-down' }],
	});
	await ask(loadAttempts);
	await ask(loadAccount);
	const again = await ask(debriefPage.actions['again'], { params: { id } });
	expect(again.location).toMatch(/^\/attempts\/(?!undefined)/);
	expect(again.location).not.toContain(id);
	expect(sent).toContain('sum ');
	expect(sent).not.toContain(SECRET);
});

test('no answer to an action tells the seed', async () => {
	const id = await startTicket();
	await ask(loadWorkbench, { params: { id } });
	await actOn(id, 0, CLOSE);
	await ask(debriefPage.load, { params: { id } });
	const rows = server.db.query.attempt.findMany().sync();
	expect(rows[0]?.seed).toMatch(/^[0-9a-f]{16}$/);
	expect(sent).not.toContain(rows[0]?.seed);
});

test('files of the desk are downloads', async () => {
	const id = await startTicket();
	const params = { id, path: 'captures/sum.pcapng' };
	const event = await requestEvent<never>(server.app, jar, { params });
	const response = await (getFile as Handler)(event);
	if (!(response instanceof Response)) throw new Error('no response');
	expect(response.headers.get('content-disposition')).toContain('sum.pcapng');
	expect(response.headers.get('content-type')).toBe('application/vnd.tcpdump.pcap');
	expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
	expect((await ask(getFile, { params: { id, path: '../../etc/passwd' } })).status).toBe(404);
});

test('somebody else’s attempt is 404 everywhere, and 401 or the sign-in page without a session', async () => {
	const id = await startTicket();
	const params = { id, path: 'captures/sum.pcapng' };
	jar = new CookieJar();
	for (const load of [loadWorkbench, debriefPage.load, loadAttempts, loadAccount]) {
		expect(await ask(load, { params })).toEqual({ status: 303, location: '/sign-in' });
	}
	expect((await ask(getFile, { params })).status).toBe(401);
	expect((await actOn(id, 0, CLOSE)).status).toBe(401);
	await startTicket();
	for (const handler of [loadWorkbench, debriefPage.load, getFile, debriefPage.actions['again']]) {
		expect((await ask(handler, { params })).status).toBe(404);
	}
	expect((await actOn(id, 0, CLOSE)).status).toBe(404);
});

test('bad requests to act are described', async () => {
	const id = await startTicket();
	const form = await ask(postAction, { params: { id }, form: { sequence: '0' } });
	expect(form.status).toBe(415);
	expect(await actOn(id, 0, { kind: 'explode' })).toMatchObject({
		status: 400,
		data: { error: 'invalid', issues: [{ path: 'action.kind' }] },
	});
});

test('a debrief of an open attempt cannot be got by asking for another one', async () => {
	const id = await startTicket();
	expect((await ask(debriefPage.actions['again'], { params: { id } })).status).toBe(409);
});

test('an unknown ticket makes no guest', async () => {
	expect((await ask(labsPage.actions['start'], { form: { scenario: 'nothing' } })).status).toBe(
		404,
	);
	expect((await ask(labsPage.actions['start'], { form: {} })).status).toBe(400);
	expect(jar.get('session')).toBeUndefined();
	expect(server.db.query.user.findMany().sync()).toEqual([]);
});

test('guests are limited for each address', async () => {
	const start = async (address: string) => {
		jar = new CookieJar();
		const form = { scenario: 'count-up' };
		return (await ask(labsPage.actions['start'], { form, address })).status;
	};
	for (let count = 0; count < 60; count += 1) expect(await start('192.0.2.1')).toBe(303);
	expect(await start('192.0.2.1')).toBe(429);
	expect(await start('192.0.2.2')).toBe(303);
	server.passSeconds(60);
	expect(await start('192.0.2.1')).toBe(303);
});

test('registering, signing out and signing in keep the work', async () => {
	const id = await startTicket();
	const guest = jar.get('session');
	const registered = await ask(registerPage.actions['default'], { form: ADA });
	expect(registered).toEqual({ status: 303, location: '/account' });
	expect(jar.get('session')).not.toBe(guest);
	expect((await ask(signOut)).location).toBe('/');
	expect(jar.get('session')).toBeUndefined();
	expect((await ask(loadLayout)).data).toEqual({ user: null });
	const form = { email: 'ADA@example.org', password: ADA.password };
	expect((await ask(signInPage.actions['default'], { form })).status).toBe(303);
	expect((await ask(loadWorkbench, { params: { id } })).status).toBe(200);
	expect((await ask(loadAccount)).data).toEqual({ attemptCount: 1 });
	expect((await ask(signInPage.load)).location).toBe('/account');
});

test('a form that is not accepted says why, field by field, and never repeats the password', async () => {
	const form = { email: 'ada', password: 'short', displayName: ' ' };
	const refused = await ask(registerPage.actions['default'], { form });
	expect(refused).toMatchObject({
		status: 400,
		data: {
			fields: {
				email: expect.any(String),
				password: expect.any(String),
				displayName: expect.any(String),
			},
			values: { email: 'ada' },
		},
	});
	expect(JSON.stringify(refused)).not.toContain('short');
	await ask(registerPage.actions['default'], { form: ADA });
	jar = new CookieJar();
	const taken = await ask(registerPage.actions['default'], { form: ADA });
	expect(taken).toMatchObject({ status: 400, data: { fields: { email: expect.any(String) } } });
	expect(sent).not.toContain(ADA.password);
});

test('guessing a password is slowed down for an address and an account, not for others', async () => {
	await ask(registerPage.actions['default'], { form: ADA });
	jar = new CookieJar();
	const guess = async (email: string, address = '192.0.2.7') => {
		const form = { email, password: 'not the password' };
		return ask(signInPage.actions['default'], { form, address });
	};
	for (let count = 0; count < 10; count += 1) {
		expect((await guess('ada@example.org')).status).toBe(400);
	}
	const refused = await guess('ada@example.org');
	expect(refused).toMatchObject({ status: 429, data: { message: expect.stringMatching(/wait/) } });
	expect((await guess('bob@example.org')).status).toBe(400);
	expect((await guess('ada@example.org', '192.0.2.8')).status).toBe(400);
	server.passSeconds(60);
	expect((await guess('ada@example.org')).status).toBe(400);
});
