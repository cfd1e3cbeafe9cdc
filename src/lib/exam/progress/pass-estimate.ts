import { posterior } from '../psychometrics/ability.ts';
import { normalCdf } from '../psychometrics/distributions.ts';
import { predictionVariance } from '../psychometrics/pass-probability.ts';
import { passReadiness, type PassReadiness } from '../psychometrics/readiness.ts';
import type { PassCut } from './pass-cut.ts';

/** A first answer as evidence of ability. */
export interface Evidence {
	section: string;
	correct: boolean;
	/** The chance of a blind guess. */
	guessRate: number;
	/** The difficulty of the item, in logits. */
	b: number;
}

/** The practice estimate of passing, or why there is none. */
export interface PassEstimate {
	pass: {
		probability: number;
		/** The probability at the ends of the central 80 % of what the ability may be. */
		low: number;
		high: number;
		word: 'likely' | 'too close to call' | 'not yet';
	} | null;
	why: string | null;
}

/** Ability grows: older answers than these tell what it was. */
const NEWEST = 1_000;
/** How far ability may drift in a day, in squared logits: a quarter of a logit in a month. */
const DRIFT_PER_DAY = 0.002;

/**
 * The probability of passing from first answers, oldest first. `weights` are the sections with their share of
 * the exam; without a date `daysToExam` is 0.
 */
export function passEstimate(
	evidence: readonly Evidence[],
	weights: readonly { code: string; weight: number }[],
	cut: PassCut | undefined,
	daysToExam: number,
): PassEstimate {
	if (!cut) return { pass: null, why: 'There are no questions for this exam yet.' };
	const counts = new Map<string, number>();
	for (const { section } of evidence) counts.set(section, (counts.get(section) ?? 0) + 1);
	const responses = evidence.slice(-NEWEST).map(({ correct, guessRate, b }) => {
		return { item: { a: 1, b, c: guessRate, d: 1 }, score: correct ? 1 : 0 };
	});
	const errorVariance = predictionVariance({
		...{ formInformation: cut.information, daysToExam, driftVariancePerDay: DRIFT_PER_DAY },
	});
	const readiness = passReadiness({
		...{ posterior: posterior(responses), cut: cut.theta, errorVariance },
		domains: weights.map(({ code, weight }) => {
			return { domain: code, weight, firstAnswers: counts.get(code) ?? 0 };
		}),
	});
	if (!readiness.shown) return { pass: null, why: whatIsMissing(readiness, weights) };
	const { probability, word, interval } = readiness;
	const at = (theta: number): number => normalCdf((theta - cut.theta) / Math.sqrt(errorVariance));
	return { pass: { probability, word, low: at(interval.low), high: at(interval.high) }, why: null };
}

/** For example `12 of 20 first answers; section F (18 % of the exam) has none`. */
function whatIsMissing(
	readiness: Extract<PassReadiness, { shown: false }>,
	weights: readonly { code: string; weight: number }[],
): string {
	const { firstAnswers, missingAnswers, missingDomains } = readiness;
	const answers =
		missingAnswers > 0
			? `${firstAnswers} of ${firstAnswers + missingAnswers} first answers`
			: `${firstAnswers} first answers`;
	// Before the first answer every section has none.
	if (firstAnswers === 0 || missingDomains.length === 0) return answers;
	const weightOf = new Map(weights.map(({ code, weight }) => [code, weight]));
	const sections = missingDomains.map((code, i) => {
		const percent = Math.round((weightOf.get(code) ?? 0) * 100);
		return `${code} (${percent} %${i === 0 ? ' of the exam' : ''})`;
	});
	const last = sections.pop() ?? '';
	const none =
		sections.length === 0
			? `section ${last} has none`
			: `sections ${sections.join(', ')} and ${last} have none`;
	return `${answers}; ${none}`;
}
