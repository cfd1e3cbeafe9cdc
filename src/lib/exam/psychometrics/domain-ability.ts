import {
	posterior,
	posteriorMean,
	DEFAULT_GRID,
	STANDARD_PRIOR,
	type AbilityEstimate,
	type AbilityGrid,
	type ItemResponse,
	type NormalPrior,
} from './ability.ts';

/** An answer with the blueprint domain its item belongs to. */
export interface DomainResponse extends ItemResponse {
	domain: string;
}

/** How far a learner stands from the own overall ability in one domain. */
export interface DomainAbility {
	domain: string;
	answers: number;
	/** Ability in this domain minus overall ability, in logits, with its error given the overall ability. */
	offset: number;
	offsetStandardError: number;
	/** Overall ability plus offset, in logits. */
	theta: number;
}

export interface AbilityProfile {
	overall: AbilityEstimate;
	/** Only domains with enough answers, in the order of their first answer. */
	domains: DomainAbility[];
}

/** Domains differ from the whole by about half a logit: the prior of an offset is N(0, 0.5^2). */
const OFFSET_SD = 0.5;
const GRID_REACH = 5 * OFFSET_SD;

/** Below this number of answers the prior says more about a domain than the learner does. */
const MINIMUM_DOMAIN_ANSWERS = 10;

/**
 * Overall and domain abilities in two passes: EAP over all answers, then with theta held fixed the expected
 * offset of each domain under the prior N(0, 0.5^2). Domains with fewer than ten answers are left out.
 */
export function estimateProfile(
	responses: readonly DomainResponse[],
	prior: NormalPrior = STANDARD_PRIOR,
	grid: AbilityGrid = DEFAULT_GRID,
): AbilityProfile {
	const overall = posteriorMean(posterior(responses, prior, grid));
	const centre = overall.theta;
	const offsetGrid = { low: centre - GRID_REACH, high: centre + GRID_REACH, points: 101 };
	const domains: DomainAbility[] = [];
	for (const [domain, own] of Map.groupBy(responses, (response) => response.domain)) {
		if (own.length < MINIMUM_DOMAIN_ANSWERS) continue;
		// With theta fixed, an offset is an ability whose prior is centred on theta.
		const { theta, standardError } = posteriorMean(
			posterior(own, { mean: centre, sd: OFFSET_SD }, offsetGrid),
		);
		domains.push({
			domain,
			answers: own.length,
			offset: theta - centre,
			offsetStandardError: standardError,
			theta,
		});
	}
	return { overall, domains };
}
