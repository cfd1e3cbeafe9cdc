import { json } from '@sveltejs/kit';
import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import type { ActionConflict, ActionResponse } from '#lib/ui/page-data.ts';
import type { RequestHandler } from './$types';

/** Carries out one action. Only JSON is read, so that no form of another site can get here. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	const user = requireUserOfRequest(locals);
	if (request.headers.get('content-type')?.split(';')[0]?.trim() !== 'application/json') {
		return json({ error: 'invalid', message: 'Send JSON.', issues: [] }, { status: 415 });
	}
	const body: unknown = await request.json().catch(() => undefined);
	const outcome = await orHttpError(locals.app.attempts.perform(user.id, params.id, body));
	switch (outcome.kind) {
		case 'done': {
			const { entry, view } = outcome;
			return json({ entry, view } satisfies ActionResponse);
		}
		case 'conflict': {
			const { message, view } = outcome;
			const answer: ActionConflict = { error: 'conflict', message, view };
			return json(answer, { status: 409 });
		}
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
