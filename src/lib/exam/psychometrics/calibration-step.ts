import { logistic } from './distributions.ts';

/** An item in slope-intercept form with its fixed guess rate. */
export interface Line {
	slope: number;
	intercept: number;
	c: number;
}

/** Answers and right answers of one item expected at each node. */
export interface ExpectedCounts {
	all: number[];
	right: number[];
}

/** a ~ LN(0, slopeLogSd^2) and d ~ N(mean, interceptSd^2), the mean 0 unless given by item. */
export interface Priors {
	slopeLogSd: number;
	interceptSd: number;
	interceptMeans?: readonly number[];
}

interface Derivatives {
	slope: number;
	intercept: number;
	slopeSlope: number;
	slopeIntercept: number;
	interceptIntercept: number;
}

const BOUNDS = { slope: [0.05, 6], intercept: [-10, 10] } as const;
const MAXIMUM_STEP = 1;
const SWEEPS = 8;

const clamp = (value: number, low: number, high: number): number =>
	Math.min(Math.max(value, low), high);
const moved = (value: number, step: number, [low, high]: readonly [number, number]): number =>
	clamp(value + clamp(step, -MAXIMUM_STEP, MAXIMUM_STEP), low, high);

/** Gradient and Fisher information of one item's expected log likelihood. */
function derivativesOf(
	nodes: readonly number[],
	{ all, right }: ExpectedCounts,
	{ slope, intercept, c }: Line,
): Derivatives {
	const sums = { slope: 0, intercept: 0, slopeSlope: 0, slopeIntercept: 0, interceptIntercept: 0 };
	nodes.forEach((theta, q) => {
		const s = logistic(slope * theta + intercept);
		const p = c + (1 - c) * s;
		const n = all[q] ?? 0;
		// P'/(P(1-P)) by the linear predictor simplifies to s/P.
		const residual = ((right[q] ?? 0) - n * p) * (s / p);
		const weight = n * (1 - c) * s * (1 - s) * (s / p);
		sums.intercept += residual;
		sums.slope += residual * theta;
		sums.interceptIntercept += weight;
		sums.slopeIntercept += weight * theta;
		sums.slopeSlope += weight * theta * theta;
	});
	return sums;
}

function withInterceptPrior(sums: Derivatives, line: Line, j: number, priors?: Priors): void {
	if (!priors) return;
	const precision = 1 / priors.interceptSd ** 2;
	sums.intercept -= (line.intercept - (priors.interceptMeans?.[j] ?? 0)) * precision;
	sums.interceptIntercept += precision;
}

function withSlopePrior(
	sums: Pick<Derivatives, 'slope' | 'slopeSlope'>,
	slope: number,
	priors?: Priors,
): void {
	if (!priors) return;
	const precision = 1 / priors.slopeLogSd ** 2;
	sums.slope -= (Math.log(slope) * precision + 1) / slope;
	sums.slopeSlope += precision / slope ** 2;
}

const EPSILON = 1e-12;

function interceptStep({ intercept, interceptIntercept }: Derivatives): number {
	return interceptIntercept > EPSILON ? intercept / interceptIntercept : 0;
}

/** Two-parameter Newton steps with Fisher's information. */
function freeLine(
	nodes: readonly number[],
	counts: ExpectedCounts,
	start: Line,
	j: number,
	priors?: Priors,
): Line {
	let line = start;
	for (let sweep = 0; sweep < SWEEPS; sweep++) {
		const sums = derivativesOf(nodes, counts, line);
		withInterceptPrior(sums, line, j, priors);
		withSlopePrior(sums, line.slope, priors);
		const determinant = sums.slopeSlope * sums.interceptIntercept - sums.slopeIntercept ** 2;
		if (!(determinant > EPSILON)) return line;
		const slopeStep =
			(sums.interceptIntercept * sums.slope - sums.slopeIntercept * sums.intercept) / determinant;
		const intercept =
			(sums.slopeSlope * sums.intercept - sums.slopeIntercept * sums.slope) / determinant;
		line = {
			...line,
			slope: moved(line.slope, slopeStep, BOUNDS.slope),
			intercept: moved(line.intercept, intercept, BOUNDS.intercept),
		};
	}
	return line;
}

/** One slope for all items, or the slope left alone: intercepts and slope in turns. */
function commonSlope(
	nodes: readonly number[],
	counts: readonly ExpectedCounts[],
	start: readonly Line[],
	fixed: boolean,
	priors?: Priors,
): Line[] {
	let lines = [...start];
	for (let sweep = 0; sweep < SWEEPS; sweep++) {
		const whole = { slope: 0, slopeSlope: 0 };
		lines = lines.map((line, j) => {
			const own = counts[j] ?? { all: [], right: [] };
			const sums = derivativesOf(nodes, own, line);
			withInterceptPrior(sums, line, j, priors);
			whole.slope += sums.slope;
			whole.slopeSlope += sums.slopeSlope;
			return { ...line, intercept: moved(line.intercept, interceptStep(sums), BOUNDS.intercept) };
		});
		const common = lines[0]?.slope ?? 1;
		withSlopePrior(whole, common, priors);
		if (fixed || !(whole.slopeSlope > EPSILON)) continue;
		const slope = moved(common, whole.slope / whole.slopeSlope, BOUNDS.slope);
		lines = lines.map((line) => ({ ...line, slope }));
	}
	return lines;
}

/** The M-step: the lines that make the expected counts (and priors) most likely. Nodes in logits. */
export function maximise(
	nodes: readonly number[],
	counts: readonly ExpectedCounts[],
	lines: readonly Line[],
	slopes: 'free' | 'equal' | 'unit',
	priors?: Priors,
): Line[] {
	if (slopes !== 'free') return commonSlope(nodes, counts, lines, slopes === 'unit', priors);
	return lines.map((line, j) =>
		freeLine(nodes, counts[j] ?? { all: [], right: [] }, line, j, priors),
	);
}
