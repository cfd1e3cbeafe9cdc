import { isScored, itemsBySection, supply } from '../bank/coverage.ts';
import { quantitiesOf } from '../item/choice-order.ts';
import type { Item } from '../item/item-schema.ts';
import { shownOptions, type ShownOption } from './item-texts.ts';
import { keyLongestShare } from './key-longest.ts';
import { ABSOLUTE } from './option-rules.ts';
import type { BankFlaw, BankRule, LintContext } from './rule.ts';

/** B04: the outline whose mock must be possible twice without a shared item. */
const MOCK_OUTLINE = 'ciip-2024';
/** B04: two forms need twice the quota; three times the quota lets a form be chosen. */
const FORMS_NEEDED = 2;
const FORMS_WANTED = 3;

/** B05: the share of live items that only ask for a fact. */
const MOST_RECALL = 0.4;

/** The 99th percentile of chi-square for 1, 2, … degrees of freedom. */
const CHI_SQUARE_99 = [6.635, 9.21, 11.345, 13.277, 15.086, 16.812];
/** B01: fewer items say nothing about positions. */
const LEAST_FIXED = 20;

/** B03: standard errors between the share of keys among options with absolute words and among all. */
const FAR = 3;

function scoredItems({ bank }: LintContext): Item[] {
	return [...bank.items.values()].filter(isScored);
}

function singleAnswers(context: LintContext): ShownOption[][] {
	return scoredItems(context)
		.filter(({ type }) => type === 'sba')
		.map((item) => shownOptions(item, context))
		.filter((options) => options.length > 0);
}

/** B01: numbers are shown in ascending order, so the author decides where the key stands. */
function* keyPositions(context: LintContext): Generator<BankFlaw> {
	const observed: number[] = [];
	const expected: number[] = [];
	let items = 0;
	for (const options of singleAnswers(context)) {
		const values = quantitiesOf(options.map(({ text }) => text));
		const key = values?.[options.findIndex(({ correct }) => correct)];
		if (!values || key === undefined) continue;
		items++;
		const place = values.filter((value) => value < key).length;
		observed[place] = (observed[place] ?? 0) + 1;
		for (let i = 0; i < values.length; i++) expected[i] = (expected[i] ?? 0) + 1 / values.length;
	}
	if (items < LEAST_FIXED) return;
	const chiSquare = expected.reduce((sum, e, i) => sum + ((observed[i] ?? 0) - e) ** 2 / e, 0);
	const limit = CHI_SQUARE_99[expected.length - 2] ?? Infinity;
	if (chiSquare <= limit) return;
	const counts = expected.map((_, i) => observed[i] ?? 0).join(', ');
	yield {
		message: `keys of numeric options stand at the places ${counts} times (chi-square ${chiSquare.toFixed(1)})`,
	};
}

/** B02: by chance the key is the longest option in 1/k of the items. */
function* longestKeys(context: LintContext): Generator<BankFlaw> {
	const items = singleAnswers(context);
	const { share, chance } = keyLongestShare(items);
	if (share <= chance + 0.1) return;
	const percent = (x: number): string => `${Math.round(100 * x)} %`;
	yield {
		message: `the key is the longest option in ${percent(share)} of items; by chance ${percent(chance)}`,
	};
}

/** B03: absolute words must say nothing about being right. */
function* absoluteWords(context: LintContext): Generator<BankFlaw> {
	const options = singleAnswers(context).flat();
	const marked = options.filter(({ text }) => ABSOLUTE.test(text));
	if (marked.length === 0) return;
	const rate = options.filter(({ correct }) => correct).length / options.length;
	const share = marked.filter(({ correct }) => correct).length / marked.length;
	const error = Math.sqrt((rate * (1 - rate)) / marked.length);
	if (Math.abs(share - rate) <= FAR * error) return;
	const message = `${Math.round(100 * share)} % of ${marked.length} options with absolute words are right, of all options ${Math.round(100 * rate)} %`;
	yield { message };
}

/** B04: enough items for the forms, and at least two for each objective. */
function* coverage(context: LintContext): Generator<BankFlaw> {
	const { bank } = context;
	const blueprint = bank.blueprints.get(MOCK_OUTLINE);
	const sections = blueprint && itemsBySection(bank.items.values(), MOCK_OUTLINE, blueprint);
	for (const { code, items: quota } of blueprint?.sections ?? []) {
		const there = supply(sections?.get(code) ?? []);
		if (there >= FORMS_WANTED * quota) continue;
		const mild = there >= FORMS_NEEDED * quota;
		const message = `section ${code} of ${MOCK_OUTLINE} has ${there} items for a quota of ${quota}; ${
			mild
				? `${FORMS_WANTED * quota} let a form be chosen`
				: `two forms need ${FORMS_NEEDED * quota}`
		}`;
		yield { message, mild };
	}
	const counts = new Map<string, number>();
	for (const { objective } of scoredItems(context)) {
		counts.set(objective, (counts.get(objective) ?? 0) + 1);
	}
	for (const id of bank.objectives.keys()) {
		const count = counts.get(id) ?? 0;
		if (count < 2) yield { message: `the objective ${id} has ${count} live items; two are needed` };
	}
}

/** B05: most items apply or analyse. */
function* recall(context: LintContext): Generator<BankFlaw> {
	const items = scoredItems(context);
	const facts = items.filter(({ cognitive }) => cognitive === 'recall').length;
	if (facts <= MOST_RECALL * items.length) return;
	yield {
		message: `${facts} of ${items.length} live items only ask for a fact; most is ${100 * MOST_RECALL} %`,
	};
}

/** Rules about the bank as a whole. Only live items that are scored count. */
export const BANK_RULES: readonly BankRule[] = [
	{ id: 'B01', title: 'keys of numeric options stand anywhere', check: keyPositions },
	{ id: 'B02', title: 'the key is not mostly the longest option', check: longestKeys },
	{ id: 'B03', title: 'absolute words say nothing', check: absoluteWords },
	{ id: 'B04', title: 'enough items for forms and objectives', check: coverage },
	{ id: 'B05', title: 'most items apply or analyse', check: recall },
];
