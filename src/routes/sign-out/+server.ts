import { redirect } from '@sveltejs/kit';
import { deleteSessionCookie, readSessionCookie } from '#lib/server/auth/session-cookie.ts';
import { invalidateSession } from '#lib/server/auth/session.ts';
import type { RequestHandler } from './$types';

/** Ends the session and leads to the start page. */
export const POST: RequestHandler = async ({ cookies, locals, url }) => {
	const token = readSessionCookie(cookies);
	if (token !== undefined) await invalidateSession(locals.app.db, token);
	deleteSessionCookie(cookies, url);
	redirect(303, '/');
};
