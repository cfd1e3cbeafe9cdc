import { bodyOf, type FrozenItem } from './frozen-item.ts';
import { markdownToHtml } from './markdown-to-html.ts';
import { markdownToPlainText } from './plain-text.ts';

/** What a question says, comparable across formats. */
export function saidBy(item: FrozenItem) {
	const shown = (markdown: string) => markdownToHtml(markdown).replace(/\s+/g, ' ');
	const { answers } = item;
	const body = shown(bodyOf(item));
	switch (answers.type) {
		case 'choice':
			return {
				body,
				explanation: shown(item.explanation),
				choices: answers.choices
					.map(({ id, text, rationale }) => {
						return [shown(text), answers.correct.includes(id), shown(rationale)];
					})
					.sort(),
			};
		case 'order':
			return { body, order: answers.choices.map(({ text }) => shown(text)) };
		case 'match':
			return {
				body,
				pairs: answers.pairs.map(({ left, right }) => {
					return [shown(left.text).replaceAll('-&gt;', '→'), markdownToPlainText(right.text)];
				}),
				extra: answers.extra.map(({ text }) => markdownToPlainText(text)).sort(),
			};
		case 'numeric': {
			const { value, tolerance, traps } = answers;
			return { body, value, tolerance, traps: traps.map((trap) => ({ ...trap })) };
		}
	}
}
