import { fail } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { FORMATS } from '#lib/exam/interop/draft.ts';
import { LIMITS } from '#lib/exam/interop/limits.ts';
import type { ImportReport } from '#lib/ui/exam-data.ts';
import { createGuest } from '../auth/accounts.ts';
import { setSessionCookie } from '../auth/session-cookie.ts';
import { refuse, refuseTooMany } from '../forms.ts';
import type { ReadBank } from './own-banks.ts';

const formSchema = z.object({
	title: z.string().trim().min(1, 'Please name the collection.').max(80),
	format: z.enum(['auto', ...FORMATS]).default('auto'),
	file: z
		.instanceof(File, { message: 'Please choose a file.' })
		.refine(({ size }) => size > 0, 'Please choose a file that is not empty.')
		.refine(
			({ size }) => size <= LIMITS.fileBytes,
			`The file is larger than ${LIMITS.fileBytes / 1e6} MB.`,
		),
});

/**
 * Reads the file of a form and keeps what can be taken over. Visitors become guests, but not for a file of which
 * nothing can be kept.
 */
export async function importOwnBank(event: RequestEvent) {
	const { app, user } = event.locals;
	const address = event.getClientAddress();
	const allowance = app.limits.imports.take(user?.id ?? address);
	if (!allowance.allowed) return refuseTooMany(allowance.retryAfterSeconds);
	const form = formSchema.safeParse(Object.fromEntries(await event.request.formData()));
	if (!form.success) {
		return refuse(400, { message: form.error.issues[0]?.message ?? 'Please check the form.' });
	}
	const { title, format, file } = form.data;
	const bytes = new Uint8Array(await file.arrayBuffer());
	const read = app.ownBanks.read(bytes, { name: file.name, format });
	const report = reportOf(read);
	if (report.accepted.length === 0) return { report, kept: null };
	let userId = user?.id;
	if (userId === undefined) {
		const guests = app.limits.guests.take(address);
		if (!guests.allowed) return refuseTooMany(guests.retryAfterSeconds);
		const guest = await createGuest(app.db);
		setSessionCookie(event.cookies, event.url, guest.session);
		userId = guest.user.id;
		// The page that follows is loaded for the same event.
		event.locals.user = guest.user;
	}
	const outcome = app.ownBanks.keep(userId, read, title);
	if ('refused' in outcome) return fail(409, { message: outcome.refused });
	return { report, kept: outcome.kept };
}

function reportOf({ format, imported }: ReadBank): ImportReport {
	return {
		format,
		accepted: imported.accepted.map(({ item, title, line, notes }) => {
			return { id: item.id, type: item.type, title, line, notes };
		}),
		refused: imported.refused,
	};
}
