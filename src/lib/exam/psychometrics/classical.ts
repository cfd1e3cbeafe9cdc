import { wilsonInterval, type Interval } from './distributions.ts';

/**
 * Classical item and test analysis of a complete matrix: rows are persons, columns items, cells scores in 0..1
 * of first attempts. Figures that do not exist (a column without variance, too few persons) are undefined.
 */
export type ScoreMatrix = readonly (readonly number[])[];

export interface ItemStatistics {
	/** Mean score, 0..1, with its Wilson 95 % interval. */
	facility: number;
	facilityInterval: Interval;
	/** Correlation of the item with the total of the other items. */
	correctedPointBiserial: number | undefined;
	/** Correlation with the total, the item included. */
	pointBiserial: number | undefined;
	/** Moodle's discrimination index: the corrected point-biserial in percent. */
	discriminationIndex: number | undefined;
	/** Moodle's discriminative efficiency in percent: covariance with the rest over its possible maximum. */
	discriminativeEfficiency: number | undefined;
	/** Moodle's effective weight in percent of the test's variation. */
	effectiveWeight: number | undefined;
	/** Facility of the best 27 % of persons minus that of the weakest 27 %. */
	upperLowerDifference: number | undefined;
}

const sum = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const totalsOf = (scores: ScoreMatrix): number[] => scores.map(sum);

function columnsOf(scores: ScoreMatrix): number[][] {
	return (scores[0] ?? []).map((_, j) => scores.map((row) => row[j] ?? 0));
}

/** Sample covariance (n-1) of two equally long columns; NaN below two persons. */
function covariance(x: readonly number[], y: readonly number[]): number {
	const meanX = mean(x);
	const meanY = mean(y);
	return sum(x.map((value, i) => (value - meanX) * ((y[i] ?? 0) - meanY))) / (x.length - 1);
}

/** Variances below this are rounding, not variation. */
const EPSILON = 1e-12;

/** Pearson's correlation; undefined where a column does not vary or there are fewer than two persons. */
export function correlation(x: readonly number[], y: readonly number[]): number | undefined {
	const varianceX = covariance(x, x);
	const varianceY = covariance(y, y);
	if (!(varianceX > EPSILON && varianceY > EPSILON)) return undefined;
	return covariance(x, y) / Math.sqrt(varianceX * varianceY);
}

/** cov(x, rest) in percent of the covariance of both columns sorted (Moodle quiz report statistics). */
function discriminativeEfficiency(x: number[], rest: number[]): number | undefined {
	const greatest = covariance(ascending(x), ascending(rest));
	return greatest > EPSILON ? (100 * covariance(x, rest)) / greatest : undefined;
}

const GROUP_PERCENT = 27;

/** p of the upper group minus p of the lower, groups of ceil(0.27 N) (Kelley 1939); equal totals keep their order. */
function upperLowerDifference(x: readonly number[], totals: readonly number[]): number | undefined {
	const size = Math.ceil((GROUP_PERCENT * x.length) / 100);
	if (x.length < 2 * size || size === 0) return undefined;
	const order = totals.map((_, i) => i).sort((i, j) => (totals[j] ?? 0) - (totals[i] ?? 0));
	const share = (persons: number[]): number => mean(persons.map((i) => x[i] ?? 0));
	return share(order.slice(0, size)) - share(order.slice(-size));
}

/**
 * 100 sqrt(cov(x_j, t)) / sum of the same over all items whose covariance is not negative, in percent (Moodle
 * quiz report statistics).
 */
function effectiveWeights(columns: number[][], totals: number[]): (number | undefined)[] {
	const roots = columns.map((x) => {
		const value = covariance(x, totals);
		return value >= 0 ? Math.sqrt(value) : undefined;
	});
	const whole = sum(roots.map((root) => root ?? 0));
	return roots.map((root) =>
		root === undefined || whole === 0 ? undefined : (100 * root) / whole,
	);
}

/** Statistics of every item of a complete matrix, in the order of its columns. */
export function itemStatistics(scores: ScoreMatrix): ItemStatistics[] {
	const columns = columnsOf(scores);
	const totals = totalsOf(scores);
	const weights = effectiveWeights(columns, totals);
	return columns.map((x, j) => {
		const rest = totals.map((total, i) => total - (x[i] ?? 0));
		const corrected = correlation(x, rest);
		return {
			facility: mean(x),
			facilityInterval: wilsonInterval(sum(x), x.length),
			correctedPointBiserial: corrected,
			pointBiserial: correlation(x, totals),
			discriminationIndex: corrected === undefined ? undefined : 100 * corrected,
			discriminativeEfficiency: discriminativeEfficiency(x, rest),
			effectiveWeight: weights[j],
			upperLowerDifference: upperLowerDifference(x, totals),
		};
	});
}

