import { listAttempts } from '../db/attempt-store.ts';
import type { AttemptRow } from '../db/attempt-store.ts';
import type { Database } from '../db/open.ts';
import type { AttemptEngine, ScenarioInfo } from './engine.ts';
import { isAvailable } from './worlds.ts';

/** A scenario with what the user has done about it. */
export interface CatalogueEntry extends ScenarioInfo {
	/** The best graded attempt at any version. */
	best: { score: number; at: string } | null;
	/** The newest attempt that can be continued. */
	openAttemptId: string | null;
}

interface AttemptEntry {
	id: string;
	scenarioId: string;
	title: string;
	status: AttemptRow['status'];
	/** ISO 8601, as all times that leave the server. */
	startedAt: string;
	closedAt: string | null;
	score: number | null;
	actions: number;
}

const KINDS = ['drill', 'lab', 'shift'];

/** What there is to do, and what a user has done of it. */
export class Catalogue {
	readonly #db: Database;
	readonly #engine: AttemptEngine;

	constructor(db: Database, engine: AttemptEngine) {
		this.#db = db;
		this.#engine = engine;
	}

	/** Whether there is such a scenario. */
	has(scenarioId: string): boolean {
		return this.#engine.scenarios.has(scenarioId);
	}

	/** All scenarios: easy before hard, short before long. */
	async scenarios(userId: string | null): Promise<CatalogueEntry[]> {
		const attempts = userId === null ? [] : await listAttempts(this.#db, userId);
		return [...this.#engine.scenarios.values()]
			.map((scenario) => {
				const own = attempts.filter((attempt) => attempt.scenarioId === scenario.id);
				const open = own.find(
					(attempt) => attempt.status === 'open' && isAvailable(this.#engine, attempt),
				);
				return { ...scenario, best: bestOf(own), openAttemptId: open?.id ?? null };
			})
			.sort(
				(a, b) =>
					a.level - b.level ||
					KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
					a.minutes - b.minutes ||
					(a.id < b.id ? -1 : 1),
			);
	}

	/** The user's attempts, newest first. */
	async attempts(userId: string): Promise<AttemptEntry[]> {
		const rows = await listAttempts(this.#db, userId);
		return rows.map((row) => this.#entry(row));
	}

	/** The newest attempt the user can continue. */
	async resumable(userId: string): Promise<AttemptEntry | null> {
		const rows = await listAttempts(this.#db, userId);
		const row = rows.find(
			(attempt) => attempt.status === 'open' && isAvailable(this.#engine, attempt),
		);
		return row ? this.#entry(row) : null;
	}

	#entry(row: AttemptRow & { actions: number }): AttemptEntry {
		return {
			id: row.id,
			scenarioId: row.scenarioId,
			title: this.#engine.scenarios.get(row.scenarioId)?.title ?? row.scenarioId,
			status: row.status,
			startedAt: row.startedAt.toISOString(),
			closedAt: row.closedAt?.toISOString() ?? null,
			score: row.score,
			actions: row.actions,
		};
	}
}

function bestOf(attempts: AttemptRow[]): CatalogueEntry['best'] {
	let best: CatalogueEntry['best'] = null;
	for (const { score, closedAt } of attempts) {
		if (score === null || closedAt === null) continue;
		if (best === null || score > best.score) best = { score, at: closedAt.toISOString() };
	}
	return best;
}
