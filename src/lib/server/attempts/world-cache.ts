import type { World } from './engine.ts';

/** A world and how many actions of the log it has gone through. */
export interface HeldWorld {
	readonly world: World;
	applied: number;
}

/** The worlds used last, by attempt. Bounded: the one that has not been used for longest goes first. */
export class WorldCache {
	readonly #max: number;
	readonly #worlds = new Map<string, HeldWorld>();

	constructor(max: number) {
		this.#max = max;
	}

	get(attemptId: string): HeldWorld | undefined {
		const held = this.#worlds.get(attemptId);
		if (held) this.set(attemptId, held);
		return held;
	}

	set(attemptId: string, held: HeldWorld): void {
		this.#worlds.delete(attemptId);
		this.#worlds.set(attemptId, held);
		if (this.#worlds.size > this.#max) {
			const oldest = this.#worlds.keys().next();
			if (!oldest.done) this.#worlds.delete(oldest.value);
		}
	}

	delete(attemptId: string): void {
		this.#worlds.delete(attemptId);
	}
}
