import type { AnswerKey, Question } from '#lib/exam/item/instance.ts';
import type { Response } from '#lib/exam/item/response.ts';

/** The choices that an answer takes, for the types that are lists of choices. */
export function chosenIds(response: Response | null): string[] {
	if (response === null) return [];
	if (response.type === 'sba' || response.type === 'hotspot') return [response.choice];
	return response.type === 'multi' ? response.choices : [];
}

/** The answer after one choice was clicked; null when nothing is chosen any more. */
export function choiceResponse(
	type: Question['type'],
	chosen: readonly string[],
	id: string,
): Response | null {
	if (type === 'sba' || type === 'hotspot') return { type, choice: id };
	if (type !== 'multi') return null;
	const choices = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
	return choices.length === 0 ? null : { type, choices };
}

/** The right choices, for the types that are lists of choices. */
export function correctIds(key: AnswerKey): string[] {
	if (key.type === 'sba') return [key.correct];
	return key.type === 'multi' || key.type === 'hotspot' ? key.correct : [];
}
