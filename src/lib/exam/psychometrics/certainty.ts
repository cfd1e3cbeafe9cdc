import { logistic, wilsonInterval, type Interval } from './distributions.ts';

/** How sure a taker is of an answer: 1 low, 2 middle, 3 high. */
export type Certainty = 1 | 2 | 3;

const SCORES: Record<Certainty, { right: number; wrong: number }> = {
	1: { right: 1, wrong: 0 },
	2: { right: 2, wrong: -2 },
	3: { right: 3, wrong: -6 },
};

/**
 * Certainty-based mark of an answer: 1, 2 or 3 when right; 0, -2 or -6 when wrong (Gardner-Medwin 1995). The
 * marks reward honesty: each level pays best in its own band of the probability of being right.
 */
export function certaintyScore(certainty: Certainty, right: boolean): number {
	return right ? SCORES[certainty].right : SCORES[certainty].wrong;
}

/**
 * Where each level pays best: level 2 overtakes 1 at p = 2/3 (4p-2 > p), level 3 overtakes 2 at p = 4/5
 * (9p-6 > 4p-2).
 */
const BANDS: Record<Certainty, Interval> = {
	1: { low: 0, high: 2 / 3 },
	2: { low: 2 / 3, high: 0.8 },
	3: { low: 0.8, high: 1 },
};

export interface CertaintyCalibration {
	certainty: Certainty;
	answers: number;
	/** Share of right answers at this level, 0..1, with its Wilson 95 % interval; undefined without answers. */
	rightShare: number | undefined;
	interval: Interval;
	/** The shares at which this level pays best. */
	band: Interval;
	/** Only said when the interval lies wholly outside the band. */
	verdict: 'overconfident' | 'underconfident' | undefined;
}

/** How well certainty fits what turned out right: one row a level, from low to high. */
export function certaintyCalibration(
	answers: readonly { certainty: Certainty; right: boolean }[],
): CertaintyCalibration[] {
	return ([1, 2, 3] as const).map((certainty) => {
		const own = answers.filter((answer) => answer.certainty === certainty);
		const right = own.filter((answer) => answer.right).length;
		const interval = wilsonInterval(right, own.length);
		const band = BANDS[certainty];
		let verdict: CertaintyCalibration['verdict'];
		if (interval.high < band.low) verdict = 'overconfident';
		else if (interval.low > band.high) verdict = 'underconfident';
		return {
			certainty,
			answers: own.length,
			rightShare: own.length === 0 ? undefined : right / own.length,
			interval,
			band,
			verdict,
		};
	});
}

/**
 * The probability that a right answer was known and not guessed, P_k/(P_k + (1-P_k)c) with
 * P_k = sigma(theta - b); ability and difficulty in logits, guess rate `c` in 0..1.
 */
export function knownGivenRight(theta: number, b: number, c: number): number {
	const known = logistic(theta - b);
	// Without guessing a right answer is always known, also where sigma underflows to 0.
	return c === 0 ? 1 : known / (known + (1 - known) * c);
}

const KNOWN_LIMIT = 0.6;

/** Whether a right answer should count as recalled with difficulty, because it may well have been a guess. */
export function possiblyGuessed(theta: number, b: number, c: number): boolean {
	return knownGivenRight(theta, b, c) < KNOWN_LIMIT;
}
