import { fail } from '@sveltejs/kit';
import type { ActionFailure } from '@sveltejs/kit';
import type { z } from 'zod';
import type { FormFailure } from '#lib/ui/page-data.ts';

/** Refuses a form with a message for the whole of it. */
export function refuse(status: number, failure: FormFailure): ActionFailure<FormFailure> {
	return fail(status, failure);
}

/** Refuses a form because of a rate limit. */
export function refuseTooMany(
	retryAfterSeconds: number,
	values?: Record<string, string>,
): ActionFailure<FormFailure> {
	const minutes = Math.ceil(retryAfterSeconds / 60);
	const wait = retryAfterSeconds < 60 ? `${retryAfterSeconds} seconds` : `${minutes} minutes`;
	const message = `Too many tries. Please wait ${wait} and try again.`;
	return fail(429, { message, ...(values ? { values } : {}) });
}

/**
 * Reads a form by a schema. On failure `refusal` tells the user what to correct, field by field, and gives
 * back what was typed, except the password.
 */
export async function readForm<S extends z.ZodObject>(
	request: Request,
	schema: S,
): Promise<
	| { data: z.output<S>; values: Record<string, string> }
	| { data?: never; refusal: ActionFailure<FormFailure> }
> {
	const form = await request.formData();
	const texts: Record<string, string> = {};
	for (const name of Object.keys(schema.shape)) {
		const value = form.get(name);
		if (typeof value === 'string') texts[name] = value;
	}
	const { password: _password, ...values } = texts;
	const parsed = schema.safeParse(texts);
	if (parsed.success) return { data: parsed.data, values };
	const fields: Record<string, string> = {};
	for (const issue of parsed.error.issues) fields[String(issue.path[0])] ??= issue.message;
	const message = 'Please check the marked fields.';
	return { refusal: fail(400, { message, fields, values }) };
}
