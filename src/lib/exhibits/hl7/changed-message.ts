import { setAt } from '#lib/protocol/hl7/access.ts';
import type { Er7FieldData } from '#lib/protocol/hl7/build.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { parsePath } from '#lib/protocol/hl7/path.ts';
import { z } from 'zod';
import type { ExhibitProblem } from '../define-exhibit.ts';
import { makeMessage, MESSAGES } from './make-message.ts';

const path = z.string().superRefine((text, context) => {
	const parsed = parsePath(text);
	if ('error' in parsed) context.addIssue({ code: 'custom', message: parsed.error });
});

/** The parameters of the kinds that show a message. */
export const messageParameters = z.strictObject({
	message: z.enum(MESSAGES),
	set: z.record(path, z.union([z.string(), z.number()])).optional(),
	remove: z
		.array(z.string().regex(/^[A-Z][A-Z0-9]{2}$/, 'write the name of a segment, such as PV1'))
		.max(10)
		.optional(),
});

export type MessageParameters = z.infer<typeof messageParameters>;

/**
 * The message with segments removed and values set. A value for a whole field may be written with the
 * delimiters of its components; a value for a component is one text.
 */
export function changedMessage(
	{ message: name, set, remove = [] }: MessageParameters,
	seed: string,
): Er7Message | ExhibitProblem {
	let message = makeMessage(name, seed);
	const unknown = remove.find((id) => !message.segments.some((segment) => segment.id === id));
	if (unknown !== undefined || remove.includes('MSH')) {
		return { problem: `${name} has no segment ${unknown ?? 'MSH'} that could be removed` };
	}
	const segments = message.segments.filter(({ id }) => !remove.includes(id));
	message = { ...message, segments };
	for (const [place, value] of Object.entries(set ?? {})) {
		const changed = setAt(message, place, dataOf(place, String(value)));
		if ('error' in changed) return { problem: changed.error.text };
		message = changed.message;
	}
	return message;
}

/** A value for a component is one text; one for a field or repetition is divided at the usual delimiters. */
function dataOf(place: string, text: string): Er7FieldData {
	if (text === '""') return null;
	if (place.includes('.')) return text;
	const components = (part: string) => part.split('^').map((component) => component.split('&'));
	if (place.endsWith(']')) return components(text);
	return text.split('~').map(components);
}
