import { expect, test } from 'vitest';
import type { Item } from '../item/item-schema.ts';
import { Draft, limitsOf, Part } from './draft.ts';
import { drawSections, type SectionPool } from './draw-sections.ts';
import { indexItems } from './item-index.ts';
import { syntheticBlueprint, syntheticItem } from './synthetic-bank.fixture.ts';

test('a section leaves later ones the recall that they can’t do without', () => {
	const recall = (number: number, section: number): Item =>
		syntheticItem(number, section, { cognitive: 'recall' });
	const items = [
		...[0, 1, 2, 3, 4].map((number) => recall(number, 0)),
		...[10, 11, 12, 13, 14].map((number) => syntheticItem(number, 0)),
		...[20, 21, 22].map((number) => recall(number, 1)),
	];
	const { sections } = indexItems(items, syntheticBlueprint([5, 3]));
	const pools = sections.map((section, i): SectionPool => {
		return { ...section, quota: [5, 3][i] ?? 0, pool: { fresh: section.items, avoided: [] } };
	});
	const drawn = drawSections(new Part(new Draft(), limitsOf(8)), pools, [0, 1]);
	expect(drawn.map(({ length }) => length)).toEqual([5, 3]);
});
