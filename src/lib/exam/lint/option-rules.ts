import { readQuantity } from '../item/quantity.ts';
import type { Item } from '../item/item-schema.ts';
import { shownOptions, shownStem, wordsOf, type ShownOption } from './item-texts.ts';
import type { Flaw, ItemRule, LintContext } from './rule.ts';
import { contentWords, jaccard, rarity } from './vocabulary.ts';

/** W01: a key longer than this many times the mean distractor is noticed … */
const LONG_KEY = 1.5;
/** … unless all options are so short that a few letters make the difference. */
const SHORT_OPTION = 25;

const QUALIFIER =
	/\b(?:usually|typically|generally|often|normally|may|might|in most cases|as a rule)\b/i;
/** Words that claim too much. "All" and "every" are not among them: "all rows" says what a query returns. */
export const ABSOLUTE = /\b(?:always|never|only|entirely|completely|impossible)\b/i;

function split(options: readonly ShownOption[]): { right: ShownOption[]; wrong: ShownOption[] } {
	return {
		right: options.filter(({ correct }) => correct),
		wrong: options.filter(({ correct }) => !correct),
	};
}

function meanLength(options: readonly ShownOption[]): number {
	return options.reduce((sum, { text }) => sum + text.length, 0) / Math.max(options.length, 1);
}

/** W01: the key stands out by its length or by hedging. */
function* standingOut(item: Item, context: LintContext): Generator<Flaw> {
	const { right, wrong } = split(shownOptions(item, context));
	const key = meanLength(right);
	const others = meanLength(wrong);
	const first = right[0];
	if (!first) return;
	if (key > SHORT_OPTION && key > LONG_KEY * others) {
		const message = `the key has ${Math.round(key)} characters, the others ${Math.round(others)} on average`;
		yield { keys: first.keys, message };
	}
	const hedged = right.some(({ text }) => QUALIFIER.test(text));
	if (hedged && !wrong.some(({ text }) => QUALIFIER.test(text))) {
		yield { keys: first.keys, message: 'only the key is qualified ("usually", "may" …)' };
	}
}

/** W02: test-wise candidates strike out options with absolute words. */
function* absolutes(item: Item, context: LintContext): Generator<Flaw> {
	const { right, wrong } = split(shownOptions(item, context));
	if (right.some(({ text }) => ABSOLUTE.test(text))) return;
	for (const { text, keys } of wrong) {
		const word = ABSOLUTE.exec(text)?.[0];
		if (word !== undefined)
			yield { keys, message: `"${word}" stands in a wrong option, not in the key` };
	}
}

/** W04: the last word of a completion fits only some options. */
function* grammarCue(item: Item, context: LintContext): Generator<Flaw> {
	const article = /\b(an?)\s*[:?…]*$/i
		.exec(shownStem(item, context).leadIn.trim())?.[1]
		?.toLowerCase();
	if (article === undefined) return;
	for (const { text, keys } of shownOptions(item, context)) {
		const vowel = /^[*_`]*[aeiou]/i.test(text);
		if (vowel === (article === 'an')) continue;
		yield { keys, message: `does not follow "${article}"; move the article into the options` };
	}
}

/** W05: words in so few items are rare. */
const RARE_ITEMS = 2;

/** W05: a rare word that only stem and key share gives the key away. */
function* clang(item: Item, context: LintContext): Generator<Flaw> {
	const { right, wrong } = split(shownOptions(item, context));
	const { stem, leadIn } = shownStem(item, context);
	const asked = contentWords(`${stem} ${leadIn}`);
	const elsewhere = new Set(wrong.flatMap(({ text }) => [...contentWords(text)]));
	for (const { text, keys } of right) {
		for (const word of contentWords(text)) {
			if (!asked.has(word) || elsewhere.has(word)) continue;
			if ((rarity(context).get(word) ?? 0) > RARE_ITEMS) continue;
			yield { keys, message: `shares the rare word "${word}" with the stem; no other option does` };
		}
	}
}

/** W06: below this mean share of words, options have too little in common to converge on anything. */
const COMMON_SHARE = 0.3;
/** W06: the key is this much closer to the other options than any distractor is. */
const CLOSER = 1.3;

/** W06: the option that shares most with the others is often the key. */
function* convergence(item: Item, context: LintContext): Generator<Flaw> {
	if (item.type !== 'sba') return;
	const options = shownOptions(item, context);
	const words = options.map(({ text }) => new Set(wordsOf(text)));
	const closeness = words.map((a, i) => {
		const others = words.filter((_, j) => j !== i);
		return others.reduce((sum, b) => sum + jaccard(a, b), 0) / Math.max(others.length, 1);
	});
	const key = options.findIndex(({ correct }) => correct);
	const best = Math.max(...closeness.filter((_, i) => i !== key));
	const share = closeness[key] ?? 0;
	if (share < COMMON_SHARE || share < CLOSER * best) return;
	const keys = options[key]?.keys ?? [];
	yield { keys, message: 'the key shares more words with the others than any other option does' };
}

const DECIMAL = /^[kMGT](?:B|bit)/;
const BINARY = /^[KMGT]i/;

/** W07: numbers with and without unit, or decimal beside binary prefixes. */
function* mixedUnits(item: Item, context: LintContext): Generator<Flaw> {
	const options = shownOptions(item, context);
	const quantities = options.map(({ text }) => readQuantity(text.replace(/[*_`]/g, '')));
	if (quantities.length === 0 || quantities.includes(undefined)) return;
	const units = quantities.map((quantity) => quantity?.unit ?? '');
	if (units.some((unit) => unit === '') && units.some((unit) => unit !== '')) {
		yield { keys: ['options'], message: 'some numbers have a unit and some have none' };
	}
	if (units.some((unit) => DECIMAL.test(unit)) && units.some((unit) => BINARY.test(unit))) {
		yield { keys: ['options'], message: 'decimal and binary prefixes are mixed' };
	}
}

/** Rules about options that betray the key. */
export const OPTION_RULES: readonly ItemRule[] = [
	{ id: 'W01', title: 'the key does not stand out by length or hedging', check: standingOut },
	{ id: 'W02', title: 'no absolute words in wrong options alone', check: absolutes },
	{ id: 'W04', title: 'every option follows the lead-in', check: grammarCue },
	{ id: 'W05', title: 'no rare word joins stem and key', check: clang },
	{ id: 'W06', title: 'options do not converge on the key', check: convergence },
	{ id: 'W07', title: 'numbers have units of one kind', check: mixedUnits },
];
