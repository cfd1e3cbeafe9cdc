import { json } from '@sveltejs/kit';
import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import type { RequestHandler } from './$types';

/** Appends steps. Only JSON is read, so that no form of another site can get here. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	const user = requireUserOfRequest(locals);
	if (request.headers.get('content-type')?.split(';')[0]?.trim() !== 'application/json') {
		return json({ error: 'invalid', message: 'Send JSON.', issues: [] }, { status: 415 });
	}
	const body: unknown = await request.json().catch(() => undefined);
	const outcome = await orHttpError(locals.app.sessions.append(user.id, params.id, body));
	switch (outcome.kind) {
		case 'done':
			return json(outcome.response);
		case 'invalid': {
			const { message, issues } = outcome;
			return json({ error: 'invalid', message, issues }, { status: 400 });
		}
		case 'too-many': {
			const { message, retryAfterSeconds } = outcome;
			return json(
				{ error: 'too-many', message, retryAfterSeconds },
				{ status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
			);
		}
	}
};
