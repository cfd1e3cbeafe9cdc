import { sessionResult } from '#lib/exam/session/session-result.ts';
import type { StepBody } from '#lib/exam/session/step.ts';
import type { Connection } from '../db/connection.ts';
import { findExamSession, updateExamSession } from '../db/exam-session-store.ts';
import { insertSlots, updateSlot } from '../db/exam-slot-store.ts';
import { appendStep } from '../db/exam-step-store.ts';
import { judgeFinalAnswers } from './judging.ts';
import type { Placement } from './placement.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** What the browser, or the server itself, adds to a log. */
export interface NewStep {
	key: string;
	body: StepBody;
	at: Date;
}

/**
 * Appends steps to a session and does what follows from them: a passed deadline ends the session, final answers
 * are judged, a placement gets its next question. Runs within the caller's transaction, reads everything there,
 * and does nothing twice, so that it may be called at any time and by several processes.
 */
export function settle(
	tx: Connection,
	placement: Placement,
	sessionId: string,
	steps: readonly NewStep[],
	now: Date,
): Snapshot {
	const deadlineAt = read(tx, sessionId).session.deadlineAt;
	const inTime = ({ at }: NewStep) => deadlineAt === null || at <= deadlineAt;
	const append = ({ key, body, at }: NewStep) => appendStep(tx, { sessionId, key, body, at });
	// A ticket that was closed in time may be found only after the deadline.
	steps.filter(inTime).forEach(append);
	if (deadlineAt !== null && now > deadlineAt) {
		append({ key: 'server:deadline', body: { kind: 'finish' }, at: deadlineAt });
	}
	steps.filter((step) => !inTime(step)).forEach(append);
	let snapshot = read(tx, sessionId);
	if (snapshot.session.status === 'open' || steps.length > 0) {
		snapshot = followUp(tx, placement, snapshot, now);
	}
	return snapshot;
}

function read(tx: Connection, sessionId: string): Snapshot {
	const session = findExamSession(tx, sessionId);
	if (!session) throw new Error(`The session ${sessionId} has gone.`);
	return takeSnapshot(tx, session);
}

function followUp(tx: Connection, placement: Placement, before: Snapshot, now: Date): Snapshot {
	const { session } = before;
	judgeFinalAnswers(tx, before, now);
	keepFlags(tx, before);
	let snapshot = takeSnapshot(tx, session);
	if (snapshot.state.wantsNext) {
		extend(tx, placement, snapshot, now);
		snapshot = takeSnapshot(tx, session);
	}
	summarise(tx, snapshot);
	return read(tx, session.id);
}

/** Gives a placement its next question, or ends it. */
function extend(tx: Connection, placement: Placement, snapshot: Snapshot, now: Date): void {
	const { session, slots } = snapshot;
	const { next, estimate } = placement.next(tx, snapshot, now);
	updateExamSession(tx, session.id, { placement: estimate });
	if (next)
		insertSlots(tx, [
			{ ...next, position: slots.length, sessionId: session.id, userId: session.userId },
		]);
	else
		appendStep(tx, {
			sessionId: session.id,
			key: 'server:placed',
			body: { kind: 'finish' },
			at: now,
		});
}

function keepFlags(tx: Connection, { slots, state }: Snapshot): void {
	for (const slot of slots) {
		const flagged = state.slots[slot.position]?.flagged ?? false;
		if (flagged !== slot.flagged) updateSlot(tx, slot, { flagged });
	}
}

/** Keeps what lists show. */
function summarise(tx: Connection, { session, slots, plan, state }: Snapshot): void {
	const { score } = sessionResult(plan, state);
	const counts = { slots: slots.length, answered: score.answered };
	if (state.finishedMs === null) {
		updateExamSession(tx, session.id, counts);
		return;
	}
	updateExamSession(tx, session.id, {
		...counts,
		status: 'finished',
		finishedAt: new Date(state.finishedMs),
		correct: score.correct,
		scored: score.scored,
	});
}
