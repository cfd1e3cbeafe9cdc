import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Item } from '../item/item-schema.ts';
import type { SlotPlan } from '../session/plan.ts';
import { buildForm, type FormRequest } from './build-form.ts';
import { indexItems } from './item-index.ts';
import { syntheticBank, syntheticBlueprint, syntheticItem } from './synthetic-bank.fixture.ts';

const BLUEPRINT = syntheticBlueprint([5, 7, 16, 12], 10);
const BANK = syntheticBank(600, 4);

function build(change: Partial<FormRequest> = {}): SlotPlan[] {
	const built = buildForm({
		...{ blueprint: BLUEPRINT, items: BANK, seed: 'seed-1', scored: 40, unscored: 10 },
		...{ exposure: new Map(), avoid: new Set(), ...change },
	});
	if ('problem' in built) throw new Error(built.problem);
	return built.form.slots;
}

function problemOf(items: Item[], change: Partial<FormRequest> = {}): string {
	const blueprint = syntheticBlueprint([5, 3]);
	const built = buildForm({
		...{ blueprint, items, seed: 's', scored: 8, unscored: 0 },
		...{ exposure: new Map(), avoid: new Set(), ...change },
	});
	return 'problem' in built ? built.problem : '';
}

const itemsOf = (slots: readonly SlotPlan[], bank: readonly Item[] = BANK): Item[] => {
	const byId = new Map(bank.map((item) => [item.id, item]));
	return slots.map(({ itemId }) => byId.get(itemId) as Item);
};
const ids = (slots: readonly SlotPlan[]): string[] => slots.map(({ itemId }) => itemId);
const many = (count: number, section: number, from: number, change: Partial<Item> = {}): Item[] =>
	Array.from({ length: count }, (_, i) => syntheticItem(from + i, section, change as never));

test('forms are frozen: a seed gives the same form for ever', () => {
	const slots = build({ scored: 8, unscored: 2 });
	expect(slots.map((slot) => `${slot.itemId} ${slot.seed} ${slot.section} ${slot.scored}`)).toEqual(
		[
			...['SY-item-0-0359 v7 D true', 'SY-item-0-0461 v10 B true', 'SY-item-0-0339 v9 D true'],
			...['SY-item-0-0020 v17 A true', 'SY-item-0-0217 v29 B false', 'SY-item-0-0030 v7 C true'],
			...['SY-item-0-0457 v30 B false', 'SY-item-0-0362 v17 C true', 'SY-item-0-0593 v38 B true'],
			'SY-item-0-0554 v24 C true',
		],
	);
});

test('the order of the bank and an index made before change nothing', () => {
	expect(build({ items: BANK.toReversed() })).toEqual(build());
	expect(build({ items: indexItems(BANK, BLUEPRINT) })).toEqual(build());
});

test('the sections have their weight and the unscored items stand anywhere', () => {
	const slots = build();
	const scored = slots.filter((slot) => slot.scored);
	const counts = Map.groupBy(scored, ({ section }) => section);
	expect(['A', 'B', 'C', 'D'].map((code) => counts.get(code)?.length)).toEqual([5, 7, 16, 12]);
	expect(slots).toHaveLength(50);
	const places = slots.flatMap((slot, place) => (slot.scored ? [] : [place]));
	expect(Math.min(...places)).toBeLessThan(25);
	expect(Math.max(...places)).toBeGreaterThan(24);
});

test('every rule of a form holds for any seed and length', () => {
	const seeds = fc.string({ minLength: 1, maxLength: 8 });
	const rule = (seed: string, scored: number, unscored: number): void => {
		const slots = build({ seed, scored, unscored });
		const items = itemsOf(slots);
		expect(slots.filter((slot) => slot.scored)).toHaveLength(scored);
		expect(slots).toHaveLength(scored + unscored);
		expect(new Set(ids(slots)).size).toBe(slots.length);
		const families = items.flatMap(({ family }) => family ?? []);
		expect(new Set(families).size).toBe(families.length);
		const present = new Set(ids(slots));
		for (const item of items) expect(item.enemies.filter((id) => present.has(id))).toEqual([]);
		const counted = itemsOf(slots.filter((slot) => slot.scored));
		expect(counted.some(({ pilot }) => pilot)).toBe(false);
		const share = (wanted: (item: Item) => boolean): number =>
			counted.filter(wanted).length / scored;
		expect(share(({ cognitive }) => cognitive === 'recall')).toBeLessThanOrEqual(0.4);
		expect(share(({ type }) => type !== 'sba' && type !== 'multi')).toBeLessThanOrEqual(0.1);
		for (const { seed: variant } of slots) expect(variant).toMatch(/^v([0-9]|[123][0-9])$/);
	};
	fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 80 }), fc.nat(20), rule), { numRuns: 60 });
});

