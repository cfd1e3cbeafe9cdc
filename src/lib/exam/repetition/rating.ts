import type { CertaintyWord } from '../session/session-state.ts';
import type { Rating } from './scheduler.ts';

/** An answer as a review of its objective. */
export interface Review {
	correct: boolean;
	certainty: CertaintyWord | null;
	/** Looked at until the answer was final. */
	seconds: number;
	/** What a competent person needs. */
	expectedSeconds: number;
	/** The 90th percentile of what others needed, once that is known. */
	slowSeconds?: number;
	/** A right answer that a learner of this ability may well have guessed. */
	possiblyGuessed: boolean;
}

/** So many times the expected seconds are slow as long as nothing is known of others. */
const SLOW_FACTOR = 2.5;

/**
 * How well an objective was known: again when the answer was wrong; hard when it was right but with low
 * certainty, slowly, or perhaps by a guess; else good. Never easy, because a choice among a few is easier than
 * knowing.
 */
export function ratingOf(review: Review): Rating {
	if (!review.correct) return 1;
	const slow = review.slowSeconds ?? SLOW_FACTOR * review.expectedSeconds;
	const hard = review.certainty === 'low' || review.seconds > slow || review.possiblyGuessed;
	return hard ? 2 : 3;
}
