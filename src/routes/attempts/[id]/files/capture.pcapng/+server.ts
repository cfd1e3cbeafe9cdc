import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import { streamPieces } from '#lib/server/stream-pieces.ts';
import type { RequestHandler } from './$types';

/** Downloads what the trainee's own machine has sent and received, made while it is sent. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const user = requireUserOfRequest(locals);
	const pieces = await orHttpError(locals.app.attempts.capture(user.id, params.id));
	return new Response(streamPieces(pieces), {
		headers: {
			'content-type': 'application/vnd.tcpdump.pcap',
			'content-disposition': 'attachment; filename="desk.pcapng"',
			'cache-control': 'private, no-store',
		},
	});
};
