/**
 * Checks `banks/` by the rules of item writing.
 *
 *   node scripts/lint-bank.ts [folder or file ...] [--quick] [--strict] [--without E07,W10]
 *
 * With folders, only items below them are reported and rules about the whole bank are left out. `--quick` draws
 * generators with 200 seeds instead of 1,000. `--without` leaves rules out. Exits with 1 on errors; with --strict on warnings, too.
 */
import { parseArgs } from 'node:util';
import { formatProblem } from '#lib/authored/yaml-source.ts';
import { parseBank } from '#lib/exam/bank/parse-bank.ts';
import { lintBank } from '#lib/exam/lint/lint-bank.ts';
import type { Finding } from '#lib/exam/lint/rule.ts';
import { fieldKnowledge } from './field-knowledge.ts';
import { readBankFiles, readExhibitMaker, readLabIds } from './read-bank.ts';

const { values: options, positionals: folders } = parseArgs({
	allowPositionals: true,
	options: {
		quick: { type: 'boolean', default: false },
		strict: { type: 'boolean', default: false },
		without: { type: 'string', default: '' },
	},
});

const places = folders.map((folder) => folder.replace(/^\.\//, '').replace(/\/$/, ''));
const inside = (path: string): boolean =>
	places.some((place) => path === place || path.startsWith(`${place}/`));
const wanted = places.length > 0 ? inside : undefined;

const { bank, origins, problems } = parseBank(readBankFiles());
const findings: Finding[] = problems
	// What is wrong with outlines, objectives and sources makes items wrong, wherever they are.
	.filter(({ path }) => !path.startsWith('banks/items/') || (wanted?.(path) ?? true))
	.map((problem) => ({ ...problem, rule: 'E14', severity: 'error' }));
findings.push(
	...lintBank({
		bank,
		origins,
		labs: readLabIds(),
		makeExhibit: readExhibitMaker(),
		today: new Date().toISOString().slice(0, 10),
		seeds: options.quick ? 200 : 1000,
		knowledge: fieldKnowledge,
		wanted,
		without: new Set(options.without.split(',')),
	}),
);

const errors = findings.filter(({ severity }) => severity === 'error').length;
const warnings = findings.length - errors;
for (const finding of findings) {
	console.log(`${finding.severity} ${finding.rule} ${formatProblem(finding)}`);
}
const looked = [...origins.values()].filter(({ path }) => wanted?.(path) ?? true).length;
console.log(`${looked} items: ${errors} errors, ${warnings} warnings`);
process.exitCode = errors > 0 || (options.strict && warnings > 0) ? 1 : 0;
