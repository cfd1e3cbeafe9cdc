import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import { streamPieces } from '#lib/server/stream-pieces.ts';
import { zipPieces } from '#lib/server/zip-pieces.ts';
import type { RequestHandler } from './$types';

/** Downloads a folder of the trainee's desk as a ZIP archive. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const user = requireUserOfRequest(locals);
	const path = `/${params.path}`;
	const folder = await orHttpError(locals.app.attempts.readFolder(user.id, params.id, path));
	const name = path.slice(path.lastIndexOf('/') + 1);
	return new Response(streamPieces(zipPieces(folder.files, folder.at)), {
		headers: {
			'content-type': 'application/zip',
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}.zip`,
			'cache-control': 'private, no-store',
		},
	});
};
