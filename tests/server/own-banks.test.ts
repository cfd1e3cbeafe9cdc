import { isActionFailure, isHttpError, isRedirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, expect, test } from 'vitest';
import type { ImportReport, OwnBank, StepsResponse } from '#lib/ui/exam-data.ts';
import { listCards } from '#lib/server/db/study-store.ts';
import { createGuest, register } from '#lib/server/auth/accounts.ts';
import { validateSessionToken } from '#lib/server/auth/session.ts';
import { importFile } from '#lib/exam/interop/import-file.ts';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import * as practicePage from '../../src/routes/practice/+page.server.ts';
import * as page from '../../src/routes/questions/+page.server.ts';
import { POST as postSteps } from '../../src/routes/sessions/[id]/steps/+server.ts';
import { GET as getExport } from '../../src/routes/questions/[id]/export/+server.ts';

const GIFT = `::Port:: Which TCP port is registered for DICOM? {=104#Yes. ~80#No. ~443#No.}

::Broken:: Never closed {=right ~wrong

::Bits:: How many bits has a byte? {#8:0}
`;

let server: TestApp;
let jar: CookieJar;

beforeEach(() => {
	server = openTestApp();
	jar = new CookieJar();
});

/** What a handler did, as the browser would learn of it. */
async function settle(
	work: () => unknown,
): Promise<{ status: number; data?: unknown; location?: string }> {
	try {
		const result = await work();
		if (isActionFailure(result)) return { status: result.status, data: result.data };
		return { status: 200, data: result };
	} catch (thrown) {
		if (isRedirect(thrown)) return { status: thrown.status, location: thrown.location };
		if (isHttpError(thrown)) return { status: thrown.status, data: thrown.body };
		throw thrown;
	}
}

async function upload(file: Blob | string = GIFT, fields: Record<string, string> = {}) {
	const event = await requestEvent<RequestEvent>(server.app, jar);
	const form = new FormData();
	for (const [name, value] of Object.entries({ title: 'Night quiz', ...fields }))
		form.set(name, value);
	if (file !== 'none') form.set('file', new File([file], 'quiz.gift'));
	const request = new Request('http://localhost:3000/questions', { method: 'POST', body: form });
	return settle(() => page.actions['import']?.({ ...event, request } as never));
}

async function banks(): Promise<OwnBank[]> {
	const event = await requestEvent<Parameters<typeof page.load>[0]>(server.app, jar);
	return ((await page.load(event)) as { banks: OwnBank[] }).banks;
}

async function act(handler: ((event: never) => unknown) | undefined, form: Record<string, string>) {
	const event = await requestEvent<never>(server.app, jar, { form });
	return settle(() => handler?.(event));
}

async function download(id: string, format: string) {
	const path = `/questions/${id}/export?format=${format}`;
	const event = await requestEvent<Parameters<typeof getExport>[0]>(server.app, jar, {
		path,
		params: { id },
	});
	return settle(() => getExport(event));
}

test('a visitor becomes a guest by importing; what is sound is kept, the rest reported', async () => {
	expect(await banks()).toEqual([]);
	const { status, data } = await upload();
	expect(status).toBe(200);
	const { report, kept } = data as { report: ImportReport; kept: { id: string; title: string } };
	expect(report).toMatchObject({
		format: 'GIFT',
		accepted: [
			{ id: 'OW-question-0001', type: 'sba', title: 'Port', line: 1 },
			{ type: 'numeric', title: 'Bits', line: 5 },
		],
		refused: [{ title: 'Broken', line: 3 }],
	});
	expect(kept.title).toBe('Night quiz');
	expect(jar.get('session')).toBeDefined();
	expect(await banks()).toMatchObject([
		{
			...{
				id: kept.id,
				title: 'Night quiz',
				format: 'GIFT',
				createdAt: '2026-03-09T08:00:00.000Z',
			},
			items: [
				{ type: 'sba', title: 'Port' },
				{ type: 'numeric', title: 'Bits' },
			],
		},
	]);
});

test('a file of which nothing can be kept leaves no guest behind', async () => {
	const { status, data } = await upload('Essay? {}');
	expect(status).toBe(200);
	expect(data).toMatchObject({
		kept: null,
		report: { accepted: [], refused: [{ title: 'Essay?' }] },
	});
	expect(jar.get('session')).toBeUndefined();
});

test.each([
	['no title', GIFT, { title: ' ' }, 'name the collection'],
	['no file', 'none', {}, 'choose a file'],
	['an empty file', '', {}, 'not empty'],
	['a large file', 'x'.repeat(2_000_001), {}, 'larger than 2 MB'],
	['an unknown format', GIFT, { format: 'exe' }, 'Invalid option'],
])('a form with %s is refused with a message', async (_, file, fields, message) => {
	const { status, data } = await upload(file, fields);
	expect(status).toBe(400);
	expect((data as { message: string }).message).toContain(message);
	expect(await banks()).toEqual([]);
});

