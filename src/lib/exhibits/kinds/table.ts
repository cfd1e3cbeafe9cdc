import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';

export const table = defineExhibit({
	kind: 'table',
	title: 'Table',
	doc: 'Columns and rows written by hand.',
	parameters: z
		.strictObject({
			columns: z.array(z.string()).min(1).max(12),
			rows: z
				.array(z.array(z.union([z.string(), z.number()])))
				.min(1)
				.max(60),
			faulty: z.boolean().optional(),
		})
		.superRefine(({ columns, rows }, context) => {
			for (const [r, row] of rows.entries()) {
				if (row.length === columns.length) continue;
				context.addIssue({
					code: 'custom',
					path: ['rows', r],
					message: `the row has ${row.length} cells; give it ${columns.length}, one for each column`,
				});
			}
		}),
	make: ({ columns, rows }) => ({
		content: { form: 'table', columns, rows: rows.map((row) => row.map(String)) },
		facts: {},
	}),
});
