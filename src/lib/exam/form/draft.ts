import type { Item } from '../item/item-schema.ts';

/** How many items of a kind a part of a form may hold. */
export interface Limits {
	/** Items that ask for recall only. */
	recall: number;
	/** Items of other types than a choice of one or several. */
	others: number;
}

const RECALL_SHARE = 0.4;
const OTHERS_SHARE = 0.1;

/** What a part of `count` items may hold: at most 40 % recall and 10 % other types than choices. */
export function limitsOf(count: number): Limits {
	// Rounding first, because 0.1 has no exact form.
	const part = (share: number): number => Math.floor(Math.round(share * count * 1_000) / 1_000);
	return { recall: part(RECALL_SHARE), others: part(OTHERS_SHARE) };
}

export function isRecall({ cognitive }: Item): boolean {
	return cognitive === 'recall';
}

export function isOther({ type }: Item): boolean {
	return type !== 'sba' && type !== 'multi';
}

/** The items of a form so far: none twice, no two of a family, no enemies. */
export class Draft {
	readonly #items = new Set<string>();
	readonly #families = new Set<string>();
	/** How many of the items have this one as their enemy. */
	readonly #enemies = new Map<string, number>();

	/** Whether an item can be added. */
	fits({ id, family, enemies }: Item): boolean {
		return (
			!this.#items.has(id) &&
			(family === undefined || !this.#families.has(family)) &&
			!this.#enemies.has(id) &&
			enemies.every((enemy) => !this.#items.has(enemy))
		);
	}

	add({ id, family, enemies }: Item): void {
		this.#items.add(id);
		if (family !== undefined) this.#families.add(family);
		for (const enemy of enemies) this.#enemies.set(enemy, (this.#enemies.get(enemy) ?? 0) + 1);
	}

	remove({ id, family, enemies }: Item): void {
		this.#items.delete(id);
		if (family !== undefined) this.#families.delete(family);
		for (const enemy of enemies) {
			const left = (this.#enemies.get(enemy) ?? 0) - 1;
			if (left > 0) this.#enemies.set(enemy, left);
			else this.#enemies.delete(enemy);
		}
	}
}

/** A part of a form that is being filled within its limits. */
export class Part {
	readonly #draft: Draft;
	readonly #limits: Limits;
	#recall = 0;
	#others = 0;

	constructor(draft: Draft, limits: Limits) {
		this.#draft = draft;
		this.#limits = limits;
	}

	/** How much of the limits is left. */
	left(): Limits {
		return {
			recall: this.#limits.recall - this.#recall,
			others: this.#limits.others - this.#others,
		};
	}

	/** Adds an item if it fits and, where it is of a limited kind, that kind has room. */
	add(item: Item, room: Limits = this.left()): boolean {
		if (isRecall(item) && room.recall <= 0) return false;
		if (isOther(item) && room.others <= 0) return false;
		if (!this.#draft.fits(item)) return false;
		this.#draft.add(item);
		this.#count(item, 1);
		return true;
	}

	/** Puts `into` in the place of `out`; changes nothing and says false when that is not possible. */
	swap(out: Item, into: Item): boolean {
		this.#draft.remove(out);
		this.#count(out, -1);
		if (this.add(into)) return true;
		this.#draft.add(out);
		this.#count(out, 1);
		return false;
	}

	#count(item: Item, step: 1 | -1): void {
		if (isRecall(item)) this.#recall += step;
		if (isOther(item)) this.#others += step;
	}
}
