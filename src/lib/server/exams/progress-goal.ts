import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { createGuest } from '../auth/accounts.ts';
import { setSessionCookie } from '../auth/session-cookie.ts';
import { refuse, refuseTooMany } from '../forms.ts';
import type { ProgressPages } from './progress.ts';
import { readGoalForm } from './requests.ts';

const CHECK = 'Please check the marked fields.';

/**
 * Sets the date of an exam from a form for whoever asks, as a guest when nobody is signed in, and leads back to
 * the page. Returns only when that is refused.
 */
export async function setProgressGoal(event: RequestEvent, pages: ProgressPages) {
	const { app } = event.locals;
	const form = readGoalForm(await event.request.formData());
	if ('fields' in form) return refuse(400, { message: CHECK, fields: form.fields });
	const objection = pages.objectionToGoal(form.data);
	// Before a guest is made: a mistyped form would leave one behind who has nothing.
	if (objection !== undefined) {
		return refuse(400, { message: objection, fields: { examDate: objection } });
	}
	let { user } = event.locals;
	if (!user) {
		const allowance = app.limits.guests.take(event.getClientAddress());
		if (!allowance.allowed) return refuseTooMany(allowance.retryAfterSeconds);
		const guest = await createGuest(app.db);
		setSessionCookie(event.cookies, event.url, guest.session);
		user = guest.user;
	}
	pages.setGoal(user.id, form.data);
	redirect(303, `/progress?outline=${encodeURIComponent(form.data.outline)}`);
}
