import type { Cookies } from '@sveltejs/kit';
import type { NewSession } from './accounts.ts';

const NAME = 'session';

export function readSessionCookie(cookies: Cookies): string | undefined {
	return cookies.get(NAME);
}

/**
 * Gives the browser its session token. `secure` only on https: a classroom server on plain http could
 * not sign anybody in otherwise.
 */
export function setSessionCookie(cookies: Cookies, url: URL, session: NewSession): void {
	cookies.set(NAME, session.token, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		expires: session.expiresAt,
	});
}

export function deleteSessionCookie(cookies: Cookies, url: URL): void {
	cookies.delete(NAME, { path: '/', secure: url.protocol === 'https:' });
}
