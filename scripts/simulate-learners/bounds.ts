/** A figure that was promised, and what the simulation found. */
export interface Bound {
	what: string;
	measured: number;
	limit: { atMost: number } | { atLeast: number };
}

/** How far a bound is missed, 0 when it holds; a figure that is not a number misses by infinity. */
export function missedBy({ measured, limit }: Bound): number {
	if (Number.isNaN(measured)) return Infinity;
	return Math.max(0, 'atMost' in limit ? measured - limit.atMost : limit.atLeast - measured);
}

/** One line a bound. */
export function boundLine(bound: Bound): string {
	const { what, measured, limit } = bound;
	const promise = 'atMost' in limit ? `<= ${limit.atMost}` : `>= ${limit.atLeast}`;
	const missed = missedBy(bound);
	const verdict = missed === 0 ? 'holds' : `MISSED by ${missed.toFixed(3)}`;
	return `  ${what.padEnd(68)}${promise.padEnd(11)}${measured.toFixed(3).padStart(8)}  ${verdict}`;
}
