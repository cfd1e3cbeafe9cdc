import { massesOf } from './ability.ts';
import { logistic } from './distributions.ts';
import type { ItemParameters } from './item-response.ts';
import { maximise, type ExpectedCounts, type Line, type Priors } from './calibration-step.ts';

/** Answers to calibrate from: a row per pattern, a column per item, undefined where an item was not met. */
export interface CalibrationData {
	/** Scores of 0 and 1. */
	patterns: readonly (readonly (number | undefined)[])[];
	/** How many persons gave each pattern; one each without it. */
	counts?: readonly number[];
}

export interface CalibrationOptions {
	/** Two-parameter (`free`), one common slope (`equal`, the Rasch model in another unit) or a = 1 (`unit`). */
	slopes: 'free' | 'equal' | 'unit';
	/** Each item's fixed guess rate c; 0 without it. */
	guessing?: readonly number[];
	/** Makes the estimates maxima a posteriori: a ~ LN(0, slopeLogSd^2), d ~ N(interceptMean, interceptSd^2). */
	priors?: Priors;
	maximumIterations?: number;
	/** Ends when no slope and no intercept moves further than this. */
	tolerance?: number;
}

export interface CalibratedItem {
	/** P = c + (1-c)/(1+exp(-(slope theta + intercept))). */
	slope: number;
	intercept: number;
	/** The same as b = -intercept/slope, in logits. */
	parameters: ItemParameters;
	answers: number;
}

export interface Calibration {
	items: CalibratedItem[];
	/** Marginal log likelihood of the data, without the priors. */
	logLikelihood: number;
	iterations: number;
	converged: boolean;
}

const NODES = Array.from({ length: 61 }, (_, q) => -6 + q * 0.2);
const LOG_WEIGHTS = massesOf(NODES.map((theta) => -0.5 * theta * theta)).map(Math.log);
const DEFAULTS = { maximumIterations: 500, tolerance: 1e-5 };

interface SparsePattern {
	items: number[];
	scores: number[];
	count: number;
}

function sparsePatterns({ patterns, counts }: CalibrationData): SparsePattern[] {
	return patterns.map((row, i) => {
		const items = row.flatMap((score, j) => (score === undefined ? [] : [j]));
		return { items, scores: items.map((j) => row[j] ?? 0), count: counts?.[i] ?? 1 };
	});
}

/** Posterior weights of every pattern over the nodes, gathered into the counts expected at each node. */
function expectation(
	patterns: readonly SparsePattern[],
	lines: readonly Line[],
): { expected: ExpectedCounts[]; logLikelihood: number } {
	const logs = lines.map(({ slope, intercept, c }) => {
		const p = NODES.map((theta) => c + (1 - c) * logistic(slope * theta + intercept));
		return {
			right: p.map((value) => Math.log(value)),
			wrong: p.map((value) => Math.log1p(-value)),
		};
	});
	const expected = lines.map(() => ({
		all: new Array<number>(NODES.length).fill(0),
		right: new Array<number>(NODES.length).fill(0),
	}));
	let logLikelihood = 0;
	for (const { items, scores, count } of patterns) {
		const joint = [...LOG_WEIGHTS];
		items.forEach((j, n) => {
			const part = scores[n] ? logs[j]?.right : logs[j]?.wrong;
			for (let q = 0; q < joint.length; q++) joint[q] = (joint[q] ?? 0) + (part?.[q] ?? 0);
		});
		const top = joint.reduce((max, value) => Math.max(max, value), -Infinity);
		const weights = joint.map((value) => Math.exp(value - top));
		const sum = weights.reduce((total, weight) => total + weight, 0);
		logLikelihood += count * (top + Math.log(sum));
		items.forEach((j, n) => {
			const { all, right } = expected[j] ?? { all: [], right: [] };
			for (let q = 0; q < weights.length; q++) {
				const weight = (count * (weights[q] ?? 0)) / sum;
				all[q] = (all[q] ?? 0) + weight;
				if (scores[n]) right[q] = (right[q] ?? 0) + weight;
			}
		});
	}
	return { expected, logLikelihood };
}

/** The greatest move of any slope or intercept. */
function distance(before: readonly Line[], after: readonly Line[]): number {
	return before.reduce((most, { slope, intercept }, j) => {
		const line = after[j];
		if (!line) return most;
		return Math.max(most, Math.abs(line.slope - slope), Math.abs(line.intercept - intercept));
	}, 0);
}

/**
 * Item parameters by marginal maximum likelihood with the EM algorithm (Bock and Aitkin 1981), ability N(0,1) on
 * 61 nodes in -6..6, or maximum a posteriori with priors (Mislevy 1986). With equal slopes the latent variance of
 * the Rasch model is the squared slope. An item nobody or everybody got right stays within +-10 logits.
 */
export function calibrate(data: CalibrationData, options: CalibrationOptions): Calibration {
	const { slopes, guessing, priors } = options;
	const { maximumIterations, tolerance } = { ...DEFAULTS, ...options };
	const patterns = sparsePatterns(data);
	const items = data.patterns.reduce((most, row) => Math.max(most, row.length), 0);
	let lines: Line[] = Array.from({ length: items }, (_, j) => ({
		slope: 1,
		intercept: priors?.interceptMeans?.[j] ?? 0,
		c: guessing?.[j] ?? 0,
	}));
	let iterations = 0;
	let converged = false;
	while (!converged && iterations < maximumIterations) {
		const { expected } = expectation(patterns, lines);
		const next = maximise(NODES, expected, lines, slopes, priors);
		converged = distance(lines, next) < tolerance;
		lines = next;
		iterations++;
	}
	const { expected, logLikelihood } = expectation(patterns, lines);
	return {
		items: lines.map(({ slope, intercept, c }, j) => ({
			slope,
			intercept,
			parameters: { a: slope, b: -intercept / slope, c, d: 1 },
			answers: Math.round(expected[j]?.all.reduce((sum, value) => sum + value, 0) ?? 0),
		})),
		logLikelihood,
		iterations,
		converged,
	};
}
