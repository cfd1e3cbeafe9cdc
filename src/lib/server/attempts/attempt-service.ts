import { randomBytes, randomUUID } from 'node:crypto';
import type { Observation } from '#lib/lab/observation.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { Debrief } from '#lib/scoring/score.ts';
import { appendAction, findActionByKey, findAttempt } from '../db/attempt-store.ts';
import { findDebrief, insertAttempt, storeGrade } from '../db/attempt-store.ts';
import type { ActionRow, AttemptRow } from '../db/attempt-store.ts';
import type { Database } from '../db/open.ts';
import { hasUpload } from '../db/upload-store.ts';
import { logWarning } from '../log.ts';
import type { Warn } from '../log.ts';
import type { RateLimits } from '../rate-limit.ts';
import type { AttemptEngine, ScenarioInfo } from './engine.ts';
import { NotFound } from './errors.ts';
import { KeyedLock } from './lock.ts';
import { invalidRequest, performSchema, sameAction } from './requests.ts';
import type { PerformOutcome } from './requests.ts';
import type { HeldWorld } from './world-cache.ts';
import { Worlds } from './worlds.ts';

/** Bounds the time that rebuilding a world takes. Far more than any ticket needs. */
const ACTIONS_MAX = 1_000;

const SEED_BYTES = 8;

type StartOutcome =
	| { kind: 'started'; attemptId: string }
	| { kind: 'too-many'; message: string; retryAfterSeconds: number };

type DebriefedScenario = Pick<ScenarioInfo, 'id' | 'title' | 'level' | 'minutes'>;

/**
 * Begins attempts, carries out actions, shows and grades. Every function takes the id of the user who asks and
 * throws NotFound for what is not that user's.
 *
 * An action is carried out, then appended to the log, then answered. Nothing is answered before the
 * append has reached the disk, and a world whose action was not appended is thrown away: what the log
 * says is what happened.
 */
export class AttemptService {
	readonly #db: Database;
	readonly #engine: AttemptEngine;
	readonly #limits: RateLimits;
	readonly #warn: Warn;
	readonly #worlds: Worlds;
	readonly #locks = new KeyedLock();

	constructor(options: {
		db: Database;
		engine: AttemptEngine;
		limits: RateLimits;
		worldsMax: number;
		warn?: Warn;
	}) {
		const { db, engine, limits, worldsMax, warn = logWarning } = options;
		this.#db = db;
		this.#engine = engine;
		this.#limits = limits;
		this.#warn = warn;
		this.#worlds = new Worlds({ db, engine, warn, worldsMax });
	}