test('imports are limited in rate, and collections in number', async () => {
	// The first one counts for the address of the visitor, the others for the guest.
	for (let i = 0; i < 11; i++) expect((await upload()).status).toBe(200);
	expect((await upload()).status).toBe(429);
	for (let i = 11; i < 40; i++) {
		server.passSeconds(20);
		await upload();
	}
	server.passSeconds(20);
	const { status, data } = await upload();
	expect([status, data]).toEqual([
		409,
		{ message: 'You have 40 collections. Delete one to make room.' },
	]);
	expect(await banks()).toHaveLength(40);
});

test('own questions can be practised by whoever brought them, and by nobody else', async () => {
	await upload('How many bits has a byte? {#8:0}');
	const [bank] = await banks();
	const form = { source: `own:${bank?.id}`, count: '2', feedback: 'at-once' };
	const started = await act(practicePage.actions['start'], form);
	expect(started.status).toBe(303);
	const user = (await validateSessionToken(server.db, jar.get('session') ?? ''))?.user.id ?? '';
	const id = started.location?.split('/').at(-1) ?? '';
	expect(await server.app.sessions.view(user, id)).toMatchObject({
		session: { outline: `own:${bank?.id}`, slots: [{}] },
	});

	const step = (body: object, i: number) => ({ key: `${id}-${i}`.slice(-40), body });
	const steps = [
		{ kind: 'view', slot: 0 },
		{ kind: 'answer', slot: 0, response: { type: 'numeric', text: '8' } },
		{ kind: 'check', slot: 0 },
	].map(step);
	const event = await requestEvent<Parameters<typeof postSteps>[0]>(server.app, jar, {
		...{ params: { id }, json: { steps } },
	});
	const answered = (await postSteps(event)) as Response;
	expect(answered.status).toBe(200);
	const { slots } = (await answered.json()) as StepsResponse;
	const told = slots.map(({ question, feedback }) => [question.type, feedback?.objective.title]);
	expect(told).toEqual([['numeric', 'Your own questions']]);
	expect(listCards(server.db, user)).toEqual([]);

	jar = new CookieJar();
	await upload();
	expect((await act(practicePage.actions['start'], form)).status).toBe(404);
});

test('collections of others can neither be seen, nor downloaded, nor deleted', async () => {
	await upload();
	const [bank] = await banks();
	const id = bank?.id ?? '';
	const owner = jar;
	jar = new CookieJar();
	expect((await download(id, 'gift')).status).toBe(401);
	expect((await act(page.actions['delete'], { bank: id })).status).toBe(303);
	await upload();
	expect((await download(id, 'gift')).status).toBe(404);
	expect((await act(page.actions['delete'], { bank: id })).status).toBe(404);
	expect(await banks()).not.toContainEqual(expect.objectContaining({ id }));
	jar = owner;
	expect((await download(id, 'exe')).status).toBe(400);
	expect((await act(page.actions['delete'], { bank: id })).status).toBe(200);
	expect(await banks()).toEqual([]);
	expect((await act(page.actions['delete'], { bank: id })).status).toBe(404);
});

test.each([
	['gift', 'text/plain; charset=utf-8', 'night-quiz.gift'],
	['moodle-xml', 'application/xml; charset=utf-8', 'night-quiz.xml'],
	['qti3', 'application/zip', 'night-quiz.zip'],
])('downloads as %s hold the questions with keys and reasons', async (format, type, name) => {
	await upload();
	const [bank] = await banks();
	const { data } = await download(bank?.id ?? '', format);
	const response = data as Response;
	expect(response.headers.get('content-type')).toBe(type);
	expect(response.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${name}`);
	const bytes = new Uint8Array(await response.arrayBuffer());
	const options = { name, format: 'auto', objective: 'own.x', created: '2026-11-23' } as const;
	const { accepted, refused } = importFile(bytes, options);
	expect(refused).toEqual([]);
	expect(accepted.map(({ item }) => item.type)).toEqual(['sba', 'numeric']);
	const [port] = accepted;
	const right = port?.item.type === 'sba' ? port.item.options.find(({ correct }) => correct) : null;
	expect(right).toMatchObject({ text: '104', rationale: 'Yes.' });
});

test('a guest who registers or signs in keeps the collections', async () => {
	const guest = await createGuest(server.db);
	jar.set('session', guest.session.token, {});
	await upload();
	const account = { email: 'a@example.org', password: 'correct horse battery', displayName: 'A' };
	const session = await register(server.db, account, guest.user);
	jar.set('session', session?.token ?? '', {});
	expect(await banks()).toHaveLength(1);
});
