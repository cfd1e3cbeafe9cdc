import { posteriorMean, type Posterior } from './ability.ts';
import { passProbability } from './pass-probability.ts';

/** When an adaptive test ends. */
export interface StopRule {
	/** Precise enough at this standard error, in logits; 0.30 is a reliability of about 0.91. */
	standardError: number;
	minimumAnswers: number;
	maximumAnswers: number;
	/** For a pass or fail decision: the cut in logits and how sure it must be, 0.5..1. */
	decision?: { cut: number; confidence: number };
	/** Least answers by domain, the blueprint's minimum. */
	minimumByDomain?: Readonly<Record<string, number>>;
}

const DEFAULT_STOP_RULE: StopRule = {
	standardError: 0.3,
	minimumAnswers: 15,
	maximumAnswers: 40,
};

export type StopReason = 'length' | 'precision' | 'pass' | 'fail';

/**
 * Why the test ends now, or undefined while it goes on: at the greatest length at any rate, else once the least
 * length and the blueprint's minimum are reached and either the posterior probability of passing is decided or the
 * standard error is small enough. `answersByDomain` counts the answers so far.
 */
export function stopReason(
	posterior: Posterior,
	answersByDomain: Readonly<Record<string, number>>,
	rule: StopRule = DEFAULT_STOP_RULE,
): StopReason | undefined {
	const answers = Object.values(answersByDomain).reduce((sum, count) => sum + count, 0);
	if (answers >= rule.maximumAnswers) return 'length';
	const short = Object.entries(rule.minimumByDomain ?? {}).some(
		([domain, least]) => (answersByDomain[domain] ?? 0) < least,
	);
	if (answers < rule.minimumAnswers || short) return undefined;
	if (rule.decision) {
		const passing = passProbability(posterior, rule.decision.cut);
		if (passing > rule.decision.confidence) return 'pass';
		if (passing < 1 - rule.decision.confidence) return 'fail';
	}
	return posteriorMean(posterior).standardError <= rule.standardError ? 'precision' : undefined;
}
