import type { AnswerKey, Choice, Question } from '#lib/exam/item/instance.ts';
import { responseSchema, type Response } from '#lib/exam/item/response.ts';

/** An answer as written down: plain, or with a note of the reader. */
export function answerOf(given: unknown): { answer: unknown; note?: string } {
	if (typeof given === 'object' && given !== null && 'answer' in given) {
		const { answer, note } = given as { answer: unknown; note?: unknown };
		return typeof note === 'string' && note ? { answer, note } : { answer };
	}
	return { answer: given };
}

/**
 * The names under which a sheet shows choices, with their ids: letters, and numbers for what stands on the left.
 * Authors' ids could say more than a candidate sees.
 */
export function labelled(question: Question): ReadonlyMap<string, Choice> {
	const letters = (choices: readonly Choice[]): [string, Choice][] =>
		choices.map((choice, i) => [String.fromCharCode(65 + i), choice]);
	if (question.type === 'match') {
		const numbers = question.left.map((choice, i): [string, Choice] => [String(i + 1), choice]);
		return new Map([...numbers, ...letters(question.right)]);
	}
	return new Map('choices' in question ? letters(question.choices) : []);
}

/** The response that an answer stands for, or why it is none. */
export function responseOf(question: Question, answer: unknown): Response | string {
	const result = responseSchema.safeParse({ type: question.type, ...contentOf(question, answer) });
	if (!result.success) return `not an answer to a question of type ${question.type}`;
	const labels = labelled(question);
	let strange: string | undefined;
	const idOf = (label: string): string => {
		const id = labels.get(label)?.id;
		if (id === undefined) strange ??= label;
		return id ?? label;
	};
	const response = withIds(result.data, idOf);
	return strange === undefined ? response : `there is no choice "${strange}"`;
}

function withIds(response: Response, idOf: (label: string) => string): Response {
	switch (response.type) {
		case 'sba':
		case 'hotspot':
			return { ...response, choice: idOf(response.choice) };
		case 'multi':
			return { ...response, choices: response.choices.map(idOf) };
		case 'order':
			return { ...response, order: response.order.map(idOf) };
		case 'match': {
			const pairs = Object.entries(response.pairs).map(([a, b]) => [idOf(a), idOf(b)]);
			return { ...response, pairs: Object.fromEntries(pairs) as Record<string, string> };
		}
		case 'numeric':
		case 'scenario':
			return response;
	}
}

/** What a reader answered, as it is kept: by ids. */
export function answerKept(response: Response): string | string[] | Record<string, string> {
	switch (response.type) {
		case 'sba':
		case 'hotspot':
			return response.choice;
		case 'multi':
			return response.choices;
		case 'order':
			return response.order;
		case 'match':
			return response.pairs;
		case 'numeric':
			return response.text;
		case 'scenario':
			return response.attemptId;
	}
}

function contentOf(question: Question, answer: unknown): object {
	switch (question.type) {
		case 'sba':
		case 'hotspot':
			return { choice: answer };
		case 'multi':
			return { choices: answer };
		case 'order':
			return { order: answer };
		case 'match':
			return { pairs: answer };
		case 'numeric':
			return { text: typeof answer === 'number' ? String(answer) : answer };
		case 'scenario':
			return { attemptId: answer };
	}
}

/** The key in the form in which a sheet is answered. */
export function keyText(question: Question, key: AnswerKey): string {
	if (key.type === 'numeric') return `${key.value} ${key.unit ?? ''} (± ${key.tolerance})`;
	if (key.type === 'scenario') return `solvable to ${key.pass} %`;
	const labels = [...labelled(question)];
	const labelOf = (id: string): string => labels.find(([, choice]) => choice.id === id)?.[0] ?? id;
	if (key.type === 'match') {
		return Object.entries(key.correct)
			.map(([left, right]) => `${labelOf(left)}-${labelOf(right)}`)
			.join(' ');
	}
	return [key.correct].flat().map(labelOf).join(' ');
}
