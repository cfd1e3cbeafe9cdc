import type { Question } from '../item/instance.ts';

/** The chance, 0..1, of a right answer by a blind guess; 0 where nothing is offered to choose from. */
export function guessRate(question: Question): number {
	switch (question.type) {
		case 'sba':
		case 'hotspot':
			return 1 / Math.max(2, question.choices.length);
		case 'multi': {
			const { choices, select } = question;
			return arrangements(select, select) / arrangements(choices.length, select);
		}
		case 'order':
			return 1 / arrangements(question.choices.length, question.choices.length);
		case 'match':
			return 1 / arrangements(question.right.length, question.left.length);
		case 'numeric':
		case 'scenario':
			return 0;
	}
}

/** In how many orders `taken` of `from` things can be laid out; never less than 1. */
function arrangements(from: number, taken: number): number {
	let count = 1;
	for (let i = 0; i < taken && i < from; i++) count *= from - i;
	return count;
}
