import type { Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Item } from '../item/item-schema.ts';

/** An item in the part it plays for one outline. */
export interface StudyItem {
	itemId: string;
	version: number;
	/** The code of its section. */
	section: string;
	objective: string;
	item: Item;
}

/** An objective in one section of an outline; one that serves two sections stands in both. */
export interface StudyObjective {
	objective: string;
	section: string;
	/** Labs that cure misunderstandings of it, as its items name them. */
	labs: readonly string[];
}

/** What progress is measured against. Made once for each outline, whoever the learner is. */
export interface StudyOutline {
	/** Weights sum to 1. */
	sections: readonly { code: string; title: string; weight: number }[];
	/** By id. */
	items: ReadonlyMap<string, StudyItem>;
	/** By the code of the section. */
	objectives: ReadonlyMap<string, readonly StudyObjective[]>;
	/** By id; one that serves several sections stands here for the first. */
	byObjective: ReadonlyMap<string, StudyObjective>;
	/** A form such as the exam would be: its length by section, levels as in the bank. */
	form: readonly StudyItem[];
}

/** Puts an outline together from its live items. */
export function studyOutline(blueprint: Blueprint, items: readonly StudyItem[]): StudyOutline {
	const whole = blueprint.sections.reduce((sum, section) => sum + section.items, 0);
	const bySection = Map.groupBy(items, ({ section }) => section);
	const objectives = blueprint.sections.map(({ code }): [string, StudyObjective[]] => {
		return [code, objectivesOf(code, bySection.get(code) ?? [])];
	});
	const byObjective = new Map<string, StudyObjective>();
	for (const one of objectives.flatMap(([, own]) => own)) {
		if (!byObjective.has(one.objective)) byObjective.set(one.objective, one);
	}
	return {
		sections: blueprint.sections.map(({ code, title, items: weight }) => {
			return { code, title, weight: whole > 0 ? weight / whole : 0 };
		}),
		items: new Map(items.map((one) => [one.itemId, one])),
		...{ objectives: new Map(objectives), byObjective },
		form: blueprint.sections.flatMap(({ code, items: count }) =>
			typical(bySection.get(code) ?? [], count),
		),
	};
}

function objectivesOf(section: string, items: readonly StudyItem[]): StudyObjective[] {
	return [...Map.groupBy(items, ({ objective }) => objective)].map(([objective, own]) => {
		const labs = [...new Set(own.flatMap(({ item }) => item.remediate ?? []))];
		return { objective, section, labs };
	});
}

/** Evenly spaced items of a section in the order of their levels, some more than once where there are few. */
function typical(items: readonly StudyItem[], count: number): StudyItem[] {
	const own = items
		.filter(({ item }) => !item.pilot && item.type !== 'scenario')
		.sort((a, b) => a.item.level - b.item.level || (a.itemId < b.itemId ? -1 : 1));
	return Array.from({ length: count }, (_, i) => {
		return own[Math.floor(((i + 0.5) * own.length) / count)];
	}).filter((one) => one !== undefined);
}
