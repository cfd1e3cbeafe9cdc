import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, exportItems } from '#lib/exam/interop/export-items.ts';
import { openExamContent } from '#lib/server/content/exam-content.ts';
import { readContent } from './read-content.ts';

/** Writes the live items of the bank, keys included, as a file for other programs. */

const SEEDS_DEFAULT = 3;
const SEEDS_MAX = 40;
const USAGE = `npm run export-bank -- --format ${EXPORT_FORMATS.join('|')} --out file [--outline id] [--seeds n]`;

const { values } = parseArgs({
	options: {
		format: { type: 'string' },
		out: { type: 'string' },
		outline: { type: 'string' },
		/** How many frozen questions are made of each generator. */
		seeds: { type: 'string', default: String(SEEDS_DEFAULT) },
	},
});

const format = EXPORT_FORMATS.find((one) => one === values.format);
const count = Number(values.seeds);
if (!format || values.out === undefined || !(count >= 1 && count <= SEEDS_MAX)) {
	console.error(`Usage: ${USAGE}`);
	process.exit(2);
}

const labs = new Set(readContent().scenarios.keys());
const { bank, makeExhibit } = openExamContent('banks', 'scenarios', labs);
const { outline } = values;
if (outline !== undefined && !bank.blueprints.has(outline)) {
	console.error(
		`There is no outline "${outline}". Known: ${[...bank.blueprints.keys()].join(', ')}`,
	);
	process.exit(2);
}
const items = [...bank.items.values()].filter(
	({ status, blueprint }) =>
		status === 'live' &&
		(outline === undefined || blueprint.some((one) => one.outline === outline)),
);
const title = bank.blueprints.get(outline ?? '')?.title ?? 'PACS On-Call';
const seeds = Array.from({ length: count }, (_, i) => `v${i}`);
const { bytes, exported, skipped } = exportItems(items, { format, title, makeExhibit, seeds });
writeFileSync(values.out, bytes);
for (const { id, reason } of skipped) console.log(`left out  ${id}: ${reason}`);
console.log(
	`${exported.length} questions from ${items.length} items in ${values.out}, ${skipped.length} left out`,
);
