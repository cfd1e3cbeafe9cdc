import { Unsupported, type DraftOption, type ReadQuestion, type Refused } from './draft.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { titleOf } from './make-own-item.ts';

const CHOICE = /^\s*([A-Z])[.)]\s+(.*)$/;
const ANSWER = /^\s*ANSWER\s*:\s*(\S.*?)?\s*$/i;

/** Whether a text looks like Aiken: lettered choices and a line that names the answer. */
export function isAiken(text: string): boolean {
	return /^\s*ANSWER\s*:/m.test(text) && /^\s*A[.)]\s/m.test(text);
}

/**
 * Reads Aiken: one paragraph of question, lettered choices, `ANSWER: B`. A question ends with its answer, or
 * with an empty line after its choices.
 */
export function readAiken(text: string): ReadQuestion[] {
	const found: ReadQuestion[] = [];
	let block: { line: number; lines: string[] } | undefined;
	const flush = (): void => {
		if (block) found.push(readBlock(block.lines, block.line));
		block = undefined;
	};
	text.split('\n').forEach((line, i) => {
		if (line.trim() === '') {
			// Some files have empty lines inside questions, but never after the last choice.
			if (block?.lines.some((one) => CHOICE.test(one))) flush();
			return;
		}
		block ??= { line: i + 1, lines: [] };
		block.lines.push(line);
		if (ANSWER.test(line)) flush();
	});
	flush();
	return found;
}

function readBlock(lines: readonly string[], line: number): ReadQuestion {
	const question: string[] = [];
	const options: (DraftOption & { letter: string })[] = [];
	let answer: string | undefined;
	for (const one of lines) {
		const stated = ANSWER.exec(one);
		const choice = CHOICE.exec(one);
		const last = options.at(-1);
		if (stated) answer = stated[1] ?? '';
		else if (choice) {
			const [, letter = '', words = ''] = choice;
			options.push({ letter, text: escapeMarkdown(words.trim()), correct: false, rationale: '' });
		} else if (last) last.text += ` ${escapeMarkdown(one.trim())}`;
		else question.push(escapeMarkdown(one.trim()));
	}
	const text = question.join('\\\n');
	const refused: Refused = { title: titleOf(text), line, reason: '' };
	try {
		check(text, options, answer);
	} catch (error) {
		if (!(error instanceof Unsupported)) throw error;
		return { refused: { ...refused, reason: error.message } };
	}
	return {
		draft: {
			...{ title: '', line, text, explanation: '', notes: [] },
			answers: {
				type: 'choice',
				multiple: false,
				options: options.map(({ letter, ...option }) => {
					return { ...option, correct: letter === answer?.toUpperCase() };
				}),
			},
		},
	};
}

function check(
	text: string,
	options: readonly { letter: string }[],
	answer: string | undefined,
): void {
	if (options.length === 0) {
		throw new Unsupported(
			'There are no choices: they begin with a capital and a dot, as in "A. …".',
		);
	}
	if (text === '') throw new Unsupported('There is no question before the first choice.');
	const letters = options.map(({ letter }) => letter);
	const twice = letters.find((letter, i) => letters.indexOf(letter) !== i);
	if (twice !== undefined) throw new Unsupported(`Two choices have the letter ${twice}.`);
	if (answer === undefined) throw new Unsupported('The line "ANSWER: …" is missing.');
	if (/[A-Z]\s*,\s*[A-Z]/i.test(answer)) {
		throw new Unsupported('Aiken has one right choice, but several are named.');
	}
	if (!letters.includes(answer.toUpperCase())) {
		throw new Unsupported(`The answer is "${answer}", but there is no such choice.`);
	}
}
