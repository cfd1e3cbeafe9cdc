import { Random } from '#lib/kernel/random.ts';
import { posterior, posteriorMean } from '#lib/exam/psychometrics/ability.ts';
import { selectNext, startingTheta } from '#lib/exam/psychometrics/adaptive.ts';
import type { PoolItem, SelectionState } from '#lib/exam/psychometrics/adaptive.ts';
import { difficultyOfLevel } from '#lib/exam/psychometrics/elo.ts';
import type { DifficultyLevel } from '#lib/exam/psychometrics/elo.ts';
import { uncalibratedItem } from '#lib/exam/psychometrics/item-response.ts';
import { stopReason } from '#lib/exam/psychometrics/stop-rule.ts';
import type { StopReason } from '#lib/exam/psychometrics/stop-rule.ts';
import { variantSeed } from '#lib/exam/session/select-practice.ts';
import type { Connection } from '../db/connection.ts';
import { listMetItems, pinItems } from '../db/exam-slot-store.ts';
import type { ItemVersionRow, MetItem } from '../db/exam-slot-store.ts';
import { findAbility, listDifficulties } from '../db/rating-store.ts';
import type { QuestionBank, ServedItem } from './question-bank.ts';
import type { Snapshot } from './snapshot.ts';

/** How a placement stands. */
export interface PlacementEstimate {
	/** What was expected before the first answer, in logits. */
	prior: number;
	/** Logits. */
	theta: number;
	se: number;
	asked: number;
	/** Why it ended; empty while it goes on. */
	reason: string;
}

/** A slot without its place. */
export interface NewSlot extends Pick<ItemVersionRow, 'itemId' | 'version' | 'digest'> {
	seed: string;
	section: string;
	objective: string;
	scored: boolean;
}

const STOP_RULE = { standardError: 0.3, minimumAnswers: 25, maximumAnswers: 40 };
const REASONS = {
	precision: 'The estimate is precise enough.',
	length: 'The check has reached its full length.',
	empty: 'There are no further questions that would tell more.',
};
const RECENT_MS = 30 * 86_400_000;
const EXPOSURE = { kind: 'randomesque' as const, among: 10 };
/** Difficulties move slowly; reading all of them anew for every question would be waste. */
const KEEP_DIFFICULTIES_MS = 300_000;

type Difficulties = ReturnType<typeof listDifficulties>;
type Pool = ReadonlyMap<string, { pool: PoolItem; served: ServedItem }>;
type Progress = Pick<Snapshot, 'session' | 'slots' | 'answers'>;

/** Chooses the questions of placement checks, each by the answers before it. */
export class Placement {
	readonly #bank: QuestionBank;
	#kept: { atMs: number; difficulties: Difficulties } | undefined;

	constructor(bank: QuestionBank) {
		this.#bank = bank;
	}

