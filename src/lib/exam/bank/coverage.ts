import type { Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Item } from '../item/item-schema.ts';

/** Two forms of a mock must not share an item. */
const FORMS = 2;

/** The code of the section that a code of an outline belongs to; `undefined` for an unknown code. */
function sectionOf(blueprint: Blueprint, code: string): string | undefined {
	return blueprint.sections.find(
		(section) => section.code === code || section.tasks.some((task) => task.code === code),
	)?.code;
}

/** Whether an item can stand in a form and count there. */
export function isScored({ status, pilot }: Item): boolean {
	return status === 'live' && !pilot;
}

/** The scored items of each section of an outline, by section code, empty sections included. */
export function itemsBySection(
	items: Iterable<Item>,
	outline: string,
	blueprint: Blueprint,
): Map<string, Item[]> {
	const sections = new Map(blueprint.sections.map(({ code }): [string, Item[]] => [code, []]));
	for (const item of items) {
		if (!isScored(item)) continue;
		const codes = item.blueprint
			.filter((place) => place.outline === outline)
			.map(({ code }) => sectionOf(blueprint, code));
		// Two tasks of one section make one item of that section.
		for (const code of new Set(codes)) if (code) sections.get(code)?.push(item);
	}
	return sections;
}

/** How many of some items two forms can hold together: a form takes at most one of a family. */
export function supply(items: readonly Item[]): number {
	const families = new Map<string, number>();
	for (const { id, family } of items) {
		const name = family ?? id;
		families.set(name, (families.get(name) ?? 0) + 1);
	}
	return [...families.values()].reduce((sum, count) => sum + Math.min(count, FORMS), 0);
}
