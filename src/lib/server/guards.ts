import { error, redirect } from '@sveltejs/kit';
import { AttemptUnavailable, NotFound } from './attempts/errors.ts';
import type { SessionUser } from './auth/session.ts';
import { QuestionUnavailable } from './exams/errors.ts';

/** The user behind a page request; visitors without a session are sent to the sign-in page. */
export function requireUser(locals: App.Locals): SessionUser {
	if (!locals.user) redirect(303, '/sign-in');
	return locals.user;
}

/** The user behind a request by a script or for a file, which a redirect would not help. */
export function requireUserOfRequest(locals: App.Locals): SessionUser {
	if (!locals.user) error(401, 'Your session has ended. Please sign in again.');
	return locals.user;
}

/** Turns the services' typed errors into answers of HTTP; everything else is unexpected. */
export async function orHttpError<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (cause) {
		if (cause instanceof NotFound) error(404, cause.message);
		if (cause instanceof AttemptUnavailable || cause instanceof QuestionUnavailable) {
			error(410, cause.message);
		}
		throw cause;
	}
}
