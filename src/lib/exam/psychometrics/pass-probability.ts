import type { AbilityEstimate, Posterior } from './ability.ts';
import { normalCdf, type Interval } from './distributions.ts';
import { probabilityCorrect, type ItemParameters } from './item-response.ts';

/** The half width of the cells around evenly spaced nodes. */
function halfCell(nodes: readonly number[]): number {
	return ((nodes[1] ?? 0) - (nodes[0] ?? 0)) / 2;
}

/**
 * The share of a node's cell above the cut. A node on the cut counts half; without that the probability is
 * biased by as much as 0.1. The outermost cells reach inward only.
 */
function shareAbove(nodes: readonly number[], i: number, cut: number): number {
	const half = halfCell(nodes);
	const node = nodes[i] ?? 0;
	const low = i === 0 ? node : node - half;
	const high = i === nodes.length - 1 ? node : node + half;
	return Math.min(Math.max((high - cut) / (high - low), 0), 1);
}

/**
 * The probability of passing: the posterior mass above `cut` (logits). With `errorVariance` (squared logits, see
 * `predictionVariance`) it predicts the result of a test rather than the ability: every node passes with
 * Phi((theta-cut)/sqrt(errorVariance)).
 */
export function passProbability(
	{ nodes, masses }: Posterior,
	cut: number,
	errorVariance = 0,
): number {
	const error = Math.sqrt(errorVariance);
	let sum = 0;
	nodes.forEach((theta, i) => {
		const passes = error > 0 ? normalCdf((theta - cut) / error) : shareAbove(nodes, i, cut);
		sum += (masses[i] ?? 0) * passes;
	});
	return Math.min(Math.max(sum, 0), 1);
}

/**
 * The same from an estimate and its standard error, Phi((theta-cut)/sqrt(SE^2 + errorVariance))
 * (Rudner 2001).
 */
export function passProbabilityNormal(
	{ theta, standardError }: AbilityEstimate,
	cut: number,
	errorVariance = 0,
): number {
	return normalCdf((theta - cut) / Math.sqrt(standardError ** 2 + errorVariance));
}

/**
 * What an exam adds to the uncertainty of ability, in squared logits: its own error 1/I at the cut and the drift
 * of ability until the day of the exam, which is assumed to grow evenly.
 */
export function predictionVariance(exam: {
	/** Information of the exam's form at the cut, per squared logit, greater than 0. */
	formInformation: number;
	daysToExam: number;
	driftVariancePerDay: number;
}): number {
	return 1 / exam.formInformation + exam.daysToExam * exam.driftVariancePerDay;
}

/**
 * The central interval that holds `share` (0..1) of a posterior, in logits; mass is spread evenly over each
 * node's cell.
 */
export function credibleInterval({ nodes, masses }: Posterior, share: number): Interval {
	const half = halfCell(nodes);
	const last = nodes.length - 1;
	const quantile = (p: number): number => {
		let below = 0;
		for (const [i, node] of nodes.entries()) {
			const mass = masses[i] ?? 0;
			if (mass > 0 && below + mass >= p) {
				const low = i === 0 ? node : node - half;
				const high = i === last ? node : node + half;
				return low + ((high - low) * (p - below)) / mass;
			}
			below += mass;
		}
		return nodes[last] ?? 0;
	};
	return { low: quantile((1 - share) / 2), high: quantile((1 + share) / 2) };
}

const CUT_BOUNDS = { low: -6, high: 6 };
const HALVINGS = 60;

/**
 * The cut on the ability scale, in logits: the root of sum P_j(theta) = sum angoff_j, the ability at which a
 * candidate is expected to score what the panel expects of the minimally competent. Undefined when the panel's
 * sum is reached nowhere in -6..6, or without items.
 */
export function abilityCut(
	items: readonly { parameters: ItemParameters; angoff: number }[],
): number | undefined {
	const surplus = (theta: number): number =>
		items.reduce(
			(sum, { parameters, angoff }) => sum + probabilityCorrect(theta, parameters) - angoff,
			0,
		);
	let { low, high } = CUT_BOUNDS;
	if (items.length === 0 || surplus(low) > 0 || surplus(high) < 0) return undefined;
	for (let i = 0; i < HALVINGS; i++) {
		const middle = (low + high) / 2;
		if (surplus(middle) > 0) high = middle;
		else low = middle;
	}
	return (low + high) / 2;
}
