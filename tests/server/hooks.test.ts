import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, expect, test, vi } from 'vitest';
import { createGuest } from '#lib/server/auth/accounts.ts';
import { handle, handleError } from '../../src/hooks.server.ts';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { openTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const context = vi.hoisted(() => ({ server: undefined as TestApp | undefined }));
vi.mock('#lib/server/context.ts', () => ({ getApp: () => context.server?.app }));

let server: TestApp;
let jar: CookieJar;

beforeEach(() => {
	server = openTestApp();
	context.server = server;
	jar = new CookieJar();
});

async function send(): Promise<{ event: RequestEvent; response: Response }> {
	const event = await requestEvent(server.app, jar);
	event.locals.user = null;
	const response = await handle({ event, resolve: () => new Response('page') });
	return { event, response };
}

test('the session’s user is found, and no cache may show the page to others', async () => {
	const guest = await createGuest(server.db);
	jar.set('session', guest.session.token, {});
	const { event, response } = await send();
	expect(event.locals.user).toEqual(guest.user);
	expect(response.headers.get('cache-control')).toBe('private, no-cache');
});

test('a token that nobody has is taken away', async () => {
	jar.set('session', 'made-up', {});
	const { event } = await send();
	expect(event.locals.user).toBeNull();
	expect(jar.get('session')).toBeUndefined();
});

test('every answer carries the security headers', async () => {
	const { headers } = (await send()).response;
	expect(headers.get('x-content-type-options')).toBe('nosniff');
	expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
	expect(headers.get('permissions-policy')).toContain('camera=()');
});

test('an unexpected error is logged under an id, and only the id leaves the server', async () => {
	const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
	const event = await requestEvent(server.app, jar);
	const error = new Error('table attempt is on fire');
	const shown = await handleError({ error, event, status: 500, message: 'Internal Error' });
	expect(JSON.stringify(shown)).not.toContain('fire');
	const line = String(written.mock.calls[0]?.[0]);
	written.mockRestore();
	expect(line).toContain('fire');
	expect(shown?.id).toBeDefined();
	expect(line).toContain(shown?.id);
});

test.each([
	['/attempts/a/actions', { 'content-length': '3000001' }, 413],
	['/attempts/a/actions', { 'transfer-encoding': 'chunked' }, 411],
	['/attempts/a/actions', { 'content-length': '2000' }, 200],
	['/attempts/a/uploads', { 'content-length': '20000000' }, 200],
	['/attempts/a/uploads/b', { 'content-length': '20000000' }, 413],
])('a large body is read for uploads only: %s %j gives %i', async (path, headers, status) => {
	const event = await requestEvent(server.app, jar, { path, json: {}, headers });
	const response = await handle({ event, resolve: () => new Response('page') });
	expect(response.status).toBe(status);
});
