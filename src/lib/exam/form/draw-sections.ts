import { isOther, isRecall, type Limits, type Part } from './draft.ts';
import type { Placed, SectionItems } from './item-index.ts';
import { largestRemainder } from './largest-remainder.ts';
import type { Ranked } from './ranking.ts';

/** A section of a form with the items it can take. */
export interface SectionPool extends SectionItems {
	quota: number;
	pool: Ranked;
}

/** How many items of limited kinds a section can't do without. */
function needsOf({ quota, usableApplied, usableChoices }: SectionPool): Limits {
	return {
		recall: Math.max(0, quota - usableApplied),
		others: Math.max(0, quota - usableChoices),
	};
}

/**
 * Fills the sections in the order given, by their numbers. Each is first kept to its share of the limits; what
 * should be avoided comes last. Gives the items by section; sections that could not be filled have fewer.
 */
export function drawSections(
	part: Part,
	sections: readonly SectionPool[],
	order: readonly number[],
): Placed[][] {
	const quotas = sections.map(({ quota }) => quota);
	const limits = part.left();
	const recallShares = largestRemainder(quotas, limits.recall);
	const othersShares = largestRemainder(quotas, limits.others);
	const needs = sections.map(needsOf);
	const drawn = sections.map((): Placed[] => []);
	order.forEach((number, place) => {
		const section = sections[number];
		if (!section) return;
		const later = order.slice(place + 1);
		const of = (kind: keyof Limits, i: number): number => needs[i]?.[kind] ?? 0;
		const kept = (kind: keyof Limits): number => later.reduce((sum, i) => sum + of(kind, i), 0);
		drawn[number] = drawSection(part, section, {
			reserved: { recall: kept('recall'), others: kept('others') },
			share: {
				recall: Math.max(recallShares[number] ?? 0, of('recall', number)),
				others: Math.max(othersShares[number] ?? 0, of('others', number)),
			},
		});
	});
	return drawn;
}

function drawSection(
	part: Part,
	{ quota, pool }: SectionPool,
	{ reserved, share }: { reserved: Limits; share: Limits },
): Placed[] {
	const drawn: Placed[] = [];
	const own: Limits = { recall: 0, others: 0 };
	const room = (kind: keyof Limits, shareOnly: boolean): number => {
		const left = part.left()[kind] - reserved[kind];
		return shareOnly ? Math.min(left, share[kind] - own[kind]) : left;
	};
	for (const candidates of [pool.fresh, pool.avoided]) {
		for (const shareOnly of [true, false]) {
			for (const candidate of candidates) {
				if (drawn.length >= quota) return drawn;
				const { item } = candidate;
				const limits = { recall: room('recall', shareOnly), others: room('others', shareOnly) };
				if (!part.add(item, limits)) continue;
				drawn.push(candidate);
				if (isRecall(item)) own.recall++;
				if (isOther(item)) own.others++;
			}
		}
	}
	return drawn;
}
