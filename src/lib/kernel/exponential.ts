/** ln 2 in two parts: the first has zeros at its end, so that its product with a small whole number is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
/** Beyond these e^x is 0 or infinite in a double. */
const LOWEST = -745.2;
const HIGHEST = 709.8;

/**
 * e^x with additions, multiplications and divisions only, so that every engine gives the same bits: ECMAScript
 * leaves the digits of Math.exp to the engine. Relative error below 1e-14 for results that are normal doubles.
 */
export function exponential(x: number): number {
	if (Number.isNaN(x)) return x;
	if (x < LOWEST) return 0;
	if (x > HIGHEST) return Infinity;
	const doublings = Math.round(x / (LN2_HIGH + LN2_LOW));
	const rest = x - doublings * LN2_HIGH - doublings * LN2_LOW;
	// |rest| is at most ln 2 / 2, where 14 terms of the series are enough.
	let result = 1;
	for (let term = 14; term > 0; term--) result = 1 + (result * rest) / term;
	const factor = doublings < 0 ? 0.5 : 2;
	for (let step = Math.abs(doublings); step > 0; step--) result *= factor;
	return result;
}
