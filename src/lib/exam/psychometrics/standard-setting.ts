export interface AngoffResult {
	raters: number;
	items: number;
	/** The cut in points: the mean over raters of the sums of their estimates. */
	cut: number;
	/** The cut as a share of the items, 0..1. */
	cutShare: number;
	/** SD of the raters' sums over the square root of their number, in points; undefined for one rater. */
	standardError: number | undefined;
	/** Each rater's sum, in points. */
	raterSums: number[];
	/** Agreement of the averaged panel, ICC(2,k); undefined where it does not exist. */
	icc: number | undefined;
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[], centre: number): number =>
	values.reduce((sum, value) => sum + (value - centre) ** 2, 0);

/**
 * ICC(2,k) = (BMS - EMS)/(BMS + (JMS - EMS)/n): two-way random effects, mean of k raters, absolute agreement
 * (Shrout and Fleiss 1979). `ratings` has a row per rater and a column per item. Undefined below two raters or
 * items, or where items do not differ.
 */
export function intraclassCorrelation(ratings: readonly (readonly number[])[]): number | undefined {
	const k = ratings.length;
	const n = ratings[0]?.length ?? 0;
	if (k < 2 || n < 2) return undefined;
	const all = ratings.flat();
	const centre = mean(all);
	const itemMeans = Array.from({ length: n }, (_, j) => mean(ratings.map((row) => row[j] ?? 0)));
	const between = k * squares(itemMeans, centre);
	const judges = n * squares(ratings.map(mean), centre);
	const bms = between / (n - 1);
	const jms = judges / (k - 1);
	const ems = (squares(all, centre) - between - judges) / ((n - 1) * (k - 1));
	const whole = bms + (jms - ems) / n;
	return whole > 0 && bms > 0 ? (bms - ems) / whole : undefined;
}

/**
 * The cut of an Angoff panel (Angoff 1971): `ratings` has a row per rater with one estimate per item, the share
 * of minimally competent candidates who answer right, 0..1. Undefined without raters or items.
 */
export function angoffCut(ratings: readonly (readonly number[])[]): AngoffResult | undefined {
	const raters = ratings.length;
	const items = ratings[0]?.length ?? 0;
	if (raters === 0 || items === 0) return undefined;
	const raterSums = ratings.map((row) => mean(row) * row.length);
	const cut = mean(raterSums);
	return {
		raters,
		items,
		cut,
		cutShare: cut / items,
		standardError:
			raters < 2 ? undefined : Math.sqrt(squares(raterSums, cut) / (raters - 1) / raters),
		raterSums,
		icc: intraclassCorrelation(ratings),
	};
}
