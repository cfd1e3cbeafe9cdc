import { actionSchema } from '#lib/lab/action.ts';
import type { Database } from '../db/open.ts';
import { listActions } from '../db/attempt-store.ts';
import type { ActionRow, AttemptRow } from '../db/attempt-store.ts';
import { findUploadOfAttempt } from '../db/upload-store.ts';
import type { Warn } from '../log.ts';
import type { AttemptEngine, Grade, World } from './engine.ts';
import { AttemptUnavailable } from './errors.ts';
import { SliceRunner } from './slices.ts';
import { WorldCache } from './world-cache.ts';
import type { HeldWorld } from './world-cache.ts';

/** Whether the attempt's scenario is still the one it was begun with. */
export function isAvailable(engine: AttemptEngine, attempt: AttemptRow): boolean {
	return engine.scenarios.get(attempt.scenarioId)?.version === attempt.scenarioVersion;
}

/**
 * The running worlds: a bounded cache over the log of actions. A world that is missing is rebuilt, and one
 * that is behind the log, because another process acted, catches up.
 */
export class Worlds {
	readonly #db: Database;
	readonly #engine: AttemptEngine;
	readonly #warn: Warn;
	readonly #cache: WorldCache;
	readonly #slices = new SliceRunner();

	constructor(options: { db: Database; engine: AttemptEngine; warn: Warn; worldsMax: number }) {
		this.#db = options.db;
		this.#engine = options.engine;
		this.#warn = options.warn;
		this.#cache = new WorldCache(options.worldsMax);
	}

	/**
	 * The attempt's world after all logged actions. The caller holds the attempt's lock.
	 * Throws AttemptUnavailable when it cannot be rebuilt.
	 */
	async current(attempt: AttemptRow): Promise<HeldWorld> {
		if (!isAvailable(this.#engine, attempt)) {
			throw new AttemptUnavailable(
				'This ticket was revised after you took it, so the attempt can’t be continued. Please take the ticket again from the catalogue.',
			);
		}
		let held = this.#cache.get(attempt.id);
		if (!held) {
			held = { world: this.#open(attempt), applied: 0 };
			await this.finish(held);
		}
		// A world that failed half-way must not be found again.
		this.#cache.delete(attempt.id);
		for (const row of await listActions(this.#db, attempt.id, held.applied)) {
			await this.#replay(held, row);
		}
		this.#cache.set(attempt.id, held);
		return held;
	}

	/** Runs what is pending, in slices. */
	async finish(held: HeldWorld): Promise<void> {
		await this.#slices.run((maxEvents) => held.world.advance(maxEvents));
	}

	/** Grades a closed attempt, which uses its world up. */
	async grade(attemptId: string, held: HeldWorld): Promise<Grade> {
		this.drop(attemptId);
		return held.world.grade((advance) => this.#slices.run(advance));
	}

	/** Remembers a world whose state is the log's. */
	keep(attemptId: string, held: HeldWorld): void {
		this.#cache.set(attemptId, held);
	}

	/** Forgets a world whose state is not, or may not be, the log's. */
	drop(attemptId: string): void {
		this.#cache.delete(attemptId);
	}

	#open({ id, scenarioId, seed }: AttemptRow): World {
		// By the attempt, not its user: what a guest uploaded may belong to an account by now.
		const uploads = (digest: string) => findUploadOfAttempt(this.#db, id, digest);
		return this.#engine.open(scenarioId, seed, uploads);
	}

	async #replay(held: HeldWorld, row: ActionRow): Promise<void> {
		held.world.begin(actionSchema.parse(row.body));
		await this.finish(held);
		const { observation, facts } = held.world.take();
		held.applied += 1;
		const same =
			JSON.stringify(observation) === JSON.stringify(row.observation) &&
			JSON.stringify(facts) === JSON.stringify(row.facts);
		if (!same) {
			this.#warn({
				kind: 'replay-diverged',
				message: 'An action gave another result than when it was first carried out.',
				attemptId: row.attemptId,
				sequence: row.sequence,
			});
		}
	}
}
