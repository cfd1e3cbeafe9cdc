/** A domain of a blueprint; weights need not sum to 1. */
export interface DomainWeight {
	domain: string;
	weight: number;
}

/** The mean over domains by their weight; 0 when nothing has weight. */
function weightedMean(
	weights: readonly DomainWeight[],
	valueOf: (domain: string) => number,
): number {
	const whole = weights.reduce((sum, { weight }) => sum + weight, 0);
	if (!(whole > 0)) return 0;
	return weights.reduce((sum, { domain, weight }) => sum + weight * valueOf(domain), 0) / whole;
}

/** The mean of values of one domain's objectives, `empty` where it has none. */
function meanByDomain<T extends { domain: string }>(
	objectives: readonly T[],
	valueOf: (objective: T) => number,
	empty: number,
): (domain: string) => number {
	const byDomain = Map.groupBy(objectives, ({ domain }) => domain);
	return (domain) => {
		const own = byDomain.get(domain);
		return own ? own.reduce((sum, objective) => sum + valueOf(objective), 0) / own.length : empty;
	};
}

/** Two, because one answer may be a lucky guess. */
const COVERING_ANSWERS = 2;

/**
 * Coverage, 0..1: the blueprint-weighted share of objectives with at least two first answers. A domain without
 * objectives is not covered. Objectives of domains outside the blueprint do not count.
 */
export function coverage(
	objectives: readonly { domain: string; firstAnswers: number }[],
	weights: readonly DomainWeight[],
): number {
	const covered = ({ firstAnswers }: { firstAnswers: number }): number =>
		firstAnswers >= COVERING_ANSWERS ? 1 : 0;
	return weightedMean(weights, meanByDomain(objectives, covered, 0));
}

/**
 * Memory readiness on the day of the exam, 0..1: M(T) = sum of w_d times the mean of R_o(T) over the objectives
 * of domain d, where R is the retrievability the scheduler predicts for that day. Objectives never met
 * (`retrievability` undefined) and domains without objectives count as the guess rate.
 */
export function memoryReadiness(
	objectives: readonly { domain: string; retrievability: number | undefined }[],
	weights: readonly DomainWeight[],
	guessRate: number,
): number {
	const recalled = ({ retrievability }: { retrievability: number | undefined }): number =>
		retrievability ?? guessRate;
	return weightedMean(weights, meanByDomain(objectives, recalled, guessRate));
}
