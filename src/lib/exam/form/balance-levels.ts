import type { Random } from '#lib/kernel/random.ts';
import type { Part } from './draft.ts';
import type { SectionPool } from './draw-sections.ts';
import type { Placed } from './item-index.ts';
import { asWanted, type Preferences } from './ranking.ts';

const MOVES = 500;
/** A sum of whole levels can't come nearer to every mean than this. */
const NEAR = 0.5;

/**
 * Brings the mean level of each section near that of all its items by up to 500 swaps, drawn by chance and made
 * only when they help, fit, and put nothing in that is less wanted than what goes out. Changes `drawn`.
 */
export function balanceLevels(
	part: Part,
	sections: readonly SectionPool[],
	drawn: Placed[][],
	preferences: Preferences,
	random: Random,
): void {
	const surplus = sections.map(({ meanLevel }, i) => {
		const own = drawn[i] ?? [];
		return own.reduce((sum, { item }) => sum + item.level, 0) - own.length * meanLevel;
	});
	for (let move = 0; move < MOVES; move++) {
		const far = surplus.flatMap((value, i) => (Math.abs(value) > NEAR ? [i] : []));
		if (far.length === 0) return;
		const number = random.pick(far);
		const own = drawn[number] ?? [];
		const place = random.below(own.length);
		const out = own[place];
		const into = random.pick(sections[number]?.items ?? []);
		if (!out || !asWanted(into, out, preferences)) continue;
		const before = surplus[number] ?? 0;
		const after = before + into.item.level - out.item.level;
		if (Math.abs(after) >= Math.abs(before) || !part.swap(out.item, into.item)) continue;
		own[place] = into;
		surplus[number] = after;
	}
}
