import { correlation } from './classical.ts';

/** What one taker chose, beside a criterion (rest score or ability without this item). */
export interface Choice {
	/** The chosen options; none for an omitted answer. */
	options: readonly string[];
	criterion: number;
}

export interface OptionStatistics {
	option: string;
	isKey: boolean;
	count: number;
	/** Share of takers who chose it, 0..1. */
	share: number;
	/** Correlation of choosing it with the criterion; undefined where either does not vary. */
	pointBiserial: number | undefined;
	/** Share among the third of takers with the highest criterion, 0..1. */
	topThirdShare: number;
}

/** How often every option was chosen, and by whom: by option in the given order. */
export function optionStatistics(
	choices: readonly Choice[],
	options: readonly string[],
	keys: readonly string[],
): OptionStatistics[] {
	const criteria = choices.map(({ criterion }) => criterion);
	const top = [...choices]
		.sort((x, y) => y.criterion - x.criterion)
		.slice(0, Math.ceil(choices.length / 3));
	return options.map((option) => {
		const chose = (choice: Choice): number => (choice.options.includes(option) ? 1 : 0);
		const chosen = choices.map(chose);
		const count = chosen.filter((value) => value === 1).length;
		const topCount = top.filter((choice) => chose(choice) === 1).length;
		return {
			option,
			isKey: keys.includes(option),
			count,
			share: choices.length === 0 ? 0 : count / choices.length,
			pointBiserial: correlation(chosen, criteria),
			topThirdShare: top.length === 0 ? 0 : topCount / top.length,
		};
	});
}

/** A hint for an author that an item may need work. */
export type ItemFlag =
	| { kind: 'too-hard' | 'too-easy' | 'weak-discrimination' | 'negative-discrimination' }
	| { kind: 'distractor-not-functioning' | 'suspect-miskey'; option: string };

/** Figures of fewer takers are noise and raise no flag. */
const MINIMUM_TAKERS = 30;

/** Customary limits of item review; habits of the field, not laws. */
const LIMITS = { hard: 0.3, easy: 0.9, weak: 0.1, idle: 0.05 };

/**
 * Flags of an item with at least 30 takers: facility outside 0.30..0.90, discrimination below 0.10 (below 0 is
 * urgent), distractors chosen by fewer than 5 %, and distractors that better takers prefer: correlated with the
 * criterion above 0, or chosen by the top third more often than the key (the least chosen key of several).
 */
export function itemFlags(statistics: {
	takers: number;
	facility: number;
	discrimination: number | undefined;
	options: readonly OptionStatistics[];
}): ItemFlag[] {
	const { takers, facility, discrimination, options } = statistics;
	if (takers < MINIMUM_TAKERS) return [];
	const flags: ItemFlag[] = [];
	if (facility < LIMITS.hard) flags.push({ kind: 'too-hard' });
	if (facility > LIMITS.easy) flags.push({ kind: 'too-easy' });
	if (discrimination !== undefined && discrimination < 0) {
		flags.push({ kind: 'negative-discrimination' });
	} else if (discrimination !== undefined && discrimination < LIMITS.weak) {
		flags.push({ kind: 'weak-discrimination' });
	}
	const keyTopShare = Math.min(
		...options.filter(({ isKey }) => isKey).map(({ topThirdShare }) => topThirdShare),
	);
	for (const { option, isKey, share, pointBiserial, topThirdShare } of options) {
		if (isKey) continue;
		if (share < LIMITS.idle) flags.push({ kind: 'distractor-not-functioning', option });
		if ((pointBiserial ?? 0) > 0 || topThirdShare > keyTopShare) {
			flags.push({ kind: 'suspect-miskey', option });
		}
	}
	return flags;
}
