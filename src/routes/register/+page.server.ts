import { redirect } from '@sveltejs/kit';
import { register } from '#lib/server/auth/accounts.ts';
import { registerSchema } from '#lib/server/auth/credentials.ts';
import { setSessionCookie } from '#lib/server/auth/session-cookie.ts';
import { readForm, refuse, refuseTooMany } from '#lib/server/forms.ts';
import { takeForCredentials } from '#lib/server/rate-limit.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	if (locals.user && locals.user.role !== 'guest') redirect(303, '/account');
};

export const actions: Actions = {
	default: async ({ cookies, getClientAddress, locals, request, url }) => {
		const { db, limits } = locals.app;
		const form = await readForm(request, registerSchema);
		if (!form.data) return form.refusal;
		const allowance = takeForCredentials(limits, getClientAddress(), form.data.email);
		if (!allowance.allowed) return refuseTooMany(allowance.retryAfterSeconds, form.values);
		const session = await register(db, form.data, locals.user);
		if (!session) {
			const email = 'There is an account with this e-mail address already. Please sign in.';
			return refuse(400, { message: email, fields: { email }, values: form.values });
		}
		setSessionCookie(cookies, url, session);
		redirect(303, '/account');
	},
};
