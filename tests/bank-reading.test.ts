import { expect, test } from 'vitest';
import type { AnswerKey, Instance, Question } from '#lib/exam/item/instance.ts';
import { mark } from '#lib/exam/item/mark.ts';
import { answerKept, answerOf, keyText, responseOf } from '../scripts/reading/answers.ts';
import { printedItem } from '../scripts/reading/print-item.ts';

const ASK = { stem: 'The case.', leadIn: 'What is it?', exhibits: [], timeS: 60 };
const KEY = {
	rationales: { one: 'SECRET', two: 'SECRET' },
	...{ explanation: 'SECRET', references: [], remediate: null },
};
const CHOICES = ['two', 'one', 'three'].map((id) => ({ id: `id-${id}`, text: `Text ${id}` }));

const CASES: [
	question: Question,
	key: AnswerKey,
	right: unknown,
	wrong: unknown,
	keyShown: string,
][] = [
	[
		{ ...ASK, type: 'sba', choices: CHOICES },
		{ ...KEY, type: 'sba', correct: 'id-one' },
		...(['B', 'A', 'B'] as const),
	],
	[
		{ ...ASK, type: 'multi', choices: CHOICES, select: 2 },
		{ ...KEY, type: 'multi', correct: ['id-one', 'id-two'] },
		...([['A', 'B'], ['A', 'C'], 'B A'] as const),
	],
	[
		{ ...ASK, type: 'order', choices: CHOICES },
		{ ...KEY, type: 'order', correct: ['id-one', 'id-two', 'id-three'] },
		...([['B', 'A', 'C'], ['A', 'B', 'C'], 'B A C'] as const),
	],
	[
		{ ...ASK, type: 'match', left: [{ id: 'l', text: 'Left' }], right: CHOICES },
		{ ...KEY, type: 'match', correct: { l: 'id-three' } },
		...([{ 1: 'C' }, { 1: 'A' }, '1-C'] as const),
	],
	[
		{ ...ASK, type: 'numeric', unit: 's' },
		{ ...KEY, type: 'numeric', value: 60, unit: 's', tolerance: 1, traps: [] },
		...(['1 min', 62, '60 s (± 1)'] as const),
	],
];

test.each(CASES)(
	'a sheet of type $type can be answered and tells nothing',
	(question, key, right, wrong, keyShown) => {
		const instance: Instance = { itemId: 'XX-made-0001', version: 1, seed: 's', question, key };
		const sheet = printedItem(instance);
		expect(sheet).toContain('The case.');
		expect(sheet).not.toMatch(/SECRET|id-/);
		for (const [answer, agrees] of [
			[right, true],
			[wrong, false],
		]) {
			const response = responseOf(question, answer);
			if (typeof response === 'string') throw new Error(response);
			expect(mark(key, response).correct).toBe(agrees);
		}
		expect(keyText(question, key)).toBe(keyShown);
	},
);

test('answers are kept by ids, so that they outlast the seed', () => {
	const [[question]] = CASES.slice(2) as [(typeof CASES)[number]];
	const response = responseOf(question, ['B', 'A', 'C']);
	expect(typeof response === 'string' ? response : answerKept(response)).toEqual([
		'id-one',
		'id-two',
		'id-three',
	]);
});

test('an answer that fits no choice or type is refused, a note is taken', () => {
	const [[question]] = CASES as [(typeof CASES)[number]];
	expect(responseOf(question, 'D')).toBe('there is no choice "D"');
	expect(responseOf(question, ['A'])).toBe('not an answer to a question of type sba');
	expect(answerOf({ answer: 'A', note: 'two fit' })).toEqual({ answer: 'A', note: 'two fit' });
	expect(answerOf({ 1: 'A' })).toEqual({ answer: { 1: 'A' } });
});
