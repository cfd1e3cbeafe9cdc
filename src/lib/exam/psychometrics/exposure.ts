/** What one simulated round of an adaptive test shows. */
export interface ExposureRound {
	takers: number;
	/** By item id: for how many takers the item was selected, whether then given or set aside. */
	selections: ReadonlyMap<string, number>;
}

/**
 * The next Sympson-Hetter parameters: K_j = r_max/P_S(j) where the share of takers for whom item j was selected
 * exceeds `maximumRate`, else 1 (Sympson and Hetter 1985). Items with K = 1 are left out.
 */
export function exposureParameters(
	{ takers, selections }: ExposureRound,
	maximumRate: number,
): Record<string, number> {
	const parameters: Record<string, number> = {};
	for (const [id, count] of selections) {
		const share = count / takers;
		if (share > maximumRate) parameters[id] = maximumRate / share;
	}
	return parameters;
}

/**
 * Sympson-Hetter parameters by repeated simulation: `simulate` runs takers through the test under the parameters
 * given to it. The rounds need not converge (van der Linden 2003), so their number, commonly 5 to 20, is fixed.
 */
export function calibrateExposure(
	simulate: (parameters: Readonly<Record<string, number>>, round: number) => ExposureRound,
	maximumRate: number,
	rounds: number,
): Record<string, number> {
	let parameters: Record<string, number> = {};
	for (let round = 0; round < rounds; round++) {
		parameters = exposureParameters(simulate(parameters, round), maximumRate);
	}
	return parameters;
}
