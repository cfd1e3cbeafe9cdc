import { setProgressGoal } from '#lib/server/exams/progress-goal.ts';
import type { ProgressPage } from '#lib/ui/exam-data.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }): ProgressPage =>
	locals.app.progress.page(locals.user?.id ?? null, url.searchParams.get('outline'));

export const actions: Actions = {
	goal: (event) => setProgressGoal(event, event.locals.app.progress),
};
