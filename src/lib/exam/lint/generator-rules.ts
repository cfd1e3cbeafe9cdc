import { HAND_WRITTEN } from '../item/draw.ts';
import type { Instance } from '../item/instance.ts';
import type { Item } from '../item/item-schema.ts';
import { makeInstance } from '../item/make-instance.ts';
import { mark } from '../item/mark.ts';
import { VARIANTS, variantOf } from '../item/variants.ts';
import { equalTexts } from './key-rules.ts';
import type { Flaw, ItemRule, LintContext } from './rule.ts';

/** E12: constraints that refuse more draws than this have too little left to draw from. */
const LEAST_ACCEPTED = 0.05;

/**
 * A simulated exhibit takes some tens of milliseconds, a draw without one a fraction of one: where the simulator
 * works, one seed in so many is drawn. With the full 1,000 that is every variant that can be served, and ten more.
 */
const SIMULATED_ONE_IN = 20;

/** First the variants that are served, then others. */
function seedOf(i: number): string {
	return i < VARIANTS ? variantOf(i) : `lint-${i}`;
}

function isSimulated(item: Item): boolean {
	return item.exhibits.some(({ kind }) => !HAND_WRITTEN.has(kind));
}

/** Whether seeds make a difference to an item's question or key. */
function isDrawn(item: Item): boolean {
	return item.params !== undefined || isSimulated(item);
}

/**
 * E12: draws an item with many seeds. Each must give an instance with different choices, exactly the keys that
 * its type wants (makeInstance sees to that), and no trap that would be marked right.
 */
function* sound(item: Item, { seeds, makeExhibit }: LintContext): Generator<Flaw> {
	let draws = 0;
	const drawn = isSimulated(item) ? Math.ceil(seeds / SIMULATED_ONE_IN) : seeds;
	const instances = isDrawn(item) ? drawn : 1;
	for (let i = 0; i < instances; i++) {
		const seed = seedOf(i);
		const made = makeInstance(item, seed, makeExhibit);
		if ('problem' in made) {
			const message = isDrawn(item) ? `with the seed ${seed}: ${made.problem}` : made.problem;
			yield { keys: made.keys, message };
			return;
		}
		draws += made.draws;
		const [flaw] = unsound(made.instance);
		if (flaw) {
			yield { keys: flaw.keys, message: `with the seed ${seed}: ${flaw.message}` };
			return;
		}
	}
	if (instances / draws < LEAST_ACCEPTED) {
		const message = `the constraints accept only ${instances} of ${draws} draws`;
		yield { keys: ['params', 'constraints'], message };
	}
}

function* unsound({ question, key }: Instance): Generator<Flaw> {
	if (question.type === 'sba' || question.type === 'multi') {
		yield* equalTexts(question.choices.map(({ text }) => ({ text, keys: ['options'] })));
	}
	if (question.type === 'order') {
		yield* equalTexts(question.choices.map(({ text }) => ({ text, keys: ['sequence'] })));
	}
	if (question.type === 'match') {
		yield* equalTexts(question.right.map(({ text }) => ({ text, keys: ['pairs'] })));
	}
	if (key.type !== 'numeric') return;
	for (const [i, trap] of key.traps.entries()) {
		if (!mark(key, { type: 'numeric', text: plainNumber(trap) }).correct) continue;
		const message = `the wrong result ${trap} would be marked right (key ${key.value})`;
		yield { keys: ['traps', i, 'value'], message };
	}
}

/** Digits without grouping, so that marking reads them one way. */
function plainNumber(value: number): string {
	return value.toFixed(20).slice(0, 60);
}

/** Rules about what generators make. */
export const GENERATOR_RULES: readonly ItemRule[] = [
	{ id: 'E12', title: 'sound for every seed', check: sound },
];