/**
 * The score, 0..1, expected of a blind choice of one option: the sum of the options' scores over their number
 * (Moodle's random guess score). Zero without options.
 */
export function randomGuessScore(optionScores: readonly number[]): number {
	return optionScores.length === 0 ? 0 : mean(optionScores);
}

export interface TestStatistics {
	persons: number;
	items: number;
	/** Mean and sample standard deviation of the totals, in points. */
	mean: number;
	standardDeviation: number | undefined;
	skewness: number | undefined;
	kurtosis: number | undefined;
	/** Cronbach's alpha; KR-20 for scores of 0 and 1. */
	alpha: number | undefined;
	kr20: number | undefined;
	kr21: number | undefined;
	/** Standard error of measurement SD sqrt(1-alpha), in points. */
	standardErrorOfMeasurement: number | undefined;
	/** Moodle's coefficient of internal consistency: alpha in percent. */
	coefficientOfInternalConsistency: number | undefined;
	/** Moodle's error ratio 100 sqrt(1-CIC/100), in percent of the standard deviation. */
	errorRatio: number | undefined;
}

/** Fisher's k-statistics: skewness k3/k2^1.5 (from three persons) and excess kurtosis k4/k2^2 (from four). */
function shapeOf(totals: readonly number[]): Pick<TestStatistics, 'skewness' | 'kurtosis'> {
	const n = totals.length;
	const centre = mean(totals);
	const moment = (power: number): number => mean(totals.map((total) => (total - centre) ** power));
	const m2 = moment(2);
	const k2 = (n * m2) / (n - 1);
	if (!(k2 > EPSILON)) return { skewness: undefined, kurtosis: undefined };
	const k3 = (n * n * moment(3)) / ((n - 1) * (n - 2));
	const k4 =
		(n * n * ((n + 1) * moment(4) - 3 * (n - 1) * m2 * m2)) / ((n - 1) * (n - 2) * (n - 3));
	return {
		skewness: n >= 3 ? k3 / k2 ** 1.5 : undefined,
		kurtosis: n >= 4 ? k4 / (k2 * k2) : undefined,
	};
}

/**
 * Reliability of a test: Cronbach's alpha k/(k-1) (1 - sum var x / var t) (Cronbach 1951), KR-20 with population
 * variances and KR-21 k/(k-1) (1 - M(k-M)/(k var t)) (Kuder and Richardson 1937).
 */
function reliabilities(
	columns: number[][],
	totals: number[],
): Pick<TestStatistics, 'alpha' | 'kr20' | 'kr21'> {
	const k = columns.length;
	const variance = covariance(totals, totals);
	if (k < 2 || !(variance > EPSILON)) return { alpha: undefined, kr20: undefined, kr21: undefined };
	const factor = k / (k - 1);
	const population = (variance * (totals.length - 1)) / totals.length;
	const chance = sum(columns.map((x) => mean(x) * (1 - mean(x))));
	const centre = mean(totals);
	return {
		alpha: factor * (1 - sum(columns.map((x) => covariance(x, x))) / variance),
		kr20: factor * (1 - chance / population),
		kr21: factor * (1 - (centre * (k - centre)) / (k * population)),
	};
}

/** Statistics of a whole test from a complete matrix. KR-20 and KR-21 only mean something for scores of 0 and 1. */
export function testStatistics(scores: ScoreMatrix): TestStatistics {
	const columns = columnsOf(scores);
	const totals = totalsOf(scores);
	const variance = covariance(totals, totals);
	const standardDeviation = totals.length >= 2 ? Math.sqrt(variance) : undefined;
	const { alpha, kr20, kr21 } = reliabilities(columns, totals);
	// Rounding may lift alpha of a perfectly consistent test a hair above 1.
	const errorShare = alpha === undefined ? undefined : Math.sqrt(Math.max(0, 1 - alpha));
	return {
		persons: scores.length,
		items: columns.length,
		mean: scores.length === 0 ? 0 : mean(totals),
		standardDeviation,
		...shapeOf(totals),
		alpha,
		kr20,
		kr21,
		standardErrorOfMeasurement:
			errorShare === undefined || standardDeviation === undefined
				? undefined
				: standardDeviation * errorShare,
		coefficientOfInternalConsistency: alpha === undefined ? undefined : 100 * alpha,
		errorRatio: errorShare === undefined ? undefined : 100 * errorShare,
	};
}
