import { readPracticeForm } from '#lib/server/exams/requests.ts';
import { startSession } from '#lib/server/exams/start-session.ts';
import type { PracticePage } from '#lib/ui/exam-data.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }): PracticePage =>
	locals.app.exams.practice(locals.user?.id ?? null, url.searchParams.get('outline'));

export const actions: Actions = {
	start: (event) =>
		startSession(event, readPracticeForm, (userId, request) =>
			event.locals.app.sessions.startPractice(userId, request),
		),
};