	/** The next question after the answers so far; none when the placement is over. */
	next(
		tx: Connection,
		progress: Progress,
		now: Date,
	): { next: NewSlot | null; estimate: PlacementEstimate } {
		const { session, slots } = progress;
		const { items } = this.#bank.outline(session.userId, session.outline);
		const pool = poolOf(items, this.#difficulties(tx, now));
		const { estimate, stop } = estimateOf(tx, progress, pool);
		if (stop) {
			const reason = stop === 'length' ? REASONS.length : REASONS.precision;
			return { next: null, estimate: { ...estimate, reason } };
		}
		const met = listMetItems(tx, session.userId);
		const theta = slots.length === 0 ? startingTheta(estimate.prior) : estimate.theta;
		const chosen = this.#choose(pool, progress, theta, met, now);
		if (!chosen) return { next: null, estimate: { ...estimate, reason: REASONS.empty } };
		const exposures = met.find(({ itemId }) => itemId === chosen.itemId)?.exposures ?? 0;
		const seed = variantSeed(session.userId, chosen.itemId, exposures);
		return { next: this.#slot(tx, chosen, seed), estimate };
	}

	#difficulties(tx: Connection, now: Date): Difficulties {
		const atMs = now.getTime();
		if (!this.#kept || Math.abs(atMs - this.#kept.atMs) > KEEP_DIFFICULTIES_MS) {
			this.#kept = { atMs, difficulties: listDifficulties(tx) };
		}
		return this.#kept.difficulties;
	}

	/** What was met lately is left out as long as there is anything else. */
	#choose(
		pool: Pool,
		{ session, slots }: Progress,
		theta: number,
		met: readonly MetItem[],
		now: Date,
	): ServedItem | undefined {
		const recent = met
			.filter(({ lastSeenMs }) => now.getTime() - lastSeenMs < RECENT_MS)
			.map(({ itemId }) => itemId);
		const { blueprint } = this.#bank.outline(session.userId, session.outline);
		const weights = (blueprint?.sections ?? []).map(({ code, items }) => {
			return { domain: code, weight: items };
		});
		const administered = slots.map(({ itemId, section }): PoolItem => {
			return pool.get(itemId)?.pool ?? withdrawn(itemId, section);
		});
		const items = [...pool.values()].map((entry) => entry.pool);
		for (const recentlySeen of [recent, []]) {
			const random = new Random(session.seed, `placement ${slots.length}`);
			const state: SelectionState = { theta, administered, setAside: [], recentlySeen };
			const choice = selectNext(items, weights, state, EXPOSURE, random);
			if (choice) return pool.get(choice.item.id)?.served;
		}
		return undefined;
	}

	#slot(tx: Connection, chosen: ServedItem, seed: string): NewSlot {
		const pinned = this.#bank.pin(chosen);
		pinItems(tx, [pinned]);
		const { itemId, version, digest } = pinned;
		const { section, objective, pilot } = chosen;
		return { itemId, version, digest, seed, section, objective, scored: !pilot };
	}
}

function poolOf(items: readonly ServedItem[], difficulties: Difficulties): Pool {
	const pool = new Map<string, { pool: PoolItem; served: ServedItem }>();
	for (const served of items) {
		const { itemId, version, section, enemies, item } = served;
		// A lab takes as long as the rest of the check.
		if (item.type === 'scenario') continue;
		const known = difficulties.get(`${itemId} ${version}`)?.b;
		const b = known ?? difficultyOfLevel(item.level as DifficultyLevel);
		const options = item.type === 'sba' ? item.options.length : undefined;
		const parameters = uncalibratedItem(b, options);
		pool.set(itemId, { pool: { id: itemId, domain: section, parameters, enemies }, served });
	}
	return pool;
}

/** An item that was asked and has left the bank since. */
function withdrawn(id: string, domain: string): PoolItem {
	return { id, domain, parameters: uncalibratedItem(0), enemies: [] };
}

function estimateOf(
	tx: Connection,
	{ session, slots, answers }: Progress,
	pool: Pool,
): { estimate: PlacementEstimate; stop: StopReason | undefined } {
	const begun = session.placement as PlacementEstimate | null;
	// What was known before the first answer; the running rating moves with every answer.
	const prior = begun?.prior ?? findAbility(tx, session.userId, session.outline)?.theta ?? 0;
	const given = slots.flatMap(({ position, itemId, section }) => {
		const answer = answers.get(position);
		const { parameters: item } = pool.get(itemId)?.pool ?? withdrawn(itemId, section);
		return answer ? [{ item, score: answer.correct ? 1 : 0, section }] : [];
	});
	const belief = posterior(given, { mean: prior, sd: 1 });
	const { theta, standardError: se } = posteriorMean(belief);
	const counts: Record<string, number> = {};
	for (const { section } of given) counts[section] = (counts[section] ?? 0) + 1;
	return {
		estimate: { prior, theta, se, asked: given.length, reason: '' },
		stop: stopReason(belief, counts, STOP_RULE),
	};
}
