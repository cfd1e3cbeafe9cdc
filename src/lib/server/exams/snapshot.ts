import type { SessionPlan } from '#lib/exam/session/plan.ts';
import { sessionState } from '#lib/exam/session/session-state.ts';
import type { SessionState } from '#lib/exam/session/session-state.ts';
import type { Step, StepBody } from '#lib/exam/session/step.ts';
import type { Connection } from '../db/connection.ts';
import { listSessionAnswers } from '../db/exam-answer-store.ts';
import type { ExamAnswerRow } from '../db/exam-answer-store.ts';
import type { ExamSessionRow } from '../db/exam-session-store.ts';
import { listSlots } from '../db/exam-slot-store.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import { listSteps } from '../db/exam-step-store.ts';

/** A session with all that its log says. */
export interface Snapshot {
	session: ExamSessionRow;
	slots: ExamSlotRow[];
	/** Answers that were judged, by position. */
	answers: ReadonlyMap<number, ExamAnswerRow>;
	plan: SessionPlan;
	steps: Step[];
	state: SessionState;
}

/** Reads a session and folds its log. */
export function takeSnapshot(db: Connection, session: ExamSessionRow): Snapshot {
	const slots = listSlots(db, session.id);
	const rows = listSessionAnswers(db, session.id);
	const answers = new Map(rows.map((row) => [row.position, row]));
	const plan = planOf(session, slots);
	const steps = listSteps(db, session.id).map(({ key, body, at }): Step => {
		// It was checked before it was kept, and a log is folded too often to do that again.
		return { key, body: body as StepBody, atMs: at.getTime() };
	});
	return { session, slots, answers, plan, steps, state: sessionState(plan, steps, answers) };
}

function planOf(session: ExamSessionRow, slots: readonly ExamSlotRow[]): SessionPlan {
	const { mode, outline, title, feedback, certainty, accommodation } = session;
	return {
		...{ mode, outline, title, feedback, certainty, accommodation },
		startedMs: session.startedAt.getTime(),
		deadlineMs: session.deadlineAt?.getTime() ?? null,
		slots: slots.map(({ itemId, version, seed, section, objective, scored }) => {
			return { itemId, version, seed, section, objective, scored };
		}),
	};
}
