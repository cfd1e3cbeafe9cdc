import { posteriorMean, type AbilityEstimate, type Posterior } from './ability.ts';
import type { Interval } from './distributions.ts';
import { credibleInterval, passProbability } from './pass-probability.ts';

/** The first answers a learner gave in one domain, whose weights over all domains sum to about 1. */
export interface DomainEvidence {
	domain: string;
	weight: number;
	firstAnswers: number;
}

export type ReadinessWord = 'likely' | 'too close to call' | 'not yet';

/** A practice estimate of passing, or why there is none yet. */
export type PassReadiness =
	| {
			shown: false;
			firstAnswers: number;
			/** First answers still missing to the least number shown. */
			missingAnswers: number;
			/** Weighty domains without any first answer. */
			missingDomains: string[];
	  }
	| {
			shown: true;
			firstAnswers: number;
			/** 0..1; always show it together with `firstAnswers`, the interval and the words "practice estimate". */
			probability: number;
			word: ReadinessWord;
			ability: AbilityEstimate;
			/** The central 80 % of ability, in logits. */
			interval: Interval;
	  };

const MINIMUM_FIRST_ANSWERS = 20;
const WEIGHTY_DOMAIN = 0.08;
const INTERVAL_SHARE = 0.8;

/** The product's own choice: a learner is told "likely" at four in five, and "not yet" at one in five. */
const WORD_LIMITS = { likely: 0.8, notYet: 0.2 };

/** The word for a pass probability: likely from 0.8, not yet up to 0.2, else too close to call. */
export function readinessWord(probability: number): ReadinessWord {
	if (probability >= WORD_LIMITS.likely) return 'likely';
	return probability <= WORD_LIMITS.notYet ? 'not yet' : 'too close to call';
}

/**
 * The pass probability as it may be shown: nothing below 20 first answers or while a domain of at least 8 %
 * weight has none. `cut` is in logits, `errorVariance` in squared logits as for `passProbability`. Coverage and
 * memory readiness are separate numbers and never blended into this one.
 */
export function passReadiness(evidence: {
	posterior: Posterior;
	cut: number;
	errorVariance?: number;
	domains: readonly DomainEvidence[];
}): PassReadiness {
	const { posterior, cut, errorVariance = 0, domains } = evidence;
	const firstAnswers = domains.reduce((sum, domain) => sum + domain.firstAnswers, 0);
	const missingAnswers = Math.max(0, MINIMUM_FIRST_ANSWERS - firstAnswers);
	const missingDomains = domains
		.filter(({ weight, firstAnswers: own }) => weight >= WEIGHTY_DOMAIN && own === 0)
		.map(({ domain }) => domain);
	if (missingAnswers > 0 || missingDomains.length > 0) {
		return { shown: false, firstAnswers, missingAnswers, missingDomains };
	}
	const probability = passProbability(posterior, cut, errorVariance);
	return {
		shown: true,
		firstAnswers,
		probability,
		word: readinessWord(probability),
		ability: posteriorMean(posterior),
		interval: credibleInterval(posterior, INTERVAL_SHARE),
	};
}
