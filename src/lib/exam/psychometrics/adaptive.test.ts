import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import {
	selectNext,
	startingTheta,
	type ExposureControl,
	type PoolItem,
	type SelectionState,
} from './adaptive.ts';
import { calibrateExposure, exposureParameters } from './exposure.ts';
import { information, uncalibratedItem } from './item-response.ts';

const item = (id: string, b: number, domain = 'd', enemies: string[] = []): PoolItem => ({
	id,
	domain,
	parameters: uncalibratedItem(b),
	enemies,
});
const START: SelectionState = { theta: 0, administered: [], setAside: [], recentlySeen: [] };
const NONE: ExposureControl = { kind: 'none' };
const stream = (): Random => new Random('adaptive', 'test');
const next = (
	pool: PoolItem[],
	state: { theta?: number; administered?: string[]; recentlySeen?: string[] } = {},
): string | undefined => {
	const administered = pool.filter(({ id }) => state.administered?.includes(id));
	return selectNext(pool, [], { ...START, ...state, administered }, NONE, stream())?.item.id;
};

test('the most informative item comes first; the start is a little easy', () => {
	const pool = [item('hard', 2), item('fit', 0.1), item('easy', -0.6)];
	expect(next(pool)).toBe('fit');
	expect(next(pool, { theta: startingTheta(0) })).toBe('easy');
	expect(next(pool, { administered: ['fit'] })).toBe('easy');
});

test('items seen lately and enemies of given items stay out, whoever declares the enmity', () => {
	const pool = [item('a', 0, 'd', ['b']), item('b', 0.1), item('c', 0.2, 'd', ['a']), item('e', 3)];
	expect(next(pool, { recentlySeen: ['a'] })).toBe('b');
	expect(next(pool, { administered: ['a'] })).toBe('e');
	expect(next(pool, { administered: ['a', 'e'] })).toBeUndefined();
	expect(next([])).toBeUndefined();
});

test('the domain furthest behind its share comes first, an empty one is passed over', () => {
	const pool = [
		...[0, 0.1, 0.2].map((b, i) => item(`big${i}`, b, 'big')),
		...[2, 2.1].map((b, i) => item(`small${i}`, b, 'small')),
		item('outside', 0, 'outside'),
	];
	const blueprint = [
		{ domain: 'none', weight: 10 },
		{ domain: 'big', weight: 60 },
		{ domain: 'small', weight: 30 },
	];
	const administered: PoolItem[] = [];
	for (;;) {
		const choice = selectNext(pool, blueprint, { ...START, administered }, NONE, stream());
		if (!choice) break;
		administered.push(choice.item);
	}
	expect(administered.map(({ id }) => id)).toEqual(['big0', 'small0', 'big1', 'small1', 'big2']);
});

test('randomesque chooses among the best few, each about equally often', () => {
	const pool = [0, 0.1, 0.2, 0.3, 3].map((b, i) => item(`i${i}`, b));
	const random = stream();
	const counts = new Map<string, number>();
	for (let n = 0; n < 3_000; n++) {
		const id =
			selectNext(pool, [], START, { kind: 'randomesque', among: 3 }, random)?.item.id ?? '';
		counts.set(id, (counts.get(id) ?? 0) + 1);
	}
	expect([...counts.keys()].sort()).toEqual(['i0', 'i1', 'i2']);
	for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(110);
});

test('Sympson-Hetter gives an item as often as its parameter says, and sets it aside otherwise', () => {
	const pool = [item('best', 0), item('second', 0.5)];
	const exposure: ExposureControl = { kind: 'sympson-hetter', parameters: { best: 0.25 } };
	const random = stream();
	let given = 0;
	for (let n = 0; n < 4_000; n++) {
		const choice = selectNext(pool, [], START, exposure, random);
		if (choice?.item.id === 'best') given++;
		else expect(choice?.setAside).toEqual(['best']);
	}
	expect(Math.abs(given - 1_000)).toBeLessThan(120);
	const after = { ...START, setAside: ['best'] };
	expect(selectNext(pool, [], after, exposure, random)?.item.id).toBe('second');
});

test('when all is set aside, the best of it comes back rather than nothing', () => {
	const pool = [item('a', 0), item('b', 1)];
	const never: ExposureControl = { kind: 'sympson-hetter', parameters: { a: 0, b: 0 } };
	expect(selectNext(pool, [], START, never, stream())).toMatchObject({
		item: { id: 'a' },
		setAside: ['b'],
	});
	const after = { ...START, setAside: ['a', 'b'] };
	expect(selectNext(pool, [], after, never, stream())?.item.id).toBe('a');
});

test('the choice is the best allowed item of the pool, and the same seed chooses the same', () => {
	const pools = fc.uniqueArray(
		fc.record({ id: fc.string({ minLength: 1 }), b: fc.double({ min: -3, max: 3, noNaN: true }) }),
		{ selector: ({ id }) => id, minLength: 1, maxLength: 30 },
	);
	fc.assert(
		fc.property(pools, fc.double({ min: -3, max: 3, noNaN: true }), (rows, theta) => {
			const pool = rows.map(({ id, b }) => item(id, b));
			const best = Math.max(...pool.map(({ parameters }) => information(theta, parameters)));
			const chosen = selectNext(pool, [], { ...START, theta }, NONE, stream());
			expect(information(theta, chosen?.item.parameters ?? uncalibratedItem(99))).toBe(best);
			const among: ExposureControl = { kind: 'randomesque', among: 5 };
			expect(selectNext(pool, [], { ...START, theta }, among, stream())).toEqual(
				selectNext(pool, [], { ...START, theta }, among, stream()),
			);
		}),
	);
});

test('exposure parameters cut down what is selected too often, and calibrate to the limit', () => {
	const round = {
		takers: 100,
		selections: new Map([
			['often', 50],
			['fair', 25],
			['rare', 5],
		]),
	};
	expect(exposureParameters(round, 0.25)).toEqual({ often: 0.5 });
	// Ten items of slightly different worth, tests of two items: the best two would be given to everybody.
	const pool = Array.from({ length: 10 }, (_, i) => item(`i${i}`, i / 20));
	const run = (parameters: Readonly<Record<string, number>>, seed: string, takers: number) => {
		const random = new Random(seed, 'exposure');
		const given = new Map<string, number>();
		const selections = new Map<string, number>();
		const count = (map: Map<string, number>, id: string) => map.set(id, (map.get(id) ?? 0) + 1);
		for (let n = 0; n < takers; n++) {
			const state = { ...START, administered: [] as PoolItem[], setAside: [] as string[] };
			for (let step = 0; step < 2; step++) {
				const exposure: ExposureControl = { kind: 'sympson-hetter', parameters };
				const choice = selectNext(pool, [], state, exposure, random);
				if (!choice) break;
				state.administered.push(choice.item);
				state.setAside.push(...choice.setAside);
				count(given, choice.item.id);
				for (const id of [choice.item.id, ...choice.setAside]) count(selections, id);
			}
		}
		return { takers, selections, greatest: Math.max(...given.values()) / takers };
	};
	expect(run({}, 'free', 200).greatest).toBe(1);
	const parameters = calibrateExposure((now, n) => run(now, `round ${n}`, 500), 0.3, 12);
	expect(run(parameters, 'check', 2_000).greatest).toBeLessThan(0.36);
});
