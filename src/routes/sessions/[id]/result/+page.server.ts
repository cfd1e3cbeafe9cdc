import { error, redirect } from '@sveltejs/kit';
import { orHttpError, requireUser } from '#lib/server/guards.ts';
import { positionOf } from '#lib/server/exams/position.ts';
import type { SlotView } from '#lib/ui/exam-data.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const user = requireUser(locals);
	const { sessions } = locals.app;
	const result = await orHttpError(sessions.result(user.id, params.id));
	if (!result) redirect(303, `/sessions/${params.id}`);
	const asked = url.searchParams.get('q');
	let slot: SlotView | null = null;
	if (asked !== null) {
		// People count questions from 1.
		const position = positionOf(asked, 1);
		const found = await orHttpError(sessions.slot(user.id, params.id, position));
		if (found.kind === 'too-many') error(429, found.message);
		if (found.kind === 'slot') slot = found.slot;
	}
	return { result, slot };
};
