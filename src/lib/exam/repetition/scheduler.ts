import { fsrs } from 'ts-fsrs';

/** The model of memory, FSRS-6 with its published weights: the only place that knows the library. */

/** What is remembered of an objective. */
export interface Memory {
	/** Days after which nine of ten would still know it. */
	stability: number;
	/** 1 (easy) to 10. */
	difficulty: number;
}

/** 1 again, 2 hard, 3 good, 4 easy. */
export type Rating = 1 | 2 | 3 | 4;

/** Without steps of minutes: what counts are days. Without fuzz: the same answers give the same days. */
const model = fsrs({ enable_short_term: false, enable_fuzz: false });

/** The memory after a review, `null` before the first one; `elapsedDays` >= 0 since the review before. */
export function nextMemory(memory: Memory | null, elapsedDays: number, rating: Rating): Memory {
	const { stability, difficulty } = model.next_state(memory, elapsedDays, rating);
	return { stability, difficulty };
}

/** The probability, 0..1, of knowing it so many days after the last review. */
export function retrievability(stability: number, elapsedDays: number): number {
	return model.forgetting_curve(Math.max(0, elapsedDays), stability);
}

/** The whole days, at least one, until that probability has fallen to `retention`, 0 < retention < 1. */
export function daysUntil(stability: number, retention: number): number {
	return Math.max(1, Math.round(stability * model.calculate_interval_modifier(retention)));
}
