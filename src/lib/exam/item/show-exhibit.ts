import { z } from 'zod';
import type { Exhibit, ExhibitContent, MadeExhibit } from './exhibit.ts';
import type { ExhibitRequest } from './item-schema.ts';
import { Unmakeable } from './unmakeable.ts';

/** Fills one text of the item, at the place `keys`. */
export type Fill = (text: string, keys: readonly PropertyKey[]) => string;

/**
 * `faulty: true` states that the text breaks the rules of its own format on purpose, because the question is
 * about that.
 */
const textParameters = z.strictObject({
	text: z.string().min(1).max(20_000),
	faulty: z.boolean().optional(),
});

const tableParameters = z.strictObject({
	columns: z.array(z.string()).min(1).max(12),
	rows: z
		.array(z.array(z.union([z.string(), z.number()])))
		.min(1)
		.max(60),
	faulty: z.boolean().optional(),
});

/** An exhibit with its caption, as the page shows it. `made` is what the simulator made of it, if it did. */
export function shownExhibit(
	request: ExhibitRequest,
	made: MadeExhibit | undefined,
	fill: Fill,
	keys: readonly PropertyKey[],
): Exhibit {
	const { id, kind } = request;
	const caption = fill(request.caption, [...keys, 'caption']);
	const alt = fill(request.alt, [...keys, 'alt']);
	const content = made?.content ?? handWritten(request, fill, [...keys, 'with']);
	return { id, kind, caption, alt, ...content };
}

function handWritten(
	request: ExhibitRequest,
	fill: Fill,
	keys: readonly PropertyKey[],
): ExhibitContent {
	if (request.kind === 'text') {
		const { text } = checked(textParameters, request.with, keys);
		return { form: 'text', text: fill(text, [...keys, 'text']) };
	}
	const { columns, rows } = checked(tableParameters, request.with, keys);
	if (rows.some((row) => row.length !== columns.length)) {
		throw new Unmakeable([...keys, 'rows'], `each row needs ${columns.length} cells`);
	}
	return {
		form: 'table',
		columns: columns.map((column, i) => fill(column, [...keys, 'columns', i])),
		rows: rows.map((row, r) => row.map((cell, c) => fill(String(cell), [...keys, 'rows', r, c]))),
	};
}

function checked<T>(schema: z.ZodType<T>, data: unknown, keys: readonly PropertyKey[]): T {
	const result = schema.safeParse(data);
	if (result.success) return result.data;
	const issue = result.error.issues[0];
	throw new Unmakeable([...keys, ...(issue?.path ?? [])], issue?.message ?? 'wrong parameters');
}
