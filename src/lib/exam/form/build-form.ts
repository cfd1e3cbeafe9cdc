import { Random } from '#lib/kernel/random.ts';
import type { Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Item } from '../item/item-schema.ts';
import { VARIANTS, variantOf } from '../item/variants.ts';
import type { SlotPlan } from '../session/plan.ts';
import { balanceLevels } from './balance-levels.ts';
import { Draft, limitsOf, Part } from './draft.ts';
import { drawSections, type SectionPool } from './draw-sections.ts';
import { drawUnscored } from './draw-unscored.ts';
import { indexItems, type ItemIndex, type Placed } from './item-index.ts';
import { largestRemainder } from './largest-remainder.ts';
import { ranked, type Preferences } from './ranking.ts';

export interface FormRequest extends Preferences {
	blueprint: Blueprint;
	/** Items of a bank, or the index of them for this blueprint. */
	items: readonly Item[] | ItemIndex;
	/** Everything that is drawn follows from it. */
	seed: string;
	scored: number;
	unscored: number;
}

/** A draw in which enemies or limits block a section is tried so often, that section first. */
const TRIES = 8;

/**
 * Draws a form by a blueprint: the sections in proportion to their weights, at most 40 % recall and 10 % other
 * types than choices, one item of a family, no enemies, no scenarios. What was met least often comes first,
 * what should be avoided last. The unscored items stand among the others. The same request gives the same form
 * for ever. `problem` tells what the bank lacks.
 */
export function buildForm(
	request: FormRequest,
): { form: { seed: string; slots: SlotPlan[] } } | { problem: string } {
	const { blueprint, items, seed, scored, unscored } = request;
	const index = 'sections' in items ? items : indexItems(items, blueprint);
	const weights = blueprint.sections.map((section) => section.items);
	const quotas = largestRemainder(weights, scored);
	const drawn = drawScored(request, index, quotas);
	if ('problem' in drawn) return drawn;
	const { draft, part, sections, bySection } = drawn;
	balanceLevels(part, sections, bySection, request, new Random(seed, 'form levels'));
	const extra = drawUnscored(
		new Part(draft, limitsOf(unscored)),
		unscored,
		ranked(index.pilots, request, new Random(seed, 'form pilots')),
		sections.map(({ pool }) => pool),
		weights,
	);
	if (extra.length < unscored) {
		const problem = `Only ${extra.length} further items fit into the unscored part, ${unscored} are needed.`;
		return { problem };
	}
	const variants = new Random(seed, 'form variants');
	const slotOf = ({ item, section }: Placed, counts: boolean): SlotPlan => ({
		...{ itemId: item.id, version: item.version, seed: variantOf(variants.below(VARIANTS)) },
		section: blueprint.sections[section]?.code ?? '',
		...{ objective: item.objective, scored: counts },
	});
	const slots = [
		...bySection.flat().map((one) => slotOf(one, true)),
		...extra.map((one) => slotOf(one, false)),
	];
	return { form: { seed, slots: new Random(seed, 'form order').shuffle(slots) } };
}

interface Drawn {
	draft: Draft;
	part: Part;
	sections: SectionPool[];
	bySection: Placed[][];
}

function drawScored(
	request: FormRequest,
	index: ItemIndex,
	quotas: readonly number[],
): Drawn | { problem: string } {
	const { blueprint, seed, scored } = request;
	const lacking = lacks(blueprint, index, quotas);
	if (lacking !== '') return { problem: lacking };
	let order = scarcestFirst(index, quotas);
	let problem = '';
	for (let attempt = 0; attempt < TRIES; attempt++) {
		const sections = index.sections.map((section, i): SectionPool => {
			const random = new Random(seed, `form section ${blueprint.sections[i]?.code} ${attempt}`);
			const pool = ranked(section.items, request, random);
			return { ...section, quota: quotas[i] ?? 0, pool };
		});
		const draft = new Draft();
		const part = new Part(draft, limitsOf(scored));
		const bySection = drawSections(part, sections, order);
		const blocked = order.filter((i) => (bySection[i]?.length ?? 0) < (quotas[i] ?? 0));
		if (blocked.length === 0) return { draft, part, sections, bySection };
		problem = blocked.map((i) => blockedText(blueprint, i, sections, bySection)).join(' ');
		const others = order.filter((i) => !blocked.includes(i));
		order = [...blocked, ...others];
	}
	return { problem };
}

/** Sections with little choice come first, so that others do not take what they need. */
function scarcestFirst({ sections }: ItemIndex, quotas: readonly number[]): number[] {
	return sections
		.map(({ usable }, i) => ({ i, choice: usable / Math.max(1, quotas[i] ?? 0) }))
		.sort((a, b) => a.choice - b.choice || a.i - b.i)
		.map(({ i }) => i);
}

function lacks(blueprint: Blueprint, index: ItemIndex, quotas: readonly number[]): string {
	const texts = blueprint.sections.flatMap(({ code }, i) => {
		const { usable = 0 } = index.sections[i] ?? {};
		const quota = quotas[i] ?? 0;
		if (usable >= quota) return [];
		const items = usable === 1 ? 'item' : 'items';
		const are = quota === 1 ? 'is' : 'are';
		return [`Section ${code} has ${usable} usable ${items}, ${quota} ${are} needed.`];
	});
	return texts.join(' ');
}

function blockedText(
	blueprint: Blueprint,
	number: number,
	sections: readonly SectionPool[],
	bySection: readonly Placed[][],
): string {
	const { usable = 0, quota = 0 } = sections[number] ?? {};
	const fitting = bySection[number]?.length ?? 0;
	return (
		`Section ${blueprint.sections[number]?.code} has ${usable} usable items, of which only ${fitting} fit into ` +
		`one form, ${quota} are needed: a form holds at most 40 % recall, at most 10 % other types than choices, ` +
		'one item of a family, and no items that give each other away.'
	);
}