	/** Begins an attempt at a scenario with a fresh seed. */
	async start(userId: string, scenarioId: string): Promise<StartOutcome> {
		const scenario = this.#engine.scenarios.get(scenarioId);
		if (!scenario) throw new NotFound('There is no such ticket.');
		const allowance = this.#limits.attempts.take(userId);
		if (!allowance.allowed) {
			return {
				kind: 'too-many',
				message: 'You took many tickets in a short time. Please work on one of them first.',
				retryAfterSeconds: allowance.retryAfterSeconds,
			};
		}
		const attemptId = randomUUID();
		await insertAttempt(this.#db, {
			id: attemptId,
			userId,
			scenarioId,
			scenarioVersion: scenario.version,
			seed: randomBytes(SEED_BYTES).toString('hex'),
			status: 'open',
			startedAt: new Date(),
			closedAt: null,
			score: null,
		});
		return { kind: 'started', attemptId };
	}

	/** The workbench as the user may see it now; null when the attempt is closed. */
	async view(userId: string, attemptId: string): Promise<WorkbenchView | null> {
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			if (attempt.status === 'closed') return null;
			return (await this.#worlds.current(attempt)).world.view();
		});
	}

	/**
	 * Carries out one action. `body` is checked here, whatever it is. The same key again gives the stored
	 * answer; another number than the next one gives a conflict and does nothing.
	 */
	async perform(userId: string, attemptId: string, body: unknown): Promise<PerformOutcome> {
		const allowance = this.#limits.actions.take(userId);
		if (!allowance.allowed) {
			return {
				kind: 'too-many',
				message: 'That was faster than anybody can work. Please wait a moment.',
				retryAfterSeconds: allowance.retryAfterSeconds,
			};
		}
		const request = performSchema.safeParse(body);
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			if (!request.success) return invalidRequest(request.error);
			const { sequence, key, action } = request.data;
			const earlier = await findActionByKey(this.#db, attemptId, key);
			const held = await this.#worlds.current(attempt);
			if (earlier) {
				return sameAction(action, earlier.body) && earlier.sequence === sequence
					? done(earlier, action, held)
					: { kind: 'invalid', message: 'This key belongs to another action.', issues: [] };
			}
			if (attempt.status === 'closed' || held.world.closed) {
				return conflict('This ticket is closed. Nothing was done.', held);
			}
			if (sequence !== held.applied) {
				return conflict(
					'Something was done in another window in the meantime. Your action was not carried out.',
					held,
				);
			}
			if (sequence >= ACTIONS_MAX && action.kind !== 'close') {
				const message = `An attempt ends after ${ACTIONS_MAX} actions. Please close the ticket.`;
				return { kind: 'invalid', message, issues: [] };
			}
			// In the log it would be done differently once somebody did upload the file.
			if (action.kind === 'upload' && !hasUpload(this.#db, userId, action.digest)) {
				return { kind: 'invalid', message: 'This file has not been uploaded.', issues: [] };
			}
			return this.#act(attempt, held, request.data);
		});
	}

	/** A file on the desk of the attempt. */
	async readFile(userId: string, attemptId: string, path: string): Promise<Uint8Array> {
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			const held = await this.#worlds.current(attempt);
			const bytes = held.world.readFile(path);
			if (!bytes) throw new NotFound('There is no such file on the desk.');
			return bytes;
		});
	}

	/** The files below a folder of the desk, named from that folder on, and the hospital's time. */
	async readFolder(
		userId: string,
		attemptId: string,
		path: string,
	): Promise<{ files: [name: string, bytes: Uint8Array][]; at: string }> {
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			const { world } = await this.#worlds.current(attempt);
			const from = path.lastIndexOf('/') + 1;
			const files = world
				.readFiles(path)
				.filter(([file]) => file !== path)
				.map(([file, bytes]): [string, Uint8Array] => [file.slice(from), bytes]);
			if (files.length === 0) throw new NotFound('There is no such folder on the desk.');
			return { files, at: world.view().clock.wallTime };
		});
	}

	/** What the desk of the attempt has sent and received until now, as a pcapng file in pieces. */
	async capture(userId: string, attemptId: string): Promise<Iterable<Uint8Array>> {
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			return (await this.#worlds.current(attempt)).world.capture();
		});
	}

	/** The debrief of a closed attempt; null while it is open. */
	async debrief(
		userId: string,
		attemptId: string,
	): Promise<{ scenario: DebriefedScenario; debrief: Debrief } | null> {
		return this.#locks.run(attemptId, async () => {
			const attempt = await this.#own(userId, attemptId);
			if (attempt.status === 'open') return null;
			const stored = await findDebrief(this.#db, attemptId);
			const debrief =
				stored === undefined
					? await this.#grade(attempt, await this.#worlds.current(attempt))
					: (stored as Debrief);
			return { scenario: this.#describe(attempt.scenarioId), debrief };
		});
	}

	/** A scenario that has been withdrawn is still named in the debriefs of those who took it. */
	#describe(id: string): DebriefedScenario {
		const { title, level, minutes } = this.#engine.scenarios.get(id) ?? {
			title: id,
			level: 1,
			minutes: 0,
		};
		return { id, title, level, minutes };
	}

	async #own(userId: string, attemptId: string): Promise<AttemptRow> {
		const attempt = await findAttempt(this.#db, attemptId);
		if (attempt?.userId !== userId) throw new NotFound('There is no such attempt.');
		return attempt;
	}

	async #act(
		attempt: AttemptRow,
		held: HeldWorld,
		{ sequence, key, action }: ReturnType<typeof performSchema.parse>,
	): Promise<PerformOutcome> {
		// Until the action is in the log this world is ahead of it and must not be found by anybody.
		this.#worlds.drop(attempt.id);
		held.world.begin(action);
		await this.#worlds.finish(held);
		const { observation, facts } = held.world.take();
		const row: ActionRow = {
			attemptId: attempt.id,
			sequence,
			idempotencyKey: key,
			body: action,
			observation,
			facts,
			createdAt: new Date(),
		};
		if (!(await appendAction(this.#db, row, held.world.closed))) {
			const message =
				'Something was done elsewhere in the meantime. Your action was not carried out.';
			return conflict(message, await this.#worlds.current(attempt));
		}
		held.applied += 1;
		this.#worlds.keep(attempt.id, held);
		const answer = done(row, action, held);
		if (held.world.closed) await this.#tryToGrade(attempt, held);
		return answer;
	}

	/** The attempt is closed and safe already; a failure here is made good when the debrief is opened. */
	async #tryToGrade(attempt: AttemptRow, held: HeldWorld): Promise<void> {
		try {
			await this.#grade(attempt, held);
		} catch (error) {
			this.#warn({
				kind: 'grading-failed',
				message: error instanceof Error ? (error.stack ?? error.message) : String(error),
				attemptId: attempt.id,
			});
		}
	}

	async #grade(attempt: AttemptRow, held: HeldWorld): Promise<Debrief> {
		const { total, debrief } = await this.#worlds.grade(attempt.id, held);
		await storeGrade(this.#db, attempt.id, { score: total, debrief });
		return debrief;
	}
}

function done(
	row: ActionRow,
	action: ReturnType<typeof performSchema.parse>['action'],
	held: HeldWorld,
): PerformOutcome {
	const { history: _history, ...view } = held.world.view();
	const observation = row.observation as Observation;
	return { kind: 'done', entry: { sequence: row.sequence, action, observation }, view };
}

function conflict(message: string, held: HeldWorld): PerformOutcome {
	return { kind: 'conflict', message, view: held.world.view() };
}
