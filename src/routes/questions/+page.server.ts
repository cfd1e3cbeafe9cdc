import { orHttpError, requireUser } from '#lib/server/guards.ts';
import { importOwnBank } from '#lib/server/exams/own-banks-import.ts';
import type { OwnBank } from '#lib/ui/exam-data.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }): { banks: OwnBank[] } => ({
	banks: locals.user ? locals.app.ownBanks.page(locals.user.id) : [],
});

export const actions: Actions = {
	import: importOwnBank,
	delete: async ({ locals, request }) => {
		const user = requireUser(locals);
		const bank = (await request.formData()).get('bank');
		const id = typeof bank === 'string' ? bank : '';
		await orHttpError((async () => locals.app.ownBanks.delete(user.id, id))());
	},
};
