import type { AnswerKey } from '../item/instance.ts';
import type { Mark, Response } from '../item/response.ts';

/**
 * What a response chose, for counting how often each choice is taken: choice ids, or for numbers `key`, the
 * trap that was met, or `other`. Only ids that the question knows, whatever a browser sent. Undefined where
 * counting tells nothing: orders, pairs, labs.
 */
export function chosen(key: AnswerKey, response: Response, mark: Mark): string[] | undefined {
	if (key.type === 'sba' || key.type === 'hotspot') {
		return response.type === key.type ? known(key, [response.choice]) : [];
	}
	if (key.type === 'multi') {
		return response.type === 'multi' ? known(key, response.choices) : [];
	}
	if (key.type === 'numeric')
		return [mark.correct ? 'key' : (known(key, mark.wrong)[0] ?? 'other')];
	return undefined;
}

function known({ rationales }: AnswerKey, ids: readonly string[]): string[] {
	return [...new Set(ids)].filter((id) => Object.hasOwn(rationales, id));
}
