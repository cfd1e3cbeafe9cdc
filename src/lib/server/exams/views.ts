import type { AnswerKey, Question } from '#lib/exam/item/instance.ts';
import type { Mark } from '#lib/exam/item/response.ts';
import { certaintyPoints, sessionResult } from '#lib/exam/session/session-result.ts';
import type { SlotState } from '#lib/exam/session/session-state.ts';
import type {
	ResultView,
	SessionSummary,
	SessionView,
	SlotFeedback,
	SlotSummary,
	SlotView,
} from '#lib/ui/exam-data.ts';
import type { ExamSessionRow } from '../db/exam-session-store.ts';
import type { ItemStatisticRow } from '../db/rating-store.ts';
import type { PlacementEstimate } from './placement.ts';
import type { QuestionBank } from './question-bank.ts';
import type { Snapshot } from './snapshot.ts';

/** From so many first answers on it is told what others chose. */
const OTHERS_MIN = 30;

/** A session in a list. */
export function summaryOf(session: ExamSessionRow): SessionSummary {
	const { id, title, mode, outline, status, slots, answered, correct, scored } = session;
	return {
		...{ id, title, mode, outline, status, slots, answered },
		startedAt: session.startedAt.toISOString(),
		finishedAt: session.finishedAt?.toISOString() ?? null,
		deadline: session.deadlineAt?.toISOString() ?? null,
		score: correct === null || scored === null ? null : { correct, scored },
	};
}

/** Whether verdict, key and rationales of a slot may be shown. */
export function feedbackIsDue({ session, state, plan }: Snapshot, position: number): boolean {
	if (session.status === 'finished') return true;
	return plan.feedback === 'at-once' && state.slots[position]?.checked === true;
}

/** A session as the runner shows it. */
export function sessionViewOf(snapshot: Snapshot, now: Date): SessionView {
	const { session, state } = snapshot;
	const { id, title, mode, outline, feedback, certainty, accommodation, status } = session;
	return {
		...{ id, title, mode, outline, feedback, certainty, accommodation, status },
		now: now.toISOString(),
		startedAt: session.startedAt.toISOString(),
		deadline: session.deadlineAt?.toISOString() ?? null,
		canGoBack: mode !== 'placement',
		openEnded: mode === 'placement' && status === 'open',
		slots: state.slots.map((slot, position) => slotSummaryOf(snapshot, slot, position)),
	};
}

function slotSummaryOf(snapshot: Snapshot, slot: SlotState, position: number): SlotSummary {
	const due = feedbackIsDue(snapshot, position);
	const answered = slot.response !== null;
	let state: SlotSummary['state'] = slot.seen ? 'seen' : 'new';
	if (answered) state = due ? 'checked' : 'answered';
	else if (slot.lateResponse) state = 'late';
	const correct = due && answered ? (slot.mark?.correct ?? null) : null;
	return { position, state, flagged: slot.flagged, correct };
}

/** A slot; `feedback` only when it is due. */
export function slotViewOf(
	{ state, slots }: Snapshot,
	position: number,
	question: Question,
	feedback: SlotFeedback | null,
): SlotView | undefined {
	const slot = state.slots[position];
	if (!slot) return undefined;
	const { response, lateResponse, struck, highlights, note, flagged, certainty } = slot;
	const attemptId = slots[position]?.attemptId;
	// A ticket that is still worked on is shown as well, so that one finds back to it.
	const ticket = attemptId == null ? null : { type: 'scenario' as const, attemptId };
	return {
		...{ position, question, response: response ?? lateResponse ?? ticket },
		...{ struck, highlights, note, flagged, certainty, feedback },
	};
}

const UNANSWERED: Mark = { correct: false, credit: 0, wrong: [] };

/** Everything about the answer to a slot. The caller makes sure that it is due. */
export function feedbackOf(
	bank: QuestionBank,
	{ slots, answers, state, plan }: Snapshot,
	position: number,
	key: AnswerKey,
	statistic: ItemStatisticRow | undefined,
): SlotFeedback | null {
	const slot = slots[position];
	if (!slot) return null;
	const answer = answers.get(position);
	const { correct, credit, wrong } = answer ?? UNANSWERED;
	const certainty = state.slots[position]?.certainty ?? null;
	return {
		mark: { correct, credit, wrong },
		key,
		references: bank.references(key.references),
		section: bank.section(plan.outline, slot.section),
		objective: bank.objective(slot.objective),
		certaintyPoints: answer ? certaintyPoints(certainty, correct) : null,
		scored: answer?.scored ?? slot.scored,
		lab: bank.lab(key.remediate),
		others: statistic ? sharesOfOthers(statistic, answer) : null,
	};
}

/** Shares of the first answers of all but the reader. */
function sharesOfOthers(
	{ answers, choices }: ItemStatisticRow,
	own: { firstExposure: boolean; late: boolean; chosen: string[] | null } | undefined,
): Record<string, number> | null {
	const counted = own && own.firstExposure && !own.late ? own : undefined;
	const others = answers - (counted ? 1 : 0);
	if (others < OTHERS_MIN || Object.keys(choices).length === 0) return null;
	const mine = new Set(counted?.chosen);
	return Object.fromEntries(
		Object.entries(choices).map(([id, n]) => [id, (n - (mine.has(id) ? 1 : 0)) / others]),
	);
}

/** The result of a finished session. `remediate` names the lab of a position's item, where that is known. */
export function resultViewOf(
	bank: QuestionBank,
	snapshot: Snapshot,
	remediate: ReadonlyMap<number, string>,
	now: Date,
): ResultView {
	const { plan, state, session, slots } = snapshot;
	const result = sessionResult(plan, state);
	const order = bank.sectionCodes(plan.outline);
	return {
		session: sessionViewOf(snapshot, now),
		score: result.score,
		interval: result.interval,
		sections: result.sections
			.map((section) => ({ ...section, ...bank.section(plan.outline, section.code) }))
			.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code)),
		seconds: result.seconds,
		slots: result.slots.map(({ correct, scored, seconds }, position) => ({
			...{ position, correct, scored, seconds },
			title: slots[position]?.title ?? bank.objective(slots[position]?.objective ?? '').title,
			section: slots[position]?.section ?? '',
			flagged: state.slots[position]?.flagged ?? false,
		})),
		placement: placementOf(session),
		weak: result.missed.map(({ objective, missed, positions }) => {
			const lab = positions
				.map((position) => remediate.get(position))
				.find((id) => id !== undefined);
			return { ...bank.objective(objective), missed, lab: bank.lab(lab ?? null) };
		}),
	};
}

function placementOf({ mode, placement }: ExamSessionRow): ResultView['placement'] {
	if (mode !== 'placement' || placement === null) return null;
	const { theta, se, asked, reason } = placement as PlacementEstimate;
	return { theta, se, asked, reason: reason || 'You ended the check.' };
}
