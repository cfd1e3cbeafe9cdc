/**
 * Shares a whole number out by weight: each gets the whole part of what is due to it, and what is left goes to
 * the largest remainders (Hamilton's method), of equal ones to the first. The shares sum to `total`; without any
 * weight all are 0. Weights must not be negative.
 */
export function largestRemainder(weights: readonly number[], total: number): number[] {
	const whole = weights.reduce((sum, weight) => sum + weight, 0);
	if (!(whole > 0)) return weights.map(() => 0);
	// Products before the division: with whole weights the remainders are exact.
	const shares = weights.map((weight) => Math.floor((weight * total) / whole));
	const remainders = weights.map((weight, i) => weight * total - (shares[i] ?? 0) * whole);
	const left = total - shares.reduce((sum, share) => sum + share, 0);
	const order = weights.map((_, i) => i);
	order.sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
	for (const i of order.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1;
	return shares;
}