test('what counts and what does not: drafts, labs and other outlines never stand in a form', () => {
	const lab = { ...syntheticItem(900, 0), type: 'scenario', scenario: 'x', pass: 100 } as never;
	const other = { blueprint: [{ outline: 'else-2026', code: 'A' }] };
	const wrong = [lab, ...many(3, 0, 910, { status: 'draft' }), ...many(3, 0, 920, other)];
	const slots = build({ items: [...BANK, ...wrong], scored: 100, unscored: 40 });
	const names = new Set(wrong.map(({ id }) => id));
	expect(ids(slots).filter((id) => names.has(id))).toEqual([]);
});

test('items on trial come first among the unscored', () => {
	const slots = build({ unscored: 30 }).filter(({ scored }) => !scored);
	const pilots = itemsOf(slots).filter(({ pilot }) => pilot);
	expect(pilots.length).toBeGreaterThanOrEqual(15);
	expect(build({ unscored: 5 }).filter(({ scored }) => !scored)).toSatisfy((own: SlotPlan[]) =>
		itemsOf(own).every(({ pilot }) => pilot),
	);
});

test('a second form avoids the first one where the bank suffices, and overlaps where it must', () => {
	for (let i = 0; i < 20; i++) {
		const first = build({ seed: `first ${i}` });
		const avoid = new Set(ids(first));
		const second = build({ seed: `second ${i}`, avoid });
		expect(ids(second).filter((id) => avoid.has(id))).toEqual([]);
	}
	const small = [...many(6, 0, 0), ...many(4, 1, 50)];
	const blueprint = syntheticBlueprint([5, 3]);
	const first = build({ items: small, blueprint, scored: 8, unscored: 0 });
	const avoid = new Set(ids(first));
	const second = build({ items: small, blueprint, scored: 8, unscored: 0, avoid });
	const fresh = small.filter(({ id }) => !avoid.has(id)).map(({ id }) => id);
	expect(ids(second)).toEqual(expect.arrayContaining(fresh));
});

test('what was met least often is preferred, and balancing does not undo it', () => {
	const half = BANK.filter((_, i) => (i >> 2) % 2 === 0);
	const exposure = new Map(half.map(({ id }) => [id, 2]));
	const slots = build({ exposure });
	const counted = slots.filter(({ scored }) => scored);
	expect(ids(counted).filter((id) => exposure.has(id))).toEqual([]);
});

test('the mean level of each section comes near that of the bank', () => {
	const means = (items: readonly Item[]): number =>
		items.reduce((sum, { level }) => sum + level, 0) / items.length;
	const index = indexItems(BANK, BLUEPRINT);
	for (let i = 0; i < 20; i++) {
		const slots = build({ seed: `level ${i}` }).filter(({ scored }) => scored);
		['A', 'B', 'C', 'D'].forEach((code, section) => {
			const own = itemsOf(slots.filter((slot) => slot.section === code));
			const whole = (index.sections[section]?.items ?? []).map(({ item }) => item);
			expect(Math.abs(means(own) - means(whole))).toBeLessThanOrEqual(0.5 / own.length + 1e-9);
		});
	}
});

test('a section that is short of items is named', () => {
	const short = [...many(4, 0, 0), ...many(3, 1, 10)];
	expect(problemOf(short)).toBe('Section A has 4 usable items, 5 are needed.');
	const family = [...many(9, 0, 0, { family: 'one' }), ...many(3, 1, 10)];
	expect(problemOf(family)).toBe('Section A has 1 usable item, 5 are needed.');
	expect(problemOf([])).toBe(
		'Section A has 0 usable items, 5 are needed. Section B has 0 usable items, 3 are needed.',
	);
	expect(problemOf([...many(5, 0, 0), ...many(3, 1, 10)])).toBe('');
});

test('what blocks a form is explained', () => {
	const recall = [...many(9, 0, 0, { cognitive: 'recall' }), ...many(9, 1, 20)];
	expect(problemOf(recall)).toContain('Section A has 9 usable items, of which only 3 fit');
	const enough = [...many(5, 0, 0), ...many(3, 1, 20)];
	expect(problemOf(enough, { unscored: 2 })).toBe(
		'Only 0 further items fit into the unscored part, 2 are needed.',
	);
});

test('a section that needs the whole allowance for recall gets it', () => {
	const recall = { cognitive: 'recall' as const };
	const items = [...many(9, 0, 0), ...many(9, 0, 20, recall), ...many(3, 1, 40, recall)];
	for (let i = 0; i < 20; i++) expect(problemOf(items, { seed: `${i}` })).toBe('');
});

test('enemies that block a first draw are tried in another order', () => {
	// One hub is the enemy of four others: a draw that takes it can't reach five.
	const ring = many(6, 0, 0);
	const [hub, ...others] = ring as [Item, ...Item[]];
	const items = [{ ...hub, enemies: others.map(({ id }) => id) }, ...others, ...many(3, 1, 20)];
	for (let i = 0; i < 20; i++) expect(problemOf(items, { seed: `${i}` })).toBe('');
});
