import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { createGuest } from '../auth/accounts.ts';
import { setSessionCookie } from '../auth/session-cookie.ts';
import { refuse, refuseTooMany } from '../forms.ts';
import { orHttpError } from '../guards.ts';

/**
 * Begins an attempt for whoever asks, as a guest when nobody is signed in, and leads to its workbench.
 * Returns only when that is refused.
 */
export async function startAttempt(event: RequestEvent, scenarioId: unknown) {
	const { app } = event.locals;
	if (typeof scenarioId !== 'string' || scenarioId === '') {
		return refuse(400, { message: 'Please choose a ticket.' });
	}
	let { user } = event.locals;
	if (!user) {
		const allowance = app.limits.guests.take(event.getClientAddress());
		if (!allowance.allowed) return refuseTooMany(allowance.retryAfterSeconds);
		if (!app.catalogue.has(scenarioId)) {
			// Otherwise a mistyped form would leave a guest behind who has nothing.
			return refuse(404, { message: 'There is no such ticket.' });
		}
		const guest = await createGuest(app.db);
		setSessionCookie(event.cookies, event.url, guest.session);
		user = guest.user;
	}
	const started = await orHttpError(app.attempts.start(user.id, scenarioId));
	if (started.kind === 'too-many') return refuse(429, { message: started.message });
	redirect(303, `/attempts/${started.attemptId}`);
}
