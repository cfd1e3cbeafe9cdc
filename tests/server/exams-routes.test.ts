import { isActionFailure, isHttpError, isRedirect } from '@sveltejs/kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { HIDDEN, labItem, OUTLINE, questionFixture } from '../support/question-fixture.ts';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import * as examsPage from '../../src/routes/exams/+page.server.ts';
import * as practicePage from '../../src/routes/practice/+page.server.ts';
import * as sessionPage from '../../src/routes/sessions/[id]/+page.server.ts';
import { load as loadResult } from '../../src/routes/sessions/[id]/result/+page.server.ts';
import { GET as getSlot } from '../../src/routes/sessions/[id]/slots/[n]/+server.ts';
import { POST as postSteps } from '../../src/routes/sessions/[id]/steps/+server.ts';

type Handler = (event: never) => unknown;
type Options = NonNullable<Parameters<typeof requestEvent>[2]>;

let server: TestApp;
let jar: CookieJar;
let sent: string;

beforeEach(() => {
	server = openTestApp({ questions: questionFixture(24, [labItem()]) });
	jar = new CookieJar();
	sent = '';
});

async function ask(handler: Handler | undefined, options: Options = {}) {
	const event = await requestEvent<never>(server.app, jar, options);
	const answer = await settle(async () => handler?.(event));
	sent += JSON.stringify(answer);
	return answer;
}

interface Answer {
	status: number;
	location?: string;
	data?: unknown;
}

async function settle(work: () => Promise<unknown>): Promise<Answer> {
	try {
		const result = await work();
		if (result instanceof Response) return { status: result.status, data: await result.json() };
		if (isActionFailure(result)) return { status: result.status, data: result.data };
		return { status: 200, data: result };
	} catch (thrown) {
		if (isRedirect(thrown)) return { status: thrown.status, location: thrown.location };
		if (isHttpError(thrown)) return { status: thrown.status, data: thrown.body };
		throw thrown;
	}
}

const MOCK = { outline: OUTLINE, scored: '6', unscored: '1', minutes: '10', accommodation: '1' };
const PRACTICE = { outline: OUTLINE, source: 'any', count: '100', feedback: 'at-once' };

async function begin(form: Record<string, string>, page: { actions: object }): Promise<string> {
	const start = (page.actions as Record<string, Handler>)['start'];
	const started = await ask(start, { form });
	expect(started.status).toBe(303);
	return started.location?.replace('/sessions/', '') ?? '';
}

function post(id: string, ...bodies: object[]) {
	const steps = bodies.map((body, i) => ({ key: `${id}-${i}-${sent.length}`.slice(-40), body }));
	return ask(postSteps, { params: { id }, json: { steps } });
}

test('a visitor takes a mock exam from the first click to the result', async () => {
	expect((await ask(examsPage.load)).data).toMatchObject({
		...{ outline: OUTLINE, open: [], history: [], outlines: [{ id: OUTLINE, available: 25 }] },
	});
	const id = await begin(MOCK, examsPage);
	const params = { id, n: '0' };
	const page = await ask(sessionPage.load, { params });
	expect(page.data).toMatchObject({ session: { id, mode: 'mock' }, slot: { position: 0 } });
	expect((await ask(sessionPage.load, { params, path: '/?q=3' })).data).toMatchObject({
		slot: { position: 2 },
	});
	expect((await ask(getSlot, { params })).status).toBe(200);
	for (const n of ['99', '-1', 'x']) {
		expect((await ask(getSlot, { params: { id, n } })).status).toBe(404);
	}
	expect((await post(id, { kind: 'view', slot: 0 })).data).toMatchObject({ ignored: [] });
	expect(await ask(loadResult, { params })).toEqual({ status: 303, location: `/sessions/${id}` });
	expect(sent).not.toContain(HIDDEN);
	expect((await post(id, { kind: 'finish' })).status).toBe(200);
	expect(await ask(sessionPage.load, { params })).toEqual({
		...{ status: 303, location: `/sessions/${id}/result` },
	});
	expect((await ask(loadResult, { params })).data).toMatchObject({
		...{ result: { score: { correct: 0, scored: 6, unscored: 1 } }, slot: null },
	});
	expect((await ask(loadResult, { params, path: '/?q=7' })).data).toMatchObject({
		slot: { position: 6, feedback: { mark: { correct: false } } },
	});
	expect(sent).toContain(HIDDEN);
	expect((await ask(examsPage.load)).data).toMatchObject({ history: [{ id }] });
});

