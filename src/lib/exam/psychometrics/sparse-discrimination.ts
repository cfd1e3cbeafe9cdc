import { DEFAULT_GRID, gridNodes, massesOf, posteriorMean, STANDARD_PRIOR } from './ability.ts';
import { correlation } from './classical.ts';
import { probabilityCorrect, type ItemParameters } from './item-response.ts';

/** A first answer in practice, where everybody meets other items; `score` is in 0..1. */
export interface PracticeAnswer {
	itemId: string;
	item: ItemParameters;
	score: number;
}

export interface SparseDiscrimination {
	answers: number;
	/** Correlation of the item's score with ability; undefined where either does not vary. */
	discrimination: number | undefined;
}

/** With fewer other answers the ability is little more than its prior. */
const MINIMUM_OTHER_ANSWERS = 1;

/**
 * Item discrimination from a sparse matrix: the correlation of an item's score with the EAP ability of the same
 * learners from their other answers, r_j = corr(x_j, theta_(-j)), by item id. `learners` holds one list of first
 * answers per learner. The corrected point-biserial is the form for complete matrices.
 */
export function sparseDiscrimination(
	learners: readonly (readonly PracticeAnswer[])[],
): Map<string, SparseDiscrimination> {
	const nodes = gridNodes(DEFAULT_GRID);
	const prior = nodes.map(
		(theta) => -0.5 * ((theta - STANDARD_PRIOR.mean) / STANDARD_PRIOR.sd) ** 2,
	);
	const pairs = new Map<string, { scores: number[]; thetas: number[] }>();
	for (const answers of learners) {
		if (answers.length <= MINIMUM_OTHER_ANSWERS) continue;
		const parts = answers.map(({ item, score }) =>
			nodes.map((theta) => {
				const p = probabilityCorrect(theta, item);
				return score * Math.log(p) + (1 - score) * Math.log(1 - p);
			}),
		);
		const whole = prior.map((value, q) => parts.reduce((sum, part) => sum + (part[q] ?? 0), value));
		answers.forEach(({ itemId, score }, i) => {
			// Taking one answer's part off the whole spares a second pass over all others.
			const masses = massesOf(whole.map((value, q) => value - (parts[i]?.[q] ?? 0)));
			const pair = pairs.get(itemId) ?? { scores: [], thetas: [] };
			pairs.set(itemId, pair);
			pair.scores.push(score);
			pair.thetas.push(posteriorMean({ nodes, masses }).theta);
		});
	}
	return new Map(
		[...pairs].map(([itemId, { scores, thetas }]) => [
			itemId,
			{ answers: scores.length, discrimination: correlation(scores, thetas) },
		]),
	);
}
