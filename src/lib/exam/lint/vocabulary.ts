import { textsOf, withoutCode, wordsOf } from './item-texts.ts';
import type { LintContext } from './rule.ts';

/** Shorter words join sentences rather than carry meaning. */
const LEAST_LETTERS = 5;

/** Words whose ending was cut off, so that "archives" and "archived" are one. */
function rooted(word: string): string {
	return word.replace(/(?:'s|’s|ies|ing|ed|es|s|y|e)$/, '');
}

/** The words of a Markdown text that carry meaning. Numbers and code are not among them. */
export function contentWords(markdown: string): Set<string> {
	const words = wordsOf(withoutCode(markdown)).filter(
		(word) => word.length >= LEAST_LETTERS && !/\d/.test(word),
	);
	return new Set(words.map(rooted));
}

/** Counts are a matter of the whole bank, so they are made once for each. */
const counted = new WeakMap<object, ReadonlyMap<string, number>>();

/** In how many items of the bank a content word occurs in stem, lead-in or choices. */
export function rarity({ bank }: LintContext): ReadonlyMap<string, number> {
	const known = counted.get(bank);
	if (known) return known;
	const counts = new Map<string, number>();
	for (const item of bank.items.values()) {
		const asked = textsOf(item).filter(({ role }) => ['stem', 'lead-in', 'choice'].includes(role));
		const words = contentWords(asked.map(({ text }) => text).join(' '));
		for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	counted.set(bank, counts);
	return counts;
}

/** The share of what two sets have together that they have in common, 0..1. */
export function jaccard(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): number {
	let common = 0;
	for (const word of a) if (b.has(word)) common++;
	const all = a.size + b.size - common;
	return all === 0 ? 0 : common / all;
}
