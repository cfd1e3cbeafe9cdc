import { probabilityCorrect, responseCurve, type ItemParameters } from './item-response.ts';

/** One answered item; `score` is in 0..1, 1 for right. */
export interface ItemResponse {
	item: ItemParameters;
	score: number;
}

/** A normal distribution of ability, in logits; `sd` > 0. */
export interface NormalPrior {
	mean: number;
	sd: number;
}

/** Evenly spaced abilities in logits, both ends included; at least two points. */
export interface AbilityGrid {
	low: number;
	high: number;
	points: number;
}

/** What is known of an ability: evenly spaced nodes (logits) and their masses, which sum to 1. */
export interface Posterior {
	nodes: number[];
	masses: number[];
}

/** An ability and its standard error, both in logits. */
export interface AbilityEstimate {
	theta: number;
	standardError: number;
}

export const STANDARD_PRIOR: NormalPrior = { mean: 0, sd: 1 };
export const DEFAULT_GRID: AbilityGrid = { low: -4, high: 4, points: 161 };

function logLikelihood(theta: number, responses: readonly ItemResponse[]): number {
	let sum = 0;
	for (const { item, score } of responses) {
		const p = probabilityCorrect(theta, item);
		if (score > 0) sum += score * Math.log(p);
		if (score < 1) sum += (1 - score) * Math.log(1 - p);
	}
	return sum;
}

function logPrior(theta: number, { mean, sd }: NormalPrior): number {
	return -0.5 * ((theta - mean) / sd) ** 2;
}

/** The nodes of a grid, in logits. */
export function gridNodes({ low, high, points }: AbilityGrid): number[] {
	return Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
}

/** Exponentials that sum to 1. The maximum is subtracted first, so that thousands of answers do not underflow. */
function normalised(logs: readonly number[]): number[] {
	let top = -Infinity;
	for (const value of logs) if (value > top) top = value;
	let sum = 0;
	const masses = logs.map((value) => {
		const mass = Math.exp(value - top);
		sum += mass;
		return mass;
	});
	return masses.map((mass) => mass / sum);
}

/**
 * Masses, which sum to 1, from logarithms of an unnormalised density on even nodes, by the trapezoid rule: the
 * ends count half.
 */
export function massesOf(logDensity: readonly number[]): number[] {
	const last = logDensity.length - 1;
	return normalised(
		logDensity.map((value, i) => (i === 0 || i === last ? value - Math.LN2 : value)),
	);
}

/** The posterior of ability on a grid: prior(theta) times the product of P^x (1-P)^(1-x), normalised. */
export function posterior(
	responses: readonly ItemResponse[],
	prior: NormalPrior = STANDARD_PRIOR,
	grid: AbilityGrid = DEFAULT_GRID,
): Posterior {
	const nodes = gridNodes(grid);
	const masses = massesOf(
		nodes.map((theta) => logPrior(theta, prior) + logLikelihood(theta, responses)),
	);
	return { nodes, masses };
}

/**
 * A posterior after further answers. Quick where answers come one by one; over a learner's thousands of answers
 * begin anew with `posterior`, because a mass that has become 0 stays 0.
 */
export function updatedPosterior(
	{ nodes, masses }: Posterior,
	responses: readonly ItemResponse[],
): Posterior {
	const logs = nodes.map((theta, i) => Math.log(masses[i] ?? 0) + logLikelihood(theta, responses));
	return { nodes, masses: normalised(logs) };
}

/** Mean and standard deviation of a posterior: the EAP estimate (Bock and Mislevy 1982), in logits. */
export function posteriorMean({ nodes, masses }: Posterior): AbilityEstimate {
	const mean = (value: (theta: number) => number): number =>
		nodes.reduce((sum, theta, i) => sum + (masses[i] ?? 0) * value(theta), 0);
	const theta = mean((node) => node);
	return { theta, standardError: Math.sqrt(mean((node) => (node - theta) ** 2)) };
}

/**
 * Expected a posteriori: finite for every pattern, also all right, all wrong and none at all
 * (Bock and Mislevy 1982). Logits.
 */
export function estimateEap(
	responses: readonly ItemResponse[],
	prior: NormalPrior = STANDARD_PRIOR,
	grid: AbilityGrid = DEFAULT_GRID,
): AbilityEstimate {
	return posteriorMean(posterior(responses, prior, grid));
}

interface Sums {
	/** Derivative of the log likelihood by theta: the sum of P'(x-P)/(P(1-P)). */
	score: number;
	information: number;
	/** Warm's J: the sum of P'P''/(P(1-P)). */
	warm: number;
}

