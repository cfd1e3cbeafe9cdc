import type { Question } from '#lib/exam/item/instance.ts';
import type { StepBody } from '#lib/exam/session/step.ts';
import type { StepsRequest } from '#lib/ui/exam-data.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import type { Snapshot } from './snapshot.ts';

/** Bounds the log of a session. Far more than anybody does in one. */
const STEPS_MAX = 10_000;

/** Why steps that fit the format cannot be meant; undefined when they can. */
export function objectionTo(
	{ slots, steps: log }: Snapshot,
	steps: StepsRequest['steps'],
	typeOf: (slot: ExamSlotRow) => Question['type'],
): string | undefined {
	const known = new Map(log.map(({ key, body }) => [key, body]));
	let length = log.length;
	for (const { key, body } of steps) {
		const earlier = known.get(key);
		if (earlier && !isSame(earlier, body)) return 'This key belongs to another step.';
		if (!earlier) length += 1;
		known.set(key, body);
		if (length > STEPS_MAX && body.kind !== 'finish') {
			return `A session ends after ${STEPS_MAX} steps. Please finish it.`;
		}
		if (body.kind !== 'answer') continue;
		const slot = slots[body.slot];
		const type = slot && typeOf(slot);
		if (type === 'scenario') return 'A ticket is answered by working on it.';
		if (body.response && type && body.response.type !== type) {
			return 'The answer is of another type than the question.';
		}
	}
	return undefined;
}

/** Both have gone through the schema, so that their keys stand in the same order. */
function isSame(one: StepBody, other: StepBody): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}
