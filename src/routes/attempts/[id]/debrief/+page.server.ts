import { error, redirect } from '@sveltejs/kit';
import { startAttempt } from '#lib/server/attempts/start-attempt.ts';
import { orHttpError, requireUser } from '#lib/server/guards.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const user = requireUser(locals);
	const found = await orHttpError(locals.app.attempts.debrief(user.id, params.id));
	if (!found) redirect(303, `/attempts/${params.id}`);
	return { attemptId: params.id, ...found };
};

export const actions: Actions = {
	again: async (event) => {
		const user = requireUser(event.locals);
		const found = await orHttpError(event.locals.app.attempts.debrief(user.id, event.params.id));
		if (!found) error(409, 'This ticket is still open.');
		return startAttempt(event, found.scenario.id);
	},
};
