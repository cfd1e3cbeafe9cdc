import { requireUser } from '#lib/server/guards.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const attempts = await locals.app.catalogue.attempts(requireUser(locals).id);
	return { attemptCount: attempts.length };
};
