import { error } from '@sveltejs/kit';
import { EXPORT_FORMATS } from '#lib/exam/interop/export-items.ts';
import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import type { RequestHandler } from './$types';

/** Downloads a collection in a format of other programs. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const user = requireUserOfRequest(locals);
	const wanted = url.searchParams.get('format');
	const format = EXPORT_FORMATS.find((one) => one === wanted);
	if (!format) error(400, `There is no such format. Known: ${EXPORT_FORMATS.join(', ')}.`);
	const { bytes, mediaType, name } = await orHttpError(
		(async () => locals.app.ownBanks.export(user.id, params.id, format))(),
	);
	return new Response(new Uint8Array(bytes), {
		headers: {
			'content-type': mediaType,
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
			'content-length': String(bytes.byteLength),
			'cache-control': 'private, no-store',
			'x-content-type-options': 'nosniff',
		},
	});
};
