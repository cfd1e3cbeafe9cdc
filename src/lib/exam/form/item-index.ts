import type { Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Item } from '../item/item-schema.ts';
import { isOther, isRecall } from './draft.ts';

/** An item with the section, counted from 0, that it stands for. */
export interface Placed {
	item: Item;
	section: number;
}

/** The items that count in one section. */
export interface SectionItems {
	/** In the order of their ids. */
	items: readonly Placed[];
	/** Of the items those of different families: more can't stand in a form together. */
	usable: number;
	/** The same without those that ask for recall only. */
	usableApplied: number;
	/** The same without types other than choices. */
	usableChoices: number;
	meanLevel: number;
}

/** The items that a form of one blueprint can take. */
export interface ItemIndex {
	/** In the blueprint's order. */
	sections: readonly SectionItems[];
	/** Those that are on trial and can only stand unscored, in the order of their ids. */
	pilots: readonly Placed[];
}

/**
 * Sorts items by the sections of a blueprint. Only live items; no scenarios, because a lab takes as long as the
 * rest of the form. An item with several codes of one outline stands for the first. The order of `items` does
 * not matter.
 */
export function indexItems(items: readonly Item[], blueprint: Blueprint): ItemIndex {
	const outline = `${blueprint.exam}-${blueprint.outline}`;
	const sectionOfCode = new Map<string, number>();
	blueprint.sections.forEach(({ code, tasks }, section) => {
		for (const each of [code, ...tasks.map((task) => task.code)]) sectionOfCode.set(each, section);
	});
	const sections = blueprint.sections.map((): Placed[] => []);
	const pilots: Placed[] = [];
	for (const item of inOrder(items)) {
		if (item.status !== 'live' || item.type === 'scenario') continue;
		const code = item.blueprint.find((place) => place.outline === outline)?.code;
		const section = code === undefined ? undefined : sectionOfCode.get(code);
		if (section === undefined) continue;
		if (item.pilot) pilots.push({ item, section });
		else sections[section]?.push({ item, section });
	}
	return { sections: sections.map(sectionItems), pilots };
}

function inOrder(items: readonly Item[]): readonly Item[] {
	const ordered = items.every(({ id }, i) => i === 0 || (items[i - 1]?.id ?? '') < id);
	if (ordered) return items;
	return [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function sectionItems(items: readonly Placed[]): SectionItems {
	const all = new Families();
	const applied = new Families();
	const choices = new Families();
	let levels = 0;
	for (const { item } of items) {
		all.count(item);
		if (!isRecall(item)) applied.count(item);
		if (!isOther(item)) choices.count(item);
		levels += item.level;
	}
	return {
		...{ items, usable: all.size(), usableApplied: applied.size() },
		...{ usableChoices: choices.size(), meanLevel: levels / Math.max(1, items.length) },
	};
}

/** Counts items of different families. */
class Families {
	readonly #families = new Set<string>();
	#alone = 0;

	count({ family }: Item): void {
		if (family === undefined) this.#alone++;
		else this.#families.add(family);
	}

	size(): number {
		return this.#alone + this.#families.size;
	}
}
