import { json } from '@sveltejs/kit';
import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import { positionOf } from '#lib/server/exams/position.ts';
import type { RequestHandler } from './$types';

/** One slot, counted from 0. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const user = requireUserOfRequest(locals);
	const position = positionOf(params.n, 0);
	const found = await orHttpError(locals.app.sessions.slot(user.id, params.id, position));
	switch (found.kind) {
		case 'slot':
			return json(found.slot);
		case 'no-way-back':
			return json({ error: found.kind, message: found.message }, { status: 409 });
		case 'too-many': {
			const { message, retryAfterSeconds } = found;
			return json(
				{ error: 'too-many', message, retryAfterSeconds },
				{ status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
			);
		}
	}
};
