import type { Random } from '#lib/kernel/random.ts';
import type { Placed } from './item-index.ts';

/** How often items were met, and which should stay out where others serve as well. */
export interface Preferences {
	exposure: ReadonlyMap<string, number>;
	avoid: ReadonlySet<string>;
}

/** Items in the order in which they should be taken. */
export interface Ranked {
	fresh: readonly Placed[];
	/** Those that should stay out where others serve as well. */
	avoided: readonly Placed[];
}

/** Items in random order, then by how often they were met. */
export function ranked(
	items: readonly Placed[],
	{ exposure, avoid }: Preferences,
	random: Random,
): Ranked {
	// Most were never met; only the others need sorting.
	const never = { fresh: [] as Placed[], avoided: [] as Placed[] };
	const met = { fresh: [] as Placed[], avoided: [] as Placed[] };
	for (const one of random.shuffle(items)) {
		const kind = avoid.has(one.item.id) ? 'avoided' : 'fresh';
		(exposure.has(one.item.id) ? met : never)[kind].push(one);
	}
	const times = ({ item }: Placed): number => exposure.get(item.id) ?? 0;
	const inOrder = (kind: 'fresh' | 'avoided'): Placed[] =>
		never[kind].concat(met[kind].sort((a, b) => times(a) - times(b)));
	return { fresh: inOrder('fresh'), avoided: inOrder('avoided') };
}

/** Whether an item is at least as wanted as another. */
export function asWanted(one: Placed, other: Placed, { exposure, avoid }: Preferences): boolean {
	const [a, b] = [avoid.has(one.item.id), avoid.has(other.item.id)];
	if (a !== b) return b;
	return (exposure.get(one.item.id) ?? 0) <= (exposure.get(other.item.id) ?? 0);
}
