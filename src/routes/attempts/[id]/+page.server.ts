import { redirect } from '@sveltejs/kit';
import { orHttpError, requireUser } from '#lib/server/guards.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const user = requireUser(locals);
	const view = await orHttpError(locals.app.attempts.view(user.id, params.id));
	if (!view) redirect(303, `/attempts/${params.id}/debrief`);
	return { attemptId: params.id, view };
};
