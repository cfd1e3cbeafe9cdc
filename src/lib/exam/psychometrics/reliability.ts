import { wilsonInterval, type Interval } from './distributions.ts';

/** A predicted probability and what came of it. */
export interface Forecast {
	probability: number;
	outcome: boolean;
}

export interface ReliabilityBin {
	low: number;
	high: number;
	count: number;
	/** Mean predicted probability. */
	predicted: number;
	/** Share of outcomes, with its Wilson 95 % interval. */
	observed: number;
	interval: Interval;
}

/** The reliability diagram: forecasts in equal bins of probability, empty bins left out. */
export function reliabilityDiagram(forecasts: readonly Forecast[], bins = 10): ReliabilityBin[] {
	const byBin = Map.groupBy(forecasts, ({ probability }) =>
		Math.min(bins - 1, Math.floor(probability * bins)),
	);
	return [...byBin]
		.sort(([x], [y]) => x - y)
		.map(([bin, own]) => {
			const happened = own.filter(({ outcome }) => outcome).length;
			return {
				low: bin / bins,
				high: (bin + 1) / bins,
				count: own.length,
				predicted: own.reduce((sum, { probability }) => sum + probability, 0) / own.length,
				observed: happened / own.length,
				interval: wilsonInterval(happened, own.length),
			};
		});
}

/** Mean squared distance of forecast and outcome, 0 best (Brier 1950); undefined without forecasts. */
export function brierScore(forecasts: readonly Forecast[]): number | undefined {
	if (forecasts.length === 0) return undefined;
	const sum = forecasts.reduce(
		(total, { probability, outcome }) => total + (probability - (outcome ? 1 : 0)) ** 2,
		0,
	);
	return sum / forecasts.length;
}

/** Mean distance of predicted and observed over the bins of a diagram, weighted by their counts. */
export function calibrationError(diagram: readonly ReliabilityBin[]): number | undefined {
	const count = diagram.reduce((sum, bin) => sum + bin.count, 0);
	if (count === 0) return undefined;
	return (
		diagram.reduce((sum, bin) => sum + bin.count * Math.abs(bin.predicted - bin.observed), 0) /
		count
	);
}
