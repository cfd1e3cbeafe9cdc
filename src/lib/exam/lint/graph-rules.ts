import { itemDigest } from '../bank/item-digest.ts';
import { isProven } from '../bank/proven.ts';
import { referenceProblems } from '../bank/reference-problems.ts';
import type { Item } from '../item/item-schema.ts';
import type { Flaw, ItemRule, LintContext } from './rule.ts';

function* readBlind(item: Item, { bank, today }: LintContext): Generator<Flaw> {
	if (item.status !== 'live') return;
	const readings = bank.readings.get(item.id) ?? [];
	if (isProven(item, readings, today)) return;
	const message =
		readings.length === 0
			? 'live, but nobody else has answered it blind'
			: `live, but no blind reading of version ${item.version} as it is now agrees with the key`;
	yield { keys: ['status'], message };
}

function* versioned(item: Item, { bank }: LintContext): Generator<Flaw> {
	const digest = itemDigest(item);
	const readings = bank.readings.get(item.id) ?? [];
	const changed = readings.find((r) => r.version === item.version && r.digest !== digest);
	if (!changed) return;
	const message = `changed since ${changed.reader} read version ${item.version}: raise the version`;
	yield { keys: ['version'], message };
}

function* accessible(item: Item, { instance }: LintContext): Generator<Flaw> {
	for (const [i, { alt, caption }] of item.exhibits.entries()) {
		if (alt.trim().toLowerCase() !== caption.trim().toLowerCase()) continue;
		yield { keys: ['exhibits', i, 'alt'], message: 'repeats the caption; say what is there' };
	}
	const made = item.type === 'hotspot' ? instance(item) : undefined;
	for (const exhibit of made?.question.exhibits ?? []) {
		if (item.type !== 'hotspot' || exhibit.id !== item.on) continue;
		if ('regions' in exhibit && exhibit.regions.every(({ label }) => label.trim() !== '')) continue;
		yield { keys: ['on'], message: 'its exhibit has no named regions' };
	}
}

/** Rules about what an item is tied to: names that exist, readings, exhibits that everybody can use. */
export const GRAPH_RULES: readonly ItemRule[] = [
	{
		id: 'E06',
		title: 'every name leads somewhere',
		check: (item, { bank, labs }) => referenceProblems(item, bank, labs),
	},
	{ id: 'E07', title: 'live items were answered blind by another person', check: readBlind },
	{ id: 'E08', title: 'a changed item has a new version', check: versioned },
	{ id: 'E09', title: 'exhibits can be used without seeing them', check: accessible },
];
