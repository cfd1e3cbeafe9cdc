import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { orHttpError, requireUserOfRequest } from '#lib/server/guards.ts';
import type { UploadAnswer } from '#lib/ui/page-data.ts';
import type { RequestHandler } from './$types';

/** Who uploads has to say so: nobody looks at the pixels. */
const querySchema = z.object({ 'without-patient-data': z.literal('yes') });

/**
 * Takes a DICOM file for the desk. The body is the file itself; no form of another site can send that media
 * type. The action `upload` then puts it on the desk under a name.
 */
export const POST: RequestHandler = async ({ locals, params, request, url }) => {
	const user = requireUserOfRequest(locals);
	const refuse = (status: number, message: string) =>
		json({ message } satisfies UploadAnswer, { status });
	if (request.headers.get('content-type') !== 'application/dicom') {
		return refuse(415, 'Send the file itself, as application/dicom.');
	}
	if (!querySchema.safeParse(Object.fromEntries(url.searchParams)).success) {
		return refuse(400, 'Please confirm that the picture shows no patient data.');
	}
	const outcome = await orHttpError(locals.app.uploads.take(user.id, params.id, request));
	switch (outcome.kind) {
		case 'kept': {
			const { digest, sizeBytes } = outcome;
			return json({ digest, sizeBytes } satisfies UploadAnswer);
		}
		case 'refused':
			return refuse(422, outcome.message);
		case 'too-large':
			return refuse(413, outcome.message);
		case 'conflict':
			return refuse(409, outcome.message);
		case 'too-many': {
			const { message, retryAfterSeconds } = outcome;
			return json({ message } satisfies UploadAnswer, {
				status: 429,
				headers: { 'retry-after': String(retryAfterSeconds) },
			});
		}
	}
};
