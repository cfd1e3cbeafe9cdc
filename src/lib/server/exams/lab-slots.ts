import type { AttemptService } from '../attempts/attempt-service.ts';
import { AttemptUnavailable, NotFound } from '../attempts/errors.ts';
import { findAttempt } from '../db/attempt-store.ts';
import { bindAttempt, findSlot, updateSlot } from '../db/exam-slot-store.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import type { NewStep } from './settle.ts';
import type { Snapshot } from './snapshot.ts';

type BindOutcome =
	| { kind: 'bound'; attemptId: string }
	| { kind: 'too-many'; message: string; retryAfterSeconds: number };

/** Questions that are answered by working on a ticket: each is bound to one attempt. */
export class LabSlots {
	readonly #db: Database;
	readonly #attempts: AttemptService;

	constructor(db: Database, attempts: AttemptService) {
		this.#db = db;
		this.#attempts = attempts;
	}

	/** The attempt of a slot, begun if there is none yet. */
	async bind(userId: string, slot: ExamSlotRow, scenario: string): Promise<BindOutcome> {
		if (slot.attemptId !== null) return { kind: 'bound', attemptId: slot.attemptId };
		const started = await this.#attempts.start(userId, scenario);
		if (started.kind === 'too-many') return started;
		if (bindAttempt(this.#db, slot, started.attemptId)) {
			return { kind: 'bound', attemptId: started.attemptId };
		}
		// Another process was faster; its attempt counts.
		const attemptId = findSlot(this.#db, slot)?.attemptId ?? started.attemptId;
		return { kind: 'bound', attemptId };
	}

	/** The answers that attempts have given by being closed. Keeps what they restored. */
	async closed(userId: string, { slots, steps }: Snapshot): Promise<NewStep[]> {
		const found: NewStep[] = [];
		const known = new Set(steps.map(({ key }) => key));
		for (const slot of slots) {
			if (slot.attemptId === null || known.has(keyOf(slot.attemptId))) continue;
			const step = await this.#judge(userId, slot, slot.attemptId);
			if (step) found.push(step);
		}
		return found;
	}

	async #judge(userId: string, slot: ExamSlotRow, attemptId: string): Promise<NewStep | undefined> {
		const attempt = await findAttempt(this.#db, attemptId);
		if (attempt?.status !== 'closed') return undefined;
		const restoredPercent = await this.#restored(userId, attemptId);
		if (restoredPercent === undefined) return undefined;
		updateSlot(this.#db, slot, { restoredPercent });
		return {
			key: keyOf(attemptId),
			body: { kind: 'answer', slot: slot.position, response: { type: 'scenario', attemptId } },
			// The moment at which the ticket was closed counts, not the one at which this is found.
			at: attempt.closedAt ?? new Date(),
		};
	}

	/** Percent of the points for a restored service; undefined when the attempt can't be judged. */
	async #restored(userId: string, attemptId: string): Promise<number | undefined> {
		try {
			const graded = await this.#attempts.debrief(userId, attemptId);
			const restored = graded?.debrief.score.dimensions.find(({ id }) => id === 'restored');
			if (!graded) return undefined;
			return restored && restored.maximum > 0 ? (100 * restored.points) / restored.maximum : 0;
		} catch (error) {
			if (error instanceof AttemptUnavailable || error instanceof NotFound) return undefined;
			throw error;
		}
	}
}

function keyOf(attemptId: string): string {
	return `server:lab-${attemptId}`;
}
