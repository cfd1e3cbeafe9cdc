import type { Random } from '#lib/kernel/random.ts';
import type { DomainWeight } from './coverage.ts';
import { information, type ItemParameters } from './item-response.ts';

/** What an adaptive test has to know of an item. */
export interface PoolItem {
	id: string;
	domain: string;
	parameters: ItemParameters;
	/** Items that must not stand in the same test, because one gives the other away. */
	enemies: readonly string[];
}

/** How the best item is kept from being everybody's first. */
export type ExposureControl =
	| { kind: 'none' }
	/** A random choice among the best few (Kingsbury and Zara 1989). */
	| { kind: 'randomesque'; among: number }
	/** The best item is given with probability K_j, else set aside (Sympson and Hetter 1985); 1 where absent. */
	| { kind: 'sympson-hetter'; parameters: Readonly<Record<string, number>> };

export interface SelectionState {
	/** The running ability in logits; `startingTheta` before the first answer. */
	theta: number;
	/** The items given so far. */
	administered: readonly PoolItem[];
	/** Ids set aside so far by exposure control. */
	setAside: readonly string[];
	/** Ids the learner met lately, in this test's sense of lately. */
	recentlySeen: readonly string[];
}

export interface Selection {
	item: PoolItem;
	/** Ids this choice set aside; add them to the state's. */
	setAside: string[];
}

const START_OFFSET = -0.5;

/** The ability the first item is chosen for, in logits: half a logit below expectation, for an easy start. */
export function startingTheta(priorMean: number): number {
	return priorMean + START_OFFSET;
}

/** The items that may be given at all. Enmity is mutual, even if only one of the two declares it. */
function allowedItems(
	pool: readonly PoolItem[],
	{ administered, recentlySeen }: SelectionState,
): PoolItem[] {
	const inTest = new Set(administered.map(({ id }) => id));
	const excluded = new Set([
		...inTest,
		...recentlySeen,
		...administered.flatMap(({ enemies }) => enemies),
	]);
	return pool.filter(
		({ id, enemies }) =>
			!excluded.has(id) && (enemies.length === 0 || !enemies.some((enemy) => inTest.has(enemy))),
	);
}

/**
 * The allowed items by domain, the domain furthest behind its share first: target_d - n_d/n (Kingsbury and Zara
 * 1989). Equal shortfalls keep the blueprint's order. Without a blueprint all items are one group.
 */
function groupsByShortfall(
	allowed: readonly PoolItem[],
	administered: readonly PoolItem[],
	blueprint: readonly DomainWeight[],
): (readonly PoolItem[])[] {
	if (blueprint.length === 0) return [allowed];
	const whole = blueprint.reduce((sum, { weight }) => sum + weight, 0);
	const given = Map.groupBy(administered, ({ domain }) => domain);
	const shortfall = ({ domain, weight }: DomainWeight): number =>
		weight / whole - (given.get(domain)?.length ?? 0) / Math.max(1, administered.length);
	const byDomain = Map.groupBy(allowed, ({ domain }) => domain);
	return [...blueprint]
		.sort((x, y) => shortfall(y) - shortfall(x))
		.map(({ domain }) => byDomain.get(domain) ?? []);
}

/** Yields the items by falling information at `theta`, finding each next one only when asked. */
function* byInformation(items: readonly PoolItem[], theta: number): Generator<PoolItem> {
	const values = items.map(({ parameters }) => information(theta, parameters));
	for (let rank = 0; rank < items.length; rank++) {
		let best = 0;
		let most = -1;
		for (let i = 0; i < values.length; i++) {
			const value = values[i] ?? 0;
			if (value > most) {
				best = i;
				most = value;
			}
		}
		values[best] = -1;
		const item = items[best];
		if (item) yield item;
	}
}

function chooseWithin(
	items: readonly PoolItem[],
	theta: number,
	exposure: ExposureControl,
	random: Random,
): { item: PoolItem | undefined; setAside: string[] } {
	const ranked = byInformation(items, theta);
	if (exposure.kind === 'none') return { item: ranked.next().value ?? undefined, setAside: [] };
	if (exposure.kind === 'randomesque') {
		const best = [...ranked.take(Math.max(1, exposure.among))];
		return { item: best.length > 0 ? random.pick(best) : undefined, setAside: [] };
	}
	const setAside: string[] = [];
	for (const item of ranked) {
		// A draw for every item tried, so that K = 1 costs no other randomness than K < 1.
		if (random.uint32() / 2 ** 32 < (exposure.parameters[item.id] ?? 1)) return { item, setAside };
		setAside.push(item.id);
	}
	return { item: undefined, setAside };
}

/**
 * The next item of an adaptive test: the most informative one at the running ability (Birnbaum 1968) of the domain
 * furthest behind its blueprint share, without enemies of items already given and without items seen lately. When
 * exposure control has set aside all that is left, the blueprint's next domain follows, and at last the items set
 * aside come back. Undefined when nothing may be given.
 */
export function selectNext(
	pool: readonly PoolItem[],
	blueprint: readonly DomainWeight[],
	state: SelectionState,
	exposure: ExposureControl,
	random: Random,
): Selection | undefined {
	const groups = groupsByShortfall(allowedItems(pool, state), state.administered, blueprint);
	const before = new Set(state.setAside);
	const setAside: string[] = [];
	for (const group of groups) {
		const fresh = before.size === 0 ? group : group.filter(({ id }) => !before.has(id));
		const choice = chooseWithin(fresh, state.theta, exposure, random);
		setAside.push(...choice.setAside);
		if (choice.item) return { item: choice.item, setAside };
	}
	const item = groups.flatMap((group) => [...byInformation(group, state.theta).take(1)])[0];
	return item && { item, setAside: setAside.filter((id) => id !== item.id) };
}
