import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectPractice, variantSeed } from './select-practice.ts';
import type { ItemHistory, PracticeCandidate, PracticeWish } from './select-practice.ts';

function candidate(itemId: string, overrides: Partial<PracticeCandidate> = {}): PracticeCandidate {
	return {
		...{ itemId, version: 1, section: 'A', objective: `o-${itemId}`, family: null },
		...{ enemies: [], pilot: false, ...overrides },
	};
}

const WISH: PracticeWish = {
	...{ learner: 'ada', seed: 's', source: 'any', sections: [], count: 100, due: [] },
};
const met = (exposures: number, overrides: Partial<ItemHistory> = {}): ItemHistory => ({
	...{ exposures, lastSeenMs: 0, flagged: false, lastCorrect: null, ...overrides },
});
const ids = (
	candidates: PracticeCandidate[],
	history: Record<string, ItemHistory>,
	wish: Partial<PracticeWish> = {},
) =>
	selectPractice(candidates, new Map(Object.entries(history)), { ...WISH, ...wish }).map(
		({ itemId }) => itemId,
	);

const FOUR = ['a', 'b', 'c', 'd'].map((id) => candidate(id));

test('unseen first, then what was seen least often, then longest ago', () => {
	const history = { a: met(2), b: met(1, { lastSeenMs: 9 }), d: met(1, { lastSeenMs: 3 }) };
	expect(ids(FOUR, history)).toEqual(['c', 'd', 'b', 'a']);
	expect(ids(FOUR, history, { count: 2 })).toEqual(['c', 'd']);
	expect(ids(FOUR, history, { source: 'unseen' })).toEqual(['c']);
});

test('missed is what was wrong the last time, flagged what was marked the last time', () => {
	const history = {
		...{ a: met(1, { lastCorrect: false }), b: met(1, { lastCorrect: true, flagged: true }) },
		...{ c: met(1) },
	};
	expect(ids(FOUR, history, { source: 'missed' })).toEqual(['a']);
	expect(ids(FOUR, history, { source: 'flagged' })).toEqual(['b']);
});

test('a due objective brings the sibling that was seen least, in the order of the schedule', () => {
	const siblings = [
		...[candidate('a', { objective: 'x' }), candidate('b', { objective: 'x' })],
		...[candidate('c', { objective: 'y' }), candidate('d', { objective: 'z' })],
	];
	const wish = { source: 'due' as const, due: ['y', 'x', 'gone'] };
	expect(ids(siblings, { a: met(1) }, wish)).toEqual(['c', 'b']);
	expect(ids(siblings, { b: met(1) }, wish)).toEqual(['c', 'a']);
});

test('sections, families and enemies', () => {
	const candidates = [
		...[candidate('a', { family: 'f' }), candidate('b', { family: 'f' })],
		...[candidate('c', { enemies: ['d'] }), candidate('d'), candidate('e', { section: 'B' })],
	];
	expect(ids(candidates, {}, { sections: ['B'] })).toEqual(['e']);
	const all = ids(candidates, {});
	expect(all).toHaveLength(3);
	expect(all.filter((id) => 'ab'.includes(id))).toHaveLength(1);
	expect(all.filter((id) => 'cd'.includes(id))).toHaveLength(1);
});

test('equally good items come in another order for another seed, and the same for the same', () => {
	const many = Array.from({ length: 30 }, (_, i) => candidate(`i${i}`));
	expect(ids(many, {})).toEqual(ids(many, {}));
	expect(ids(many, {})).not.toEqual(ids(many, {}, { seed: 't' }));
});

test('a learner meets forty variants before one comes again', () => {
	const seeds = Array.from({ length: 40 }, (_, i) => variantSeed('ada', 'a', i));
	expect(new Set(seeds).size).toBe(40);
	expect(seeds.every((seed) => /^v[0-9]{1,2}$/.test(seed))).toBe(true);
	expect(variantSeed('ada', 'a', 40)).toBe(seeds[0]);
	expect(seeds).not.toEqual(seeds.map((_, i) => variantSeed('bob', 'a', i)));
});

test('never two of a family, never enemies, never more than asked', () => {
	const pools = fc.array(
		fc.record({ family: fc.option(fc.constantFrom('f', 'g')), enemy: fc.nat(9), count: fc.nat(3) }),
		{ maxLength: 10 },
	);
	fc.assert(
		fc.property(pools, fc.integer({ min: 1, max: 6 }), (rows, count) => {
			const candidates = rows.map(({ family, enemy }, i) =>
				candidate(`i${i}`, { family, enemies: enemy === i ? [] : [`i${enemy}`] }),
			);
			const history = Object.fromEntries(
				rows.flatMap((row, i) => (row.count > 0 ? [[`i${i}`, met(row.count)]] : [])),
			);
			const chosen = ids(candidates, history, { count });
			const picked = candidates.filter(({ itemId }) => chosen.includes(itemId));
			expect(chosen.length).toBeLessThanOrEqual(count);
			expect(new Set(chosen).size).toBe(chosen.length);
			const families = picked.flatMap(({ family }) => family ?? []);
			expect(new Set(families).size).toBe(families.length);
			expect(picked.some(({ enemies }) => enemies.some((id) => chosen.includes(id)))).toBe(false);
		}),
	);
});
