import { startAttempt } from '#lib/server/attempts/start-attempt.ts';
import type { LabCard } from '#lib/ui/page-data.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }): Promise<{ labs: LabCard[] }> => ({
	labs: await locals.app.catalogue.scenarios(locals.user?.id ?? null),
});

export const actions: Actions = {
	start: async (event) => {
		const form = await event.request.formData();
		return startAttempt(event, form.get('scenario'));
	},
};