function sumsAt(theta: number, responses: readonly ItemResponse[]): Sums {
	const sums = { score: 0, information: 0, warm: 0 };
	for (const { item, score } of responses) {
		const { p, slope, bend } = responseCurve(theta, item);
		const variance = p * (1 - p);
		sums.score += (slope * (score - p)) / variance;
		sums.information += (slope * slope) / variance;
		sums.warm += (slope * bend) / variance;
	}
	return sums;
}

interface Equation {
	/** The function whose falling root is the estimate. */
	value(theta: number): number;
	/** Minus its expected derivative, positive: a Newton step is value/curvature. */
	curvature(theta: number): number;
	/** Decides between several roots: the greatest wins. */
	merit(theta: number): number;
}

const BOUNDS = { low: -4, high: 4 };
const SCAN_STEPS = 64;
const MAX_STEPS = 100;
const TOLERANCE = 1e-12;

/** Newton steps, halving the bracket whenever a step would leave it. */
function rootBetween(low: number, high: number, { value, curvature }: Equation): number {
	let theta = (low + high) / 2;
	for (let step = 0; step < MAX_STEPS && high - low > TOLERANCE; step++) {
		const v = value(theta);
		if (v === 0) return theta;
		if (v > 0) low = theta;
		else high = theta;
		const newton = theta + v / curvature(theta);
		const next = newton > low && newton < high ? newton : (low + high) / 2;
		if (Math.abs(next - theta) < TOLERANCE) return next;
		theta = next;
	}
	return theta;
}

/**
 * The falling root within -4..4 logits; where there is none the bound the function points at. The three-parameter
 * likelihood may have several maxima (Samejima 1973), hence the scan.
 */
function solve(equation: Equation): number {
	const step = (BOUNDS.high - BOUNDS.low) / SCAN_STEPS;
	const candidates: number[] = [];
	let before = equation.value(BOUNDS.low);
	if (before < 0) candidates.push(BOUNDS.low);
	for (let i = 1; i <= SCAN_STEPS; i++) {
		const high = BOUNDS.low + i * step;
		const now = equation.value(high);
		if (before >= 0 && now < 0) candidates.push(rootBetween(high - step, high, equation));
		before = now;
	}
	if (before >= 0) candidates.push(BOUNDS.high);
	return candidates.reduce((best, theta) =>
		equation.merit(theta) > equation.merit(best) ? theta : best,
	);
}

/**
 * Maximum a posteriori by Newton steps with the prior's curvature; SE = 1/sqrt(I + 1/sd^2) (Samejima 1969).
 * Logits, within -4..4.
 */
export function estimateMap(
	responses: readonly ItemResponse[],
	prior: NormalPrior = STANDARD_PRIOR,
): AbilityEstimate {
	const precision = 1 / prior.sd ** 2;
	const curvature = (theta: number): number => sumsAt(theta, responses).information + precision;
	const theta = solve({
		value: (at) => sumsAt(at, responses).score - (at - prior.mean) * precision,
		curvature,
		merit: (at) => logLikelihood(at, responses) + logPrior(at, prior),
	});
	return { theta, standardError: 1 / Math.sqrt(curvature(theta)) };
}

/**
 * Maximum likelihood, within -4..4 logits: where the likelihood has no maximum (all right, all wrong) the bound
 * with its large standard error 1/sqrt(I) (Birnbaum 1968). Undefined without an answer.
 */
export function estimateMl(responses: readonly ItemResponse[]): AbilityEstimate | undefined {
	if (responses.length === 0) return undefined;
	const curvature = (theta: number): number => sumsAt(theta, responses).information;
	const theta = solve({
		value: (at) => sumsAt(at, responses).score,
		curvature,
		merit: (at) => logLikelihood(at, responses),
	});
	return { theta, standardError: 1 / Math.sqrt(curvature(theta)) };
}

/**
 * Weighted likelihood, the root of score + J/(2I), which takes out the first-order bias of maximum likelihood
 * and needs no prior (Warm 1989); SE = 1/sqrt(I). Logits, within -4..4. Undefined without an answer.
 */
export function estimateWl(responses: readonly ItemResponse[]): AbilityEstimate | undefined {
	if (responses.length === 0) return undefined;
	const curvature = (theta: number): number => sumsAt(theta, responses).information;
	const theta = solve({
		value(at) {
			const { score, information, warm } = sumsAt(at, responses);
			return score + warm / (2 * information);
		},
		curvature,
		merit: (at) => logLikelihood(at, responses) + 0.5 * Math.log(curvature(at)),
	});
	return { theta, standardError: 1 / Math.sqrt(curvature(theta)) };
}
