import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { createGuest } from '../auth/accounts.ts';
import { setSessionCookie } from '../auth/session-cookie.ts';
import { refuse, refuseTooMany } from '../forms.ts';
import { orHttpError } from '../guards.ts';
import type { StartOutcome } from './session-starter.ts';

const CHECK = 'Please check the marked fields.';

type Read<T> = { data: T } | { fields: Record<string, string> };

/**
 * Begins a session for whoever asks, as a guest when nobody is signed in, and leads to it. Returns only when
 * that is refused.
 */
export async function startSession<T extends { outline: string }>(
	event: RequestEvent,
	read: (form: FormData) => Read<T>,
	begin: (userId: string, request: T) => StartOutcome,
) {
	const { app } = event.locals;
	const form = read(await event.request.formData());
	if ('fields' in form) return refuse(400, { message: CHECK, fields: form.fields });
	let { user } = event.locals;
	if (!user) {
		// Otherwise a mistyped form would leave a guest behind who has nothing.
		if (!app.exams.hasExam(form.data.outline)) {
			return refuse(404, { message: 'There is no such exam.' });
		}
		const allowance = app.limits.guests.take(event.getClientAddress());
		if (!allowance.allowed) return refuseTooMany(allowance.retryAfterSeconds);
		const guest = await createGuest(app.db);
		setSessionCookie(event.cookies, event.url, guest.session);
		user = guest.user;
	}
	const { id } = user;
	const started = await orHttpError((async () => begin(id, form.data))());
	if (started.kind === 'refused') return refuse(400, { message: started.message });
	if (started.kind === 'too-many') return refuseTooMany(started.retryAfterSeconds);
	redirect(303, `/sessions/${started.sessionId}`);
}
