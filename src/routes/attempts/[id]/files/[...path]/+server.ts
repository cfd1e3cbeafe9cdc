import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import { streamPieces } from '#lib/server/stream-pieces.ts';
import type { RequestHandler } from './$types';

const MEDIA_TYPES: Record<string, string> = {
	dcm: 'application/dicom',
	pcap: 'application/vnd.tcpdump.pcap',
	pcapng: 'application/vnd.tcpdump.pcap',
};

/** Downloads a file from the trainee's desk. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const user = requireUserOfRequest(locals);
	// Paths on the desk are absolute; the address has them without the first slash.
	const path = `/${params.path}`;
	const bytes = await orHttpError(locals.app.attempts.readFile(user.id, params.id, path));
	const name = path.slice(path.lastIndexOf('/') + 1);
	const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
	return new Response(streamPieces([bytes]), {
		headers: {
			'content-type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
			'content-length': String(bytes.byteLength),
			// The same name can stand for another capture after the next action.
			'cache-control': 'private, no-store',
		},
	});
};