test('forms that are not understood say so, and leave no guest behind', async () => {
	const start = (form: Record<string, string>) => ask(practicePage.actions['start'], { form });
	expect(await start({ ...PRACTICE, count: '0', source: 'all' })).toMatchObject({
		...{ status: 400, data: { fields: { count: expect.anything(), source: expect.anything() } } },
	});
	expect((await start({ ...PRACTICE, outline: 'nothing' })).status).toBe(404);
	expect(server.db.query.user.findMany().sync()).toEqual([]);
	expect((await start({ ...PRACTICE, source: 'missed' })).status).toBe(400);
	expect((await start({ ...PRACTICE, source: 'own:nothing' })).status).toBe(404);
	const tooLong = { ...MOCK, scored: '200' };
	expect(await ask(examsPage.actions['start'], { form: tooLong })).toMatchObject({
		...{ status: 400, data: { message: expect.stringMatching(/Section/) } },
	});
});

test('the outline of the last session is the one that pages show', async () => {
	await begin(PRACTICE, practicePage);
	expect(server.db.query.studyGoal.findMany().sync()).toMatchObject([
		{ outline: OUTLINE, examDate: null },
	]);
	expect((await ask(practicePage.load, { path: '/?outline=nothing' })).data).toMatchObject({
		...{ outline: OUTLINE, counts: { unseen: 25 }, open: [{ mode: 'practice' }] },
	});
});

test('a ticket question leads to its ticket', async () => {
	const id = await begin({ ...PRACTICE, labs: 'on' }, practicePage);
	const slots = server.db.query.examSlot.findMany().sync();
	const position = slots.find(({ itemId }) => itemId === 'TE-item-9000')?.position;
	const lab = (slot: string) => ask(sessionPage.actions['lab'], { params: { id }, form: { slot } });
	const first = await lab(String(position));
	expect(first.location).toMatch(/^\/attempts\//);
	expect(await lab(String(position))).toEqual(first);
	expect((await lab('nothing')).status).toBe(404);
});

test('somebody else’s session is 404 everywhere, and 401 or the sign-in page without a session', async () => {
	const id = await begin(MOCK, examsPage);
	const params = { id, n: '0' };
	jar = new CookieJar();
	for (const handler of [sessionPage.load, loadResult, sessionPage.actions['lab']]) {
		const answer = await ask(handler, { params, form: { slot: '0' } });
		expect(answer).toEqual({ status: 303, location: '/sign-in' });
	}
	expect((await ask(getSlot, { params })).status).toBe(401);
	expect((await post(id, { kind: 'finish' })).status).toBe(401);
	await begin(MOCK, examsPage);
	for (const handler of [sessionPage.load, loadResult, getSlot, sessionPage.actions['lab']]) {
		expect((await ask(handler, { params, form: { slot: '0' } })).status).toBe(404);
	}
	expect((await post(id, { kind: 'finish' })).status).toBe(404);
});

test('steps are JSON, and others are described', async () => {
	const id = await begin(MOCK, examsPage);
	expect((await ask(postSteps, { params: { id }, form: { a: 'b' } })).status).toBe(415);
	expect(await post(id, { kind: 'explode' })).toMatchObject({
		...{ status: 400, data: { error: 'invalid', issues: [{ path: 'steps.0.body.kind' }] } },
	});
});

test('a new process over the same file goes on where the last one was killed', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'exams-'));
	try {
		const databaseUrl = join(folder, 'test.db');
		server = openTestApp({ databaseUrl });
		const id = await begin(PRACTICE, practicePage);
		const params = { id, n: '1' };
		const before = await ask(getSlot, { params });
		await post(id, { kind: 'note', slot: 1, text: 'kept' });
		server.close();
		server = openTestApp({ databaseUrl });
		const after = await ask(getSlot, { params });
		expect(after.data).toEqual({ ...(before.data as object), note: 'kept' });
		server.close();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
