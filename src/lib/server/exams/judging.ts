import { difficultyOfLevel, newItem, newLearner, updateElo } from '#lib/exam/psychometrics/elo.ts';
import type { DifficultyLevel } from '#lib/exam/psychometrics/elo.ts';
import { possiblyGuessed } from '#lib/exam/psychometrics/certainty.ts';
import type { AnswerKey } from '#lib/exam/item/instance.ts';
import { mark } from '#lib/exam/item/mark.ts';
import type { Response } from '#lib/exam/item/response.ts';
import { chosen } from '#lib/exam/session/chosen.ts';
import type { Connection } from '../db/connection.ts';
import { insertAnswer, putLateAnswer } from '../db/exam-answer-store.ts';
import type { ExamAnswerRow } from '../db/exam-answer-store.ts';
import { hasMetElsewhere, listAnswerKeys } from '../db/exam-slot-store.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import {
	findAbility,
	findItemStatistic,
	putAbility,
	putItemStatistic,
} from '../db/rating-store.ts';
import { pinnedItem } from './instances.ts';
import { reviewAnswer } from './repetition-review.ts';
import type { Snapshot } from './snapshot.ts';

const DAY_MS = 86_400_000;

/**
 * Judges every answer of a session that has become final and was not judged before: keeps it with its mark, moves
 * the ratings of learner and item, and reviews the objective. Late answers are kept and marked, no more. All
 * within the caller's transaction.
 */
export function judgeFinalAnswers(tx: Connection, snapshot: Snapshot, now: Date): void {
	const { state, answers, session } = snapshot;
	const closed = state.finishedMs !== null;
	const due: { position: number; response: Response; late: boolean }[] = [];
	for (const [position, { response, lateResponse, checked }] of state.slots.entries()) {
		if (response && (checked || closed)) {
			if (!answers.has(position)) due.push({ position, response, late: false });
		} else if (lateResponse && closed) due.push({ position, response: lateResponse, late: true });
	}
	if (due.length === 0) return;
	const keys = new Map(
		listAnswerKeys(
			tx,
			session.id,
			due.map(({ position }) => position),
		).map((row) => [row.position, row]),
	);
	for (const { position, response, late } of due) {
		const made = keys.get(position);
		const slot = snapshot.slots[position];
		if (!made || !slot) continue;
		const key = made.answerKey as AnswerKey;
		const at = late || state.finishedMs === null ? now : new Date(state.finishedMs);
		const row = answerRow(tx, snapshot, slot, {
			response,
			key,
			guessRate: made.guessRate,
			late,
			at,
		});
		if (row.late) putLateAnswer(tx, { ...row, late: true });
		else if (insertAnswer(tx, row)) learnFrom(tx, slot, row);
	}
}

function answerRow(
	tx: Connection,
	{ session, state }: Snapshot,
	slot: ExamSlotRow,
	given: { response: Response; key: AnswerKey; guessRate: number; late: boolean; at: Date },
): ExamAnswerRow {
	const { response, key, guessRate, late, at } = given;
	const verdict = mark(key, response, slot.restoredPercent ?? 0);
	const { certainty = null, lookedMs = 0 } = state.slots[slot.position] ?? {};
	const { sessionId, position, itemId, version, digest, objective, section } = slot;
	return {
		...{ sessionId, position, itemId, version, digest, objective, section },
		...{ userId: session.userId, outline: session.outline, mode: session.mode },
		...verdict,
		chosen: chosen(key, response, verdict) ?? null,
		certainty,
		seconds: lookedMs / 1_000,
		guessRate,
		firstExposure: !hasMetElsewhere(tx, session.userId, slot),
		scored: slot.scored && !late,
		late,
		at,
	};
}

/** What an answer tells about the learner, the item and what is remembered. */
function learnFrom(tx: Connection, slot: ExamSlotRow, answer: ExamAnswerRow): void {
	const { userId, outline, itemId, version, guessRate: c, at } = answer;
	const item = pinnedItem(tx, slot);
	const learner = findAbility(tx, userId, outline) ?? newLearner();
	const known = findItemStatistic(tx, itemId, version);
	const rated = known ?? newItem(difficultyOfLevel(item.level as DifficultyLevel));
	const { firstExposure } = answer;
	const after = updateElo(learner, rated, {
		...{ score: answer.correct ? 1 : 0, c, firstExposure },
		day: Math.floor(at.getTime() / DAY_MS),
	});
	putAbility(tx, { userId, outline, ...after.learner, updatedAt: at });
	if (firstExposure) {
		const choices = { ...known?.choices };
		for (const id of answer.chosen ?? []) choices[id] = (choices[id] ?? 0) + 1;
		const right = (known?.right ?? 0) + (answer.correct ? 1 : 0);
		putItemStatistic(tx, { itemId, version, right, choices, ...after.item });
	}
	// Own questions serve no objective of the bank, so nothing of them could come back as a review.
	if (outline.startsWith('own:')) return;
	const guessed = answer.correct && possiblyGuessed(learner.theta, rated.b, c);
	reviewAnswer(tx, answer, { expectedSeconds: item.time_s, possiblyGuessed: guessed });
}
