import { parse, SyntaxError } from 'gift-pegjs';
import type {
	GIFTQuestion,
	NumericalChoice,
	NumericalFormat,
	TextChoice,
	TextFormat,
} from 'gift-pegjs';
import { Unsupported, type DraftAnswers, type ReadQuestion } from './draft.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { indexOfBare, splitGift, strictGift, type GiftBlock } from './gift-split.ts';
import { htmlToMarkdown, type Notes } from './html-to-markdown.ts';
import { titleOf } from './make-own-item.ts';

type OfType<T extends GIFTQuestion['type']> = Extract<GIFTQuestion, { type: T }>;

const PARTIAL = 'Part marks were left out: all right choices are needed.';

/** Reads a file of GIFT questions; one that is broken or cannot be marked by a program is refused alone. */
export function readGift(text: string): ReadQuestion[] {
	return splitGift(text).map(readBlock);
}

function readBlock(block: GiftBlock): ReadQuestion {
	const line = block.lines[0] ?? null;
	const [, named = ''] = /^\s*::((?:\\.|(?!::)[^\\])*)::/s.exec(block.text) ?? [];
	const title = named.replace(/\\(.)/gs, '$1').trim();
	const open = indexOfBare(block.text, '{');
	const asked = block.text.replace(/^\s*::.*?::/s, '').replace(/(?<!\\)\{.*/s, '');
	const refuse = (reason: string): ReadQuestion => {
		return { refused: { title: title || titleOf(asked), line, reason } };
	};
	if (open < 0) return refuse('It has no answers in braces, so there is nothing to answer.');
	if (indexOfBare(block.text, '}', open) < 0) {
		return refuse('Its answers are never closed: "}" is missing before the empty line.');
	}
	try {
		const [question] = parse(strictGift(block.text));
		if (!question) return undefined;
		const notes: Notes = new Set();
		const answers = answersOf(question, notes);
		const { stem } = question as OfType<'MC'>;
		const feedback = (question as OfType<'MC'>).globalFeedback;
		return {
			draft: {
				...{ title, line, text: markdownOf(stem, notes), answers },
				explanation: feedback ? markdownOf(feedback, notes) : '',
				notes: [...notes],
			},
		};
	} catch (error) {
		if (error instanceof Unsupported) return refuse(error.message);
		if (error instanceof SyntaxError) return refuse(syntaxReason(error, block));
		throw error;
	}
}

function syntaxReason({ location, found }: SyntaxError, block: GiftBlock): string {
	const line = block.lines[location.start.line - 1] ?? block.lines.at(-1) ?? 0;
	const what = found === null ? 'it ends too early' : `"${found}" cannot stand there`;
	return `It is not GIFT near line ${line}: ${what}. Does a sign of ~ = # { } : need a \\ before it?`;
}

function answersOf(question: GIFTQuestion, notes: Notes): DraftAnswers {
	switch (question.type) {
		case 'MC':
			return choices(question.choices, notes);
		case 'TF':
			return trueFalse(question, notes);
		case 'Matching':
			return matching(question, notes);
		case 'Numerical':
			return numerical(question.choices);
		case 'Short':
			throw new Unsupported('It asks for words (short answer), which are not marked here.');
		case 'Essay':
			throw new Unsupported('It is an essay, which is not marked here.');
		case 'Description':
		case 'Category':
			throw new Unsupported('It is a description without a question.');
	}
}

function choices(all: readonly TextChoice[], notes: Notes): DraftAnswers {
	const weighted = all.some(({ weight }) => weight !== null);
	const full = all.filter(({ weight, isCorrect }) => isCorrect && (weight ?? 100) === 100);
	const positive = all.filter(({ weight, isCorrect }) => (weight ?? (isCorrect ? 100 : 0)) > 0);
	// `=right ~%50%nearly`: one is right, the other earns part of the marks.
	const single = full.length === 1;
	if (weighted) {
		const isEven = positive.every(({ weight }) => weight === positive[0]?.weight);
		if (single && positive.length > 1) notes.add('Part marks were left out: one choice is right.');
		else if (!single && !isEven) notes.add(PARTIAL);
	}
	const right = single ? full : positive;
	return {
		type: 'choice',
		multiple: !single && weighted,
		options: all.map((choice) => ({
			text: markdownOf(choice.text, notes),
			correct: right.includes(choice),
			rationale: choice.feedback ? markdownOf(choice.feedback, notes) : '',
		})),
	};
}

/** The first feedback is for a wrong answer, the second for a right one. */
function trueFalse(question: OfType<'TF'>, notes: Notes): DraftAnswers {
	const [wrong, right] = [question.trueFeedback, question.falseFeedback].map((feedback) =>
		feedback ? markdownOf(feedback, notes) : '',
	);
	const option = (text: string, correct: boolean) => {
		return { text, correct, rationale: (correct ? right : wrong) ?? '' };
	};
	const options = [option('True', question.isTrue), option('False', !question.isTrue)];
	return { type: 'choice', multiple: false, options };
}

function matching({ matchPairs }: OfType<'Matching'>, notes: Notes): DraftAnswers {
	const all = matchPairs.map(({ subquestion, subanswer }) => ({
		left: markdownOf(subquestion, notes),
		// Right sides are plain text in this format.
		right: escapeMarkdown(unmasked(subanswer).trim()),
		rationale: '',
	}));
	return {
		type: 'match',
		pairs: all.filter(({ left }) => left !== ''),
		extra: all
			.filter(({ left }) => left === '')
			.map(({ right, rationale }) => ({ text: right, rationale })),
	};
}

/** The parser masks escaped signs by their codes and forgets to bring them back on right sides. */
function unmasked(text: string): string {
	return text.replace(/&&(?:0(10)|(\d{3});)/g, (_, line?: string, code?: string) =>
		String.fromCharCode(Number(line ?? code)),
	);
}

function numerical(given: NumericalChoice[] | NumericalFormat): DraftAnswers {
	const all: Partial<NumericalChoice>[] = Array.isArray(given)
		? given
		: [{ isCorrect: true, text: given }];
	const right = all.filter(({ isCorrect, weight }) => isCorrect && (weight ?? 100) === 100);
	const [only, ...more] = right;
	if (!only?.text) throw new Unsupported('No number is right.');
	if (more.length > 0) throw new Unsupported(`${right.length} numbers are right; one must be.`);
	const traps = all.flatMap((choice) => {
		// `*` stands for every other number.
		if (choice === only || !choice.text || !choice.feedback || !('type' in choice.text)) return [];
		return [{ value: band(choice.text).value, rationale: feedbackText(choice.feedback) }];
	});
	return { type: 'numeric', ...band(only.text), unit: null, traps };
}

function feedbackText(feedback: TextFormat): string {
	return markdownOf(feedback, new Set());
}

function band(format: NumericalFormat): { value: number; tolerance: number } {
	const { type, number = Number.NaN, range = 0, numberLow = 0, numberHigh = 0 } = format;
	if (type === 'high-low') {
		const [low, high] = [Math.min(numberLow, numberHigh), Math.max(numberLow, numberHigh)];
		return { value: (low + high) / 2, tolerance: (high - low) / 2 };
	}
	return { value: number, tolerance: type === 'range' ? Math.abs(range) : 0 };
}

function markdownOf({ format, text }: TextFormat, notes: Notes): string {
	if (format === 'markdown') return text.trim();
	return format === 'plain' ? escapeMarkdown(text.trim()) : htmlToMarkdown(text, notes);
}
