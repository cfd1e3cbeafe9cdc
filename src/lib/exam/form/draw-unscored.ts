import type { Part } from './draft.ts';
import type { Placed } from './item-index.ts';
import { largestRemainder } from './largest-remainder.ts';
import type { Ranked } from './ranking.ts';

/**
 * The unscored part: items on trial first, then others by the weight of their sections, then what should be
 * avoided. May be fewer than `count`.
 */
export function drawUnscored(
	part: Part,
	count: number,
	pilots: Ranked,
	pools: readonly Ranked[],
	weights: readonly number[],
): Placed[] {
	const drawn: Placed[] = [];
	const take = (candidates: readonly Placed[], most: number): void => {
		const end = Math.min(count, drawn.length + most);
		for (const candidate of candidates) {
			if (drawn.length >= end) return;
			if (part.add(candidate.item)) drawn.push(candidate);
		}
	};
	take(pilots.fresh, count);
	const shares = largestRemainder(weights, count - drawn.length);
	pools.forEach(({ fresh }, i) => take(fresh, shares[i] ?? 0));
	for (const { fresh } of pools) take(fresh, count);
	for (const { avoided } of [pilots, ...pools]) take(avoided, count);
	return drawn;
}
