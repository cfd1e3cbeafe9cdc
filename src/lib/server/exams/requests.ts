import { z } from 'zod';

/** What the forms that begin sessions and set goals may hold. */

const outline = z.string().min(1).max(80);
const accommodation = z.enum(['1', '1.25', '1.5', '2', 'untimed']).default('1');
/** A box of a form: `on` or absent. */
const box = z
	.enum(['on', ''])
	.default('')
	.transform((value) => value === 'on');

const practiceSchema = z.object({
	/** Not needed for own questions. */
	outline: outline.default(''),
	source: z.union([
		z.enum(['unseen', 'missed', 'flagged', 'any', 'due', 'placement']),
		z.templateLiteral(['own:', z.string().min(1).max(80)]),
	]),
	sections: z.array(z.string().min(1).max(20)).max(50),
	count: z.coerce.number().int().min(1).max(100).default(20),
	feedback: z.enum(['at-once', 'at-end']).default('at-once'),
	timed: box,
	certainty: box,
	/** Whether questions that are answered in a lab may be among them. */
	labs: box,
	accommodation,
});

export type PracticeRequest = z.infer<typeof practiceSchema>;

const mockSchema = z.object({
	outline,
	scored: z.coerce.number().int().min(1).max(300),
	unscored: z.coerce.number().int().min(0).max(100).default(0),
	minutes: z.coerce.number().int().min(1).max(600),
	accommodation,
});

export type MockRequest = z.infer<typeof mockSchema>;

const goalSchema = z.object({
	outline,
	/** Empty: no date is set. */
	examDate: z.union([z.literal(''), z.iso.date()]).default(''),
});

export type GoalRequest = z.infer<typeof goalSchema>;

type Read<T> = { data: T } | { fields: Record<string, string> };

export function readPracticeForm(form: FormData): Read<PracticeRequest> {
	return read(practiceSchema, { ...textsOf(form), sections: form.getAll('sections') });
}

export function readMockForm(form: FormData): Read<MockRequest> {
	return read(mockSchema, textsOf(form));
}

export function readGoalForm(form: FormData): Read<GoalRequest> {
	return read(goalSchema, textsOf(form));
}

function textsOf(form: FormData): Record<string, string> {
	const texts = [...form].filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string',
	);
	return Object.fromEntries(texts);
}

function read<S extends z.ZodObject>(schema: S, values: object): Read<z.output<S>> {
	const parsed = schema.safeParse(values);
	if (parsed.success) return { data: parsed.data };
	const fields: Record<string, string> = {};
	for (const { path, message } of parsed.error.issues) fields[String(path[0])] ??= message;
	return { fields };
}
