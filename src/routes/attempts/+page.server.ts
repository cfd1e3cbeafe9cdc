import { requireUser } from '#lib/server/guards.ts';
import type { AttemptSummary } from '#lib/ui/page-data.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({
	locals,
}): Promise<{ attempts: AttemptSummary[] }> => ({
	attempts: await locals.app.catalogue.attempts(requireUser(locals).id),
});
