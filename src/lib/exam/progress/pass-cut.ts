import { difficultyOfLevel, type DifficultyLevel } from '../psychometrics/elo.ts';
import { testInformation, uncalibratedItem } from '../psychometrics/item-response.ts';
import type { ItemParameters } from '../psychometrics/item-response.ts';
import { abilityCut } from '../psychometrics/pass-probability.ts';
import type { StudyItem } from './study-outline.ts';

/**
 * What the levels mean: the share of barely competent candidates who know the answer without guessing. With
 * guessing added it is the estimate that a panel gives by Angoff's method. The cut of the real exam is not
 * public in terms of items.
 */
const KNOWING: Record<DifficultyLevel, number> = { 1: 0.85, 2: 0.7, 3: 0.55, 4: 0.4, 5: 0.25 };

/** What there is to pass. */
export interface PassCut {
	/** Logits. */
	theta: number;
	/** How much a form of the exam tells about ability there, per squared logit. */
	information: number;
	/** The mean chance of a blind guess, 0..1. */
	guessRate: number;
}

/** The difficulty of an item, in logits, as far as it is known from answers, by `<id> <version>`. */
export type Difficulties = ReadonlyMap<string, number>;

/** The difficulty of an item from answers, else from its author's level, in logits. */
export function difficultyOf(
	{ itemId, version, item }: StudyItem,
	difficulties: Difficulties,
): number {
	const known = difficulties.get(`${itemId} ${version}`);
	return known ?? difficultyOfLevel(item.level as DifficultyLevel);
}

/**
 * The cut of an exam whose form looks like this: the ability at which a candidate is expected to score what its
 * authors expect of the barely competent. Undefined without items.
 */
export function passCut(
	form: readonly StudyItem[],
	difficulties: Difficulties,
): PassCut | undefined {
	const items = form.map((one): { parameters: ItemParameters; angoff: number } => {
		const { item } = one;
		const choices = item.type === 'sba' ? item.options.length : undefined;
		const parameters = uncalibratedItem(difficultyOf(one, difficulties), choices);
		const knowing = KNOWING[item.level as DifficultyLevel];
		return { parameters, angoff: knowing + (1 - knowing) * parameters.c };
	});
	const theta = abilityCut(items);
	if (theta === undefined) return undefined;
	const parameters = items.map((one) => one.parameters);
	const guessing = parameters.reduce((sum, { c }) => sum + c, 0);
	return {
		theta,
		information: testInformation(theta, parameters),
		guessRate: guessing / parameters.length,
	};
}
