import { logistic, logit } from './distributions.ts';

/** A learner's running ability in logits, and how many answers it rests on. */
export interface EloLearner {
	theta: number;
	answers: number;
}

/** An item's running difficulty in logits, how many first answers it rests on, and where it began the day. */
export interface EloItem {
	b: number;
	answers: number;
	/** The last day, a number that grows by one a day, on which `b` moved. */
	day: number;
	/** `b` as it was when that day began. */
	dayStartB: number;
}

export interface EloAnswer {
	/** Score in 0..1. */
	score: number;
	/** The item's guess rate, 0 <= c < 1. */
	c: number;
	/** The learner's offset in the item's domain, in logits. */
	domainOffset?: number;
	/** Whether the learner met the item for the first time: only such answers move `b`. */
	firstExposure: boolean;
	/** Whether a hint was seen before answering: such answers do not move `b`. */
	hinted?: boolean;
	/** Today's number. */
	day: number;
}

/**
 * K(n) = alpha/(1 + beta n): steps shrink with the answers n already seen. Values from simulation: items move
 * less than learners, because an expert's estimate stands behind them.
 */
export const ELO_CONSTANTS = {
	alphaTheta: 1,
	alphaB: 0.4,
	beta: 0.05,
	/** How far `b` may lie from where it began the day, in logits. */
	maximumDailyShift: 0.5,
} as const;

export interface EloUpdate {
	learner: EloLearner;
	item: EloItem;
	/** The probability of a right answer before this one was known, 0..1. */
	expected: number;
}

/** A learner nobody knows yet; `theta` in logits. */
export function newLearner(theta = 0): EloLearner {
	return { theta, answers: 0 };
}

/** An item nobody has answered yet, with its expert's difficulty in logits. */
export function newItem(b: number): EloItem {
	return { b, answers: 0, day: 0, dayStartB: b };
}

/**
 * One step of the Elo rating of learners and items (Pelanek 2016):
 * e = c + (1-c) sigma(theta + delta_d - b), theta += K(x-e), b -= K(x-e). Returns new states.
 */
export function updateElo(
	learner: EloLearner,
	item: EloItem,
	answer: EloAnswer,
	constants: { [name in keyof typeof ELO_CONSTANTS]: number } = ELO_CONSTANTS,
): EloUpdate {
	const { alphaTheta, alphaB, beta, maximumDailyShift } = constants;
	const { score, c, domainOffset = 0, firstExposure, hinted = false, day } = answer;
	const expected = c + (1 - c) * logistic(learner.theta + domainOffset - item.b);
	const surprise = score - expected;
	const moved: EloLearner = {
		theta: learner.theta + (alphaTheta / (1 + beta * learner.answers)) * surprise,
		answers: learner.answers + 1,
	};
	if (!firstExposure || hinted) return { learner: moved, item, expected };
	const dayStartB = item.day === day ? item.dayStartB : item.b;
	const b = item.b - (alphaB / (1 + beta * item.answers)) * surprise;
	const bounded = Math.min(
		Math.max(b, dayStartB - maximumDailyShift),
		dayStartB + maximumDailyShift,
	);
	return {
		learner: moved,
		item: { b: bounded, answers: item.answers + 1, day, dayStartB },
		expected,
	};
}

/** An author's estimate, from 1 (nearly everybody knows it) to 5 (only the best do). */
export type DifficultyLevel = 1 | 2 | 3 | 4 | 5;

const LEVEL_DIFFICULTIES: Record<DifficultyLevel, number> = {
	1: -1.5,
	2: -0.75,
	3: 0,
	4: 0.75,
	5: 1.5,
};

/** The expert prior of `b`, in logits, from an author's level. */
export function difficultyOfLevel(level: DifficultyLevel): number {
	return LEVEL_DIFFICULTIES[level];
}

/** Experts' certainty beyond this says nothing: b stays within 3.9 logits of the cut. */
const KNOWLEDGE_LIMIT = 0.02;

/**
 * The expert prior of `b`, in logits, from an Angoff estimate: the share `p` of minimally competent candidates
 * who answer right, b = thetaCut - logit((p-c)/(1-c)). An estimate at or below the guess rate `c` counts as
 * nearly nobody knowing.
 */
export function difficultyOfAngoff(p: number, c: number, thetaCut: number): number {
	const knowing = (p - c) / (1 - c);
	return thetaCut - logit(Math.min(Math.max(knowing, KNOWLEDGE_LIMIT), 1 - KNOWLEDGE_LIMIT));
}
