import { readMockForm } from '#lib/server/exams/requests.ts';
import { startSession } from '#lib/server/exams/start-session.ts';
import type { ExamsPage } from '#lib/ui/exam-data.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }): ExamsPage =>
	locals.app.exams.exams(locals.user?.id ?? null, url.searchParams.get('outline'));

export const actions: Actions = {
	start: (event) =>
		startSession(event, readMockForm, (userId, request) =>
			event.locals.app.sessions.startMock(userId, request),
		),
};
