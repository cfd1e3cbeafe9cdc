/**
 * Counts what is in `banks/` and compares it with what the bank promises.
 *
 *   node scripts/bank-report.ts [--date YYYY-MM-DD]
 *
 * Exits with 1 when a minimum is missed, and says by how much.
 */
import { parseArgs } from 'node:util';
import type { Bank } from '#lib/exam/bank/bank.ts';
import { isScored, itemsBySection, supply } from '#lib/exam/bank/coverage.ts';
import { parseBank } from '#lib/exam/bank/parse-bank.ts';
import { isProven } from '#lib/exam/bank/proven.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import { keyLongestShare } from '#lib/exam/lint/key-longest.ts';
import { readBankFiles, readExhibitMaker } from './read-bank.ts';
import { keyPlaces, singleAnswerItems } from './report/key-places.ts';

const MOCK_OUTLINE = 'ciip-2024';
const FORMS = 2;

interface Figures {
	bank: Bank;
	/** Live and scored. */
	items: Item[];
	today: string;
}

interface Target {
	what: string;
	/** What is there and what must be there; several when each outline or section counts. */
	measure: (figures: Figures) => { of: string; is: number; least?: number; most?: number }[];
}

/** What the bank promises. */
const TARGETS: readonly Target[] = [
	{
		what: 'live items',
		measure: ({ items }) => [{ of: '', is: items.length, least: 420 }],
	},
	{
		what: `items for ${FORMS} forms of ${MOCK_OUTLINE}`,
		measure: ({ bank, items }) => {
			const blueprint = bank.blueprints.get(MOCK_OUTLINE);
			if (!blueprint) return [{ of: MOCK_OUTLINE, is: 0, least: 1 }];
			const sections = itemsBySection(items, MOCK_OUTLINE, blueprint);
			return blueprint.sections.map((section) => ({
				of: `section ${section.code}`,
				is: supply(sections.get(section.code) ?? []),
				least: FORMS * section.items,
			}));
		},
	},
	{
		what: 'items for each other outline',
		measure: ({ bank, items }) =>
			[...bank.blueprints.keys()]
				.filter((outline) => outline !== MOCK_OUTLINE)
				.map((outline) => ({ of: outline, is: itemsOf(items, outline).length, least: 50 })),
	},
	{
		what: 'percent of recall',
		measure: ({ items }) => [
			{ of: '', is: percent(items, ({ cognitive }) => cognitive === 'recall'), most: 40 },
		],
	},
	{
		what: 'generators',
		measure: ({ items }) => [{ of: '', is: items.filter(isGenerator).length, least: 30 }],
	},
	{
		what: 'items with exhibits',
		measure: ({ items }) => [
			{ of: '', is: items.filter(({ exhibits }) => exhibits.length > 0).length, least: 50 },
		],
	},
	{
		what: 'items read blind and agreed',
		measure: ({ bank, items, today }) => [
			{
				of: '',
				is: items.filter((item) => isProven(item, bank.readings.get(item.id) ?? [], today)).length,
				least: items.length,
			},
		],
	},
];

const { values: options } = parseArgs({
	options: { date: { type: 'string', default: new Date().toISOString().slice(0, 10) } },
});

const { bank, problems } = parseBank(readBankFiles());
const items = [...bank.items.values()].filter(isScored);
const makeExhibit = readExhibitMaker();

console.log(
	`${bank.items.size} items, ${items.length} live and scored, ${problems.length} mistakes`,
);
printBlueprints();
printCounts(
	'type',
	count(items, ({ type }) => [type]),
);
printCounts(
	'cognitive level',
	count(items, ({ cognitive }) => [cognitive]),
);
printCounts(
	'estimated difficulty',
	count(items, ({ level }) => [String(level)]),
);
printCounts(
	'source cited',
	count(items, (item) => item.references.map(({ source }) => source)),
);
printCounts(
	'exhibit',
	count(items, ({ exhibits }) => exhibits.map(({ kind }) => kind)),
);
printCounts('items of an objective', objectiveSizes());
printKeys();
printReadings();
checkTargets();

function itemsOf(list: readonly Item[], outline: string): Item[] {
	return list.filter(({ blueprint }) => blueprint.some((place) => place.outline === outline));
}

function isGenerator({ params }: Item): boolean {
	return params !== undefined;
}

function percent(list: readonly Item[], test: (item: Item) => boolean): number {
	return Math.round((1000 * list.filter(test).length) / Math.max(list.length, 1)) / 10;
}

/** How many items have each of the names that `names` gives; an item counts once for a name. */
function count(list: readonly Item[], names: (item: Item) => string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const item of list) {
		for (const name of new Set(names(item))) counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return counts;
}

function printCounts(title: string, counts: ReadonlyMap<string, number>): void {
	const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
	console.log(
		`\n${title}\n${sorted.map(([name, n]) => `  ${String(n).padStart(4)}  ${name}`).join('\n')}`,
	);
}

function printBlueprints(): void {
	for (const [outline, blueprint] of bank.blueprints) {
		console.log(`\n${outline}: ${itemsOf(items, outline).length} items`);
		const sections = itemsBySection(items, outline, blueprint);
		for (const { code, title, items: quota } of blueprint.sections) {
			const there = sections.get(code) ?? [];
			const recall = percent(there, ({ cognitive }) => cognitive === 'recall');
			console.log(
				`  ${String(there.length).padStart(4)}  ${code} ${title} (quota ${quota}, ${recall} % recall)`,
			);
		}
	}
}

function objectiveSizes(): Map<string, number> {
	const byObjective = count(items, ({ objective }) => [objective]);
	const sizes = new Map<string, number>();
	for (const id of bank.objectives.keys()) {
		const size = `objectives with ${byObjective.get(id) ?? 0}`;
		sizes.set(size, (sizes.get(size) ?? 0) + 1);
	}
	return sizes;
}

function printKeys(): void {
	const singles = singleAnswerItems(items, makeExhibit);
	const { written, shown } = keyPlaces(singles, makeExhibit);
	console.log(`\nplace of the key in ${singles.length} single-answer items`);
	console.log(`  as written   ${written.join(' ')}`);
	console.log(`  as shown     ${shown.join(' ')}`);
	const { share, chance } = keyLongestShare(singles.map(({ options }) => options));
	console.log(
		`the key is the longest option in ${(100 * share).toFixed(1)} % (by chance ${(100 * chance).toFixed(1)} %)`,
	);
}

function printReadings(): void {
	const all = [...bank.readings.values()].flat();
	const readers = new Map<string, number>();
	for (const { reader } of all) readers.set(reader, (readers.get(reader) ?? 0) + 1);
	printCounts('reader', readers);
	console.log(
		`${all.filter(({ agrees }) => !agrees).length} of ${all.length} readings differ from the key`,
	);
}

function checkTargets(): void {
	console.log('');
	for (const { what, measure } of TARGETS) {
		for (const { of, is, least, most } of measure({ bank, items, today: options.date })) {
			const missing = Math.max((least ?? -Infinity) - is, is - (most ?? Infinity), 0);
			if (missing > 0) process.exitCode = 1;
			const promised = least === undefined ? `at most ${most}` : `at least ${least}`;
			const verdict = missing > 0 ? `missed by ${Math.round(10 * missing) / 10}` : 'kept';
			console.log(`${verdict}: ${what}${of ? `, ${of}` : ''}: ${is} (${promised})`);
		}
	}
}
