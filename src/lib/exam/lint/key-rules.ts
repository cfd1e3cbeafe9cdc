import { quantitiesOf } from '../item/choice-order.ts';
import type { Item } from '../item/item-schema.ts';
import { rangeOf, rangesOverlap } from './ranges.ts';
import { shownOptions, shownStem, wordsOf } from './item-texts.ts';
import type { Flaw, ItemRule, LintContext } from './rule.ts';

const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten'.split(' ');

/** E01: counts of keys; the lead-in of a `multi` says how many. */
function* keyCount(item: Item, context: LintContext): Generator<Flaw> {
	if (item.type !== 'sba' && item.type !== 'multi') return;
	// What depends on the seed is checked for many seeds by E12.
	const fixed = item.options.every(({ correct }) => typeof (correct ?? false) === 'boolean');
	if (!fixed) return;
	const keys = item.options.filter(({ correct }) => correct === true).length;
	if (item.type === 'sba') {
		if (keys !== 1) {
			yield { keys: ['options'], message: `${keys} options are correct; exactly one must be` };
		}
		return;
	}
	if (keys < 2 || keys === item.options.length) {
		const message = `${keys} of ${item.options.length} options are correct; two or more, but not all`;
		yield { keys: ['options'], message };
	}
	const said = wordsOf(shownStem(item, context).leadIn)
		.map((word) => (NUMBER_WORDS.includes(word) ? NUMBER_WORDS.indexOf(word) : Number(word)))
		.filter(Number.isInteger);
	if (!said.includes(keys)) {
		const word = NUMBER_WORDS[keys]?.toUpperCase() ?? keys;
		yield {
			keys: ['lead_in'],
			message: `the lead-in must say how many are correct: "Which ${word} …?"`,
		};
	}
}

function normalised(text: string): string {
	return text
		.toLowerCase()
		.replace(/[*_`]/g, '')
		.replace(/\s+/g, ' ')
		.replace(/[.;,]$/, '')
		.trim();
}

/** Pairs of places whose texts read the same. */
export function* equalTexts(
	texts: readonly { text: string; keys: readonly PropertyKey[] }[],
): Generator<Flaw> {
	const seen = new Map<string, string>();
	for (const { text, keys } of texts) {
		const same = seen.get(normalised(text));
		if (same !== undefined) yield { keys, message: `says the same as "${same}"` };
		seen.set(normalised(text), text);
	}
}

function choicesOf(
	item: Item,
	context: LintContext,
): { text: string; keys: readonly PropertyKey[] }[][] {
	if (item.type === 'order') {
		return [item.sequence.map(({ text }, i) => ({ text, keys: ['sequence', i, 'text'] }))];
	}
	if (item.type !== 'match') return [shownOptions(item, context)];
	return [
		item.pairs.map(({ left }, i) => ({ text: left, keys: ['pairs', i, 'left'] })),
		[
			...item.pairs.map(({ right }, i) => ({ text: right, keys: ['pairs', i, 'right'] })),
			...item.extra.map(({ text }, i) => ({ text, keys: ['extra', i, 'text'] })),
		],
	];
}

/** E02: choices that say the same, numbers of one value, ranges that overlap. */
function* distinctChoices(item: Item, context: LintContext): Generator<Flaw> {
	for (const choices of choicesOf(item, context)) {
		yield* equalTexts(choices);
		const quantities = quantitiesOf(choices.map(({ text }) => text)) ?? [];
		for (const [i, value] of quantities.entries()) {
			const twin = quantities.indexOf(value);
			const { keys, text } = choices[i] ?? { keys: [], text: '' };
			if (twin < i && normalised(text) !== normalised(choices[twin]?.text ?? '')) {
				yield { keys, message: `has the same value as "${choices[twin]?.text}"` };
			}
		}
		const ranges = choices.map(({ text }) => rangeOf(text));
		for (const [i, range] of ranges.entries()) {
			const other = ranges.findIndex((r, j) => j < i && r && range && rangesOverlap(r, range));
			if (other < 0) continue;
			const message = `overlaps with "${choices[other]?.text}"`;
			yield { keys: choices[i]?.keys ?? [], message };
		}
	}
}

/** Shorter texts do not explain anything. */
const LEAST_RATIONALE_WORDS = 4;
const LEAST_EXPLANATION_WORDS = 8;

/** E03: explanations that explain, and a source that makes the rule. */
function* explained(item: Item, { bank }: LintContext): Generator<Flaw> {
	const rows: { list: string; entries: readonly { rationale: string }[] }[] =
		item.type === 'match'
			? [
					{ list: 'pairs', entries: item.pairs },
					{ list: 'extra', entries: item.extra },
				]
			: [{ list: 'options', entries: 'options' in item ? item.options : [] }];
	if (item.type === 'order') rows.push({ list: 'sequence', entries: item.sequence });
	if (item.type === 'numeric') rows.push({ list: 'traps', entries: item.traps });
	if (item.type === 'hotspot') rows.push({ list: 'regions', entries: item.regions });
	for (const { list, entries } of rows) {
		for (const [i, { rationale }] of entries.entries()) {
			if (wordsOf(rationale).length >= LEAST_RATIONALE_WORDS) continue;
			yield { keys: [list, i, 'rationale'], message: 'too short to be a reason' };
		}
	}
	if (wordsOf(item.explanation).length < LEAST_EXPLANATION_WORDS) {
		yield { keys: ['explanation'], message: 'too short: the rule, why it holds, what to remember' };
	}
	const kinds = item.references.map(({ source }) => bank.sources.get(source)?.kind);
	// A source that does not exist is the matter of E06.
	if (!kinds.includes('primary') && !kinds.includes(undefined)) {
		const message = 'cites only secondary sources; name the work that makes the rule';
		yield { keys: ['references'], message };
	}
}

/** Rules about the key and what proves it. */
export const KEY_RULES: readonly ItemRule[] = [
	{ id: 'E01', title: 'one key; the number of keys is said', check: keyCount },
	{ id: 'E02', title: 'choices exclude each other', check: distinctChoices },
	{ id: 'E03', title: 'every choice has a reason, every item a primary source', check: explained },
];
