import type { ActionConflict, ActionRequest, ActionResponse } from '../page-data.ts';

/** How one try to post an action ended. */
export type Reply =
	| { kind: 'done'; response: ActionResponse }
	| { kind: 'conflict'; conflict: ActionConflict }
	/** The act itself is not acceptable; trying again would not help. */
	| { kind: 'invalid'; message: string }
	/** The attempt is not reachable any more: signed out, deleted or closed elsewhere. */
	| { kind: 'gone'; message: string }
	/** It may work a moment later, with the same key. */
	| { kind: 'later'; message: string; waitSeconds?: number };

export type Transport = (request: ActionRequest) => Promise<Reply>;

const TIMEOUT_MS = 30_000;

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
	try {
		const body: unknown = await response.json();
		return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** A transport that posts to the attempt's endpoint. It never throws: every failure is a `Reply`. */
export function postTo(url: string): Transport {
	return async (request) => {
		let response: Response;
		try {
			response = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(request),
				signal: AbortSignal.timeout(TIMEOUT_MS),
			});
		} catch {
			return { kind: 'later', message: 'The hospital could not be reached.' };
		}
		const body = await bodyOf(response);
		const message = typeof body['message'] === 'string' ? body['message'] : undefined;
		// The endpoint is part of the same program; its bodies have the shape of page-data.ts.
		if (response.status === 200 && 'entry' in body) {
			return { kind: 'done', response: body as unknown as ActionResponse };
		}
		if (response.status === 409 && 'view' in body) {
			return { kind: 'conflict', conflict: body as unknown as ActionConflict };
		}
		if (response.status === 400) {
			return { kind: 'invalid', message: message ?? 'This was not understood. Nothing was done.' };
		}
		if (response.status === 401 || response.status === 403 || response.status === 404) {
			return {
				kind: 'gone',
				message:
					message ??
					'This attempt cannot be reached any more. Sign in again, or open it from My attempts.',
			};
		}
		if (response.status === 429) {
			const wait = Number(body['retryAfterSeconds']);
			return {
				kind: 'later',
				message: message ?? 'Too many actions in a short time.',
				...(wait > 0 ? { waitSeconds: Math.ceil(wait) } : {}),
			};
		}
		return { kind: 'later', message: message ?? `The server answered ${response.status}.` };
	};
}
