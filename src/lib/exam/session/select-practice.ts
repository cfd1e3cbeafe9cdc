import { Random } from '#lib/kernel/random.ts';
import { VARIANTS, variantOf } from '../item/variants.ts';
import type { SlotPlan } from './plan.ts';

/** What has to be known of an item to choose it. */
export interface PracticeCandidate {
	itemId: string;
	version: number;
	/** The code of the blueprint's section; empty in own banks. */
	section: string;
	objective: string;
	/** At most one item of a family is chosen. */
	family: string | null;
	enemies: readonly string[];
	pilot: boolean;
}

/** What the learner has done with an item. */
export interface ItemHistory {
	exposures: number;
	/** Milliseconds since 1970. */
	lastSeenMs: number;
	flagged: boolean;
	/** Null when it was only seen. */
	lastCorrect: boolean | null;
}

export interface PracticeWish {
	/** Whose practice it is: variants are drawn for each learner. */
	learner: string;
	/** Draws among items that are equally good. */
	seed: string;
	source: 'unseen' | 'missed' | 'flagged' | 'any' | 'due';
	/** Codes of sections; none means all. */
	sections: readonly string[];
	count: number;
	/** Objectives that are due, in the order in which they should come. */
	due: readonly string[];
}

/**
 * The seed of the variant a learner gets at the next meeting with an item: another one at each of the first
 * forty meetings, in an order of the learner's own.
 */
export function variantSeed(learner: string, itemId: string, exposures: number): string {
	const numbers = Array.from({ length: VARIANTS }, (_, i) => i);
	const order = new Random(learner, `variants ${itemId}`).shuffle(numbers);
	return variantOf(order[exposures % VARIANTS] ?? 0);
}

/**
 * The slots of a practice session: what was never seen first, then what was seen least often and longest ago.
 * For `due` one item of each objective, so that a sibling comes rather than the question seen before; what was
 * missed comes again in another variant. At most one item of a family, and no enemies. May be fewer than asked.
 */
export function selectPractice(
	candidates: readonly PracticeCandidate[],
	history: ReadonlyMap<string, ItemHistory>,
	wish: PracticeWish,
): SlotPlan[] {
	const wanted = new Set(wish.sections);
	const inSections = candidates.filter(({ section }) => wanted.size === 0 || wanted.has(section));
	const picked: PracticeCandidate[] = [];
	for (const group of groups(freshestFirst(inSections, history, wish.seed), history, wish)) {
		if (picked.length >= wish.count) break;
		const fitting = group.find((candidate) => fits(candidate, picked));
		if (fitting) picked.push(fitting);
	}
	return picked.map(({ itemId, version, section, objective, pilot }) => {
		const seed = variantSeed(wish.learner, itemId, history.get(itemId)?.exposures ?? 0);
		return { itemId, version, seed, section, objective, scored: !pilot };
	});
}

function freshestFirst(
	candidates: readonly PracticeCandidate[],
	history: ReadonlyMap<string, ItemHistory>,
	seed: string,
): PracticeCandidate[] {
	const met = ({ itemId }: PracticeCandidate) => history.get(itemId);
	return new Random(seed, 'practice')
		.shuffle(candidates)
		.sort(
			(a, b) =>
				(met(a)?.exposures ?? 0) - (met(b)?.exposures ?? 0) ||
				(met(a)?.lastSeenMs ?? 0) - (met(b)?.lastSeenMs ?? 0),
		);
}

/** Of each group one candidate is taken, the first that fits. */
function groups(
	ranked: readonly PracticeCandidate[],
	history: ReadonlyMap<string, ItemHistory>,
	{ source, due }: PracticeWish,
): PracticeCandidate[][] {
	if (source === 'due') {
		const byObjective = Map.groupBy(ranked, ({ objective }) => objective);
		return due.map((objective) => byObjective.get(objective) ?? []);
	}
	const wanted = ({ itemId }: PracticeCandidate): boolean => {
		const met = history.get(itemId);
		if (source === 'unseen') return met === undefined;
		if (source === 'missed') return met?.lastCorrect === false;
		return source === 'any' || met?.flagged === true;
	};
	return ranked.filter(wanted).map((candidate) => [candidate]);
}

function fits(candidate: PracticeCandidate, picked: readonly PracticeCandidate[]): boolean {
	return picked.every(
		(other) =>
			other.itemId !== candidate.itemId &&
			(candidate.family === null || other.family !== candidate.family) &&
			!other.enemies.includes(candidate.itemId) &&
			!candidate.enemies.includes(other.itemId),
	);
}
