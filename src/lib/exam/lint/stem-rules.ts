import type { Item } from '../item/item-schema.ts';
import { ABBREVIATIONS } from './abbreviations.ts';
import { shownOptions, shownStem, textsOf, withoutCode, wordsOf } from './item-texts.ts';
import { gradeLevel } from './readability.ts';
import type { Flaw, ItemRule, LintContext } from './rule.ts';
import { jaccard } from './vocabulary.ts';

/** "What is wrong?" looks for a fault and is no negation. */
const NEGATIVE = /(?<!at )\b(?:not(?! just| only)|except|least|false|incorrect|untrue)\b/;
/** Words with which a clause begins that is no longer the question itself. */
const SUBCLAUSE = /\b(?:that|why|if|when|who|because|but|where|whose|how|although|so)\b|[,;]/;

/** W03: "Which is not …" must shout its negation; "Which setting explains that images do not arrive" need not. */
function* negation(item: Item, context: LintContext): Generator<Flaw> {
	const sentence = withoutCode(shownStem(item, context).leadIn).replace(/\*\*[^*]*\*\*/g, ' ');
	const start = /\b(?:which|what)\b/i.exec(sentence);
	if (!start) return;
	const [clause = ''] = sentence.slice(start.index + start[0].length).split(SUBCLAUSE);
	const word = NEGATIVE.exec(clause)?.[0];
	if (word === undefined) return;
	const message = `asks for what is "${word}": turn it round, or write **${word.toUpperCase()}**`;
	yield { keys: ['lead_in'], message };
}

/** W08: with fewer words, the options make the question. */
const LEAST_WORDS = 8;
const TRUE_ONE =
	/\bwhich (?:one )?(?:of (?:the following|these) )?(?:(?:statement|sentence|option|answer|claim)s? )?(?:is|are) (?:true|correct|right|accurate)\b/i;

/** W08: the lead-in is a question that can be answered with the options covered. */
function* question(item: Item, context: LintContext): Generator<Flaw> {
	const { stem, leadIn } = shownStem(item, context);
	if (!/[?:][*_"”)]*$/.test(leadIn.trim())) {
		yield { keys: ['lead_in'], message: 'ends neither in "?" nor, as a completion, in ":"' };
	}
	if (wordsOf(`${stem} ${leadIn}`).length < LEAST_WORDS) {
		yield { keys: ['stem'], message: `fewer than ${LEAST_WORDS} words to answer from` };
	}
	if (TRUE_ONE.test(leadIn)) {
		const message = 'cannot be answered with the options covered: ask for something definite';
		yield { keys: ['lead_in'], message };
	}
}

/** W09: longer or harder stems measure reading. */
const MOST_WORDS = 120;
const HIGHEST_GRADE = 14;
/** Parts of names such as C-MOVE and titles such as CT_1 are not abbreviations of their own. */
const ABBREVIATION = /(?<![\w-])[A-Z]{2,5}s?(?![\w-])/g;

/** W09: the stem is short and plain, and its abbreviations are known. */
function* readable(item: Item, context: LintContext): Generator<Flaw> {
	const { stem, leadIn } = shownStem(item, context);
	const words = wordsOf(stem).length;
	if (words > MOST_WORDS)
		yield { keys: ['stem'], message: `has ${words} words; most is ${MOST_WORDS}` };
	const grade = gradeLevel(withoutCode(`${stem}\n${leadIn}`));
	if (grade > HIGHEST_GRADE) {
		const message = `reads at grade ${Math.round(grade)}; shorten its sentences (most is ${HIGHEST_GRADE})`;
		yield { keys: ['stem'], message };
	}
	const said = textsOf(item)
		.filter(({ role }) => role !== 'exhibit')
		.map(({ text }) => text)
		.join('\n');
	const asked = [stem, leadIn, ...shownOptions(item, context).map(({ text }) => text)].join('\n');
	const found =
		withoutCode(asked)
			.replace(/\{[^}]*\}/g, ' ')
			.match(ABBREVIATION) ?? [];
	for (const written of new Set(found)) {
		const abbreviation = written.replace(/s$/, '');
		if (ABBREVIATIONS.has(abbreviation) || isExplained(abbreviation, said)) continue;
		yield { keys: ['stem'], message: `"${written}" is not explained` };
	}
}

