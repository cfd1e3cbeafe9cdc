import type { AttemptSummary, LabCard } from '#lib/ui/page-data.ts';
import type { PageServerLoad } from './$types';

const FEATURED = 3;

export const load: PageServerLoad = async ({
	locals,
}): Promise<{ labs: LabCard[]; resume: AttemptSummary | null }> => {
	const { app, user } = locals;
	const labs = await app.catalogue.scenarios(user?.id ?? null);
	return {
		// What one has not solved yet comes first; the catalogue's order decides among those.
		labs: [...labs.filter((lab) => !lab.best), ...labs.filter((lab) => lab.best)].slice(
			0,
			FEATURED,
		),
		resume: user ? await app.catalogue.resumable(user.id) : null,
	};
};
