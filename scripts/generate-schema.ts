/**
 * Writes the JSON Schemas of scenario and hospital files to `static/schemas/`, where editors find them.
 * Run it with `npm run schema` after a change of a schema, a fault, a check or a device kind; a test compares
 * the committed files with what this program would write.
 */
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { hospitalJsonSchema, scenarioJsonSchema } from '#lib/lab/json-schema.ts';

const TARGET = new URL('../static/schemas/', import.meta.url);

/** The text of each generated file by its name. Pure: the same code gives the same text. */
export function generateSchemas(): Map<string, string> {
	return new Map(
		[
			['hospital.schema.json', hospitalJsonSchema()] as const,
			['scenario.schema.json', scenarioJsonSchema()] as const,
		].map(([name, schema]) => [name, `${JSON.stringify(schema, null, '\t')}\n`]),
	);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
	for (const [name, text] of generateSchemas()) writeFileSync(new URL(name, TARGET), text);
}