/** "Hanging protocol (HP)", "HP (hanging protocol)", "HP, the hanging protocol". */
function isExplained(abbreviation: string, text: string): boolean {
	return (
		text.includes(`(${abbreviation})`) ||
		text.includes(`${abbreviation} (`) ||
		text.includes(`${abbreviation}, the `)
	);
}

/** W10: stems with more than this share of letter triples in common ask the same. */
const SAME_STEM = 0.8;

const triplesOf = new WeakMap<Item, ReadonlySet<string>>();

function triples(item: Item): ReadonlySet<string> {
	const known = triplesOf.get(item);
	if (known) return known;
	const text = wordsOf(`${item.stem} ${item.lead_in}`).join(' ');
	const set = new Set<string>();
	for (let i = 0; i + 3 <= text.length; i++) set.add(text.slice(i, i + 3));
	triplesOf.set(item, set);
	return set;
}

/** W10: items that ask the same must not meet in one form. */
function* repetition(item: Item, { bank }: LintContext): Generator<Flaw> {
	const own = triples(item);
	for (const other of bank.items.values()) {
		// Each pair once, at the later item.
		if (other.id >= item.id || other.status === 'retired') continue;
		if (item.enemies.includes(other.id) || other.enemies.includes(item.id)) continue;
		if (item.family !== undefined && item.family === other.family) continue;
		const theirs = triples(other);
		const [small, large] = own.size < theirs.size ? [own, theirs] : [theirs, own];
		if (small.size < SAME_STEM * large.size) continue;
		const share = jaccard(own, theirs);
		if (share <= SAME_STEM) continue;
		const message = `asks nearly the same as ${other.id}: declare them enemies or one family`;
		yield { keys: ['stem'], message };
	}
}

/** W11: a new edition of a source asks for a new look at what it says. */
function* current(item: Item, { bank, today }: LintContext): Generator<Flaw> {
	for (const [i, { source, checked }] of item.references.entries()) {
		const keys = ['references', i, 'checked'];
		const renewed = bank.sources.get(source)?.checked;
		if (renewed !== undefined && checked < renewed) {
			yield {
				keys,
				message: `the edition of ${source} was renewed on ${renewed}: look it up again`,
			};
		}
		if (checked > today) yield { keys, message: `${checked} is still to come` };
	}
}

/** W12: a stem of this many words can describe a case. */
const CASE_WORDS = 15;

/** W12: to apply or analyse takes something to apply it to. */
function* substance(item: Item, context: LintContext): Generator<Flaw> {
	if (item.cognitive === 'recall' || item.type === 'scenario') return;
	if (item.exhibits.length > 0 || item.params) return;
	const { stem } = shownStem(item, context);
	if (/\d/.test(stem) || wordsOf(stem).length >= CASE_WORDS) return;
	yield { keys: ['cognitive'], message: `"${item.cognitive}" without case, numbers or exhibit` };
}

/** Rules about how a question is asked. */
export const STEM_RULES: readonly ItemRule[] = [
	{ id: 'W03', title: 'negations stand out', check: negation },
	{ id: 'W08', title: 'the stem alone can be answered', check: question },
	{ id: 'W09', title: 'short, plain, no unknown abbreviations', check: readable },
	{ id: 'W10', title: 'no two items ask the same', check: repetition },
	{ id: 'W11', title: 'citations are newer than the edition they cite', check: current },
	{ id: 'W12', title: 'what is applied or analysed is there', check: substance },
];
