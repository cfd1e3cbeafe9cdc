import { building } from '$app/environment';
import type { Handle, HandleServerError, RequestEvent, ServerInit } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import {
	deleteSessionCookie,
	readSessionCookie,
	setSessionCookie,
} from '#lib/server/auth/session-cookie.ts';
import { validateSessionToken } from '#lib/server/auth/session.ts';
import { getApp } from '#lib/server/context.ts';
import { logWarning } from '#lib/server/log.ts';

/** Beside these, Kit sends the content security policy of svelte.config.js. */
const SECURITY_HEADERS = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'strict-origin-when-cross-origin',
	'cross-origin-opener-policy': 'same-origin',
	'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Imported question files may have 2 MB; only uploads are larger and limited by their own endpoint. */
const BODY_BYTES_MAX = 3_000_000;
const UPLOADS = /^\/attempts\/[^/]+\/uploads$/;

/** Browsers say how long a body is; one that is too long, or does not say, is not read at all. */
function refusedBody({ request, url }: RequestEvent): Response | undefined {
	if (UPLOADS.test(url.pathname)) return undefined;
	if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
		return new Response('The request is too large.', { status: 413 });
	}
	return request.headers.has('transfer-encoding')
		? new Response('The request must say how long it is.', { status: 411 })
		: undefined;
}

export const init: ServerInit = () => {
	// The build imports the server's modules to analyse them; it must not create a database.
	if (!building) getApp();
};

export const handle: Handle = async ({ event, resolve }) => {
	const app = getApp();
	event.locals.app = app;
	event.locals.user = null;
	const token = readSessionCookie(event.cookies);
	if (token !== undefined) {
		const session = await validateSessionToken(app.db, token);
		if (!session) {
			deleteSessionCookie(event.cookies, event.url);
		} else {
			event.locals.user = session.user;
			if (session.renewed) {
				setSessionCookie(event.cookies, event.url, { token, expiresAt: session.expiresAt });
			}
		}
	}
	const response = refusedBody(event) ?? (await resolve(event));
	for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
	// Every page says who is signed in; none may be shown to somebody else out of a cache.
	if (!response.headers.has('cache-control')) {
		response.headers.set('cache-control', 'private, no-cache');
	}
	return response;
};

export const handleError: HandleServerError = ({ error, event, status, message }) => {
	if (status < 500) return { message };
	const id = randomUUID();
	logWarning({
		kind: 'unexpected-error',
		message: error instanceof Error ? (error.stack ?? error.message) : String(error),
		id,
		method: event.request.method,
		path: event.url.pathname,
	});
	return { message: 'Something went wrong on our side. Nothing you did is lost.', id };
};
