import { error, redirect } from '@sveltejs/kit';
import { refuse, refuseTooMany } from '#lib/server/forms.ts';
import { orHttpError, requireUser } from '#lib/server/guards.ts';
import { positionOf } from '#lib/server/exams/position.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const user = requireUser(locals);
	const asked = url.searchParams.get('q');
	// People count questions from 1.
	const position = asked === null ? undefined : positionOf(asked, 1);
	const found = await orHttpError(locals.app.sessions.view(user.id, params.id, position));
	if (found.kind === 'too-many') error(429, found.message);
	const { session, slot } = found;
	if (session.status === 'finished') redirect(303, `/sessions/${params.id}/result`);
	return { session, slot };
};

export const actions: Actions = {
	lab: async ({ locals, params, request }) => {
		const user = requireUser(locals);
		const form = await request.formData();
		const position = positionOf(String(form.get('slot')), 0);
		const bound = await orHttpError(locals.app.sessions.startLab(user.id, params.id, position));
		if (bound.kind === 'refused') return refuse(409, { message: bound.message });
		if (bound.kind === 'too-many') return refuseTooMany(bound.retryAfterSeconds);
		redirect(303, `/attempts/${bound.attemptId}`);
	},
};
