import { Unsupported, type DraftAnswers, type ReadQuestion } from './draft.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { htmlToMarkdown, type Notes } from './html-to-markdown.ts';
import { titleOf } from './make-own-item.ts';
import { elementsOf, firstOf, textOf, type XmlElement } from './xml-tree.ts';

/** A title needs no more of a text. */
const TITLE_FROM = 2_000;

const REFUSED: Record<string, string> = {
	shortanswer: 'It asks for words (short answer), which are not marked here.',
	essay: 'It is an essay, which is not marked here.',
	calculated: 'It is calculated from data sets, which are not understood here.',
	calculatedmulti: 'It is calculated from data sets, which are not understood here.',
	calculatedsimple: 'It is calculated from data sets, which are not understood here.',
	cloze: 'It has several gaps in one text (cloze), which are not understood here.',
	multianswer: 'It has several gaps in one text (cloze), which are not understood here.',
	description: 'It is a description without a question.',
	ddmarker: 'Its answer is a place in a picture; pictures are not taken over.',
	ddimageortext: 'Its answer is a place in a picture; pictures are not taken over.',
};

/** Reads the questions of a Moodle XML file; those that cannot be marked here are refused one by one. */
export function readMoodleXml(root: XmlElement): ReadQuestion[] {
	return elementsOf(root, 'question').map(readQuestion);
}

function readQuestion(question: XmlElement): ReadQuestion {
	const type = question.attributes.get('type') ?? '';
	if (type === 'category') return undefined;
	const notes: Notes = new Set();
	const { line } = question;
	const title = plainText(firstOf(question, 'name'));
	try {
		const text = markdownIn(firstOf(question, 'questiontext'), notes);
		const explanation = markdownIn(firstOf(question, 'generalfeedback'), notes);
		const answers = answersOf(type, question, notes);
		return { draft: { ...{ title, line, text, explanation, answers }, notes: [...notes] } };
	} catch (error) {
		if (!(error instanceof Unsupported)) throw error;
		const asked = plainText(firstOf(question, 'questiontext')).slice(0, TITLE_FROM);
		return {
			refused: {
				title: title || titleOf(htmlToMarkdown(asked, new Set())),
				line,
				reason: error.message,
			},
		};
	}
}

/** The text of an element with `<text>` inside, as it is. */
function plainText(element: XmlElement | undefined): string {
	return textOf(firstOf(element, 'text') ?? element).trim();
}

/** The text of an element with `<text>` inside, by its format. Files it embeds are left out. */
function markdownIn(element: XmlElement | undefined, notes: Notes, format = 'html'): string {
	if (!element) return '';
	const text = textOf(firstOf(element, 'text'));
	switch (element.attributes.get('format') ?? format) {
		case 'markdown':
			return text.trim();
		case 'plain_text':
			return escapeMarkdown(text.trim());
		default:
			return htmlToMarkdown(text, notes);
	}
}

function answersOf(type: string, question: XmlElement, notes: Notes): DraftAnswers {
	switch (type) {
		case 'multichoice':
			return multichoice(question, notes);
		case 'truefalse':
			return truefalse(question, notes);
		case 'numerical':
			return numerical(question, notes);
		case 'matching':
			return matching(question, notes);
		case 'ordering':
			return ordering(question, notes);
		default: {
			const known = REFUSED[type] ?? `Questions of the type "${type}" are not understood here.`;
			throw new Unsupported(known);
		}
	}
}

/** Percent of the marks, -100..100. */
function fractionOf(answer: XmlElement): number {
	const fraction = Number(answer.attributes.get('fraction') ?? '0');
	return Number.isFinite(fraction) ? fraction : 0;
}

function multichoice(question: XmlElement, notes: Notes): DraftAnswers {
	const answers = elementsOf(question, 'answer');
	const single = /^(?:true|1)$/.test(textOf(firstOf(question, 'single')).trim() || 'true');
	const positive = answers.filter((answer) => fractionOf(answer) > 0);
	const full = answers.filter((answer) => fractionOf(answer) >= 100);
	if (single && full.length === 1 && positive.length > 1) {
		notes.add('Part marks were left out: one choice is right.');
	}
	if (!single && new Set(positive.map(fractionOf)).size > 1) {
		notes.add('Part marks were left out: all right choices are needed.');
	}
	const right = single ? full : positive;
	return {
		type: 'choice',
		multiple: !single,
		options: answers.map((answer) => ({
			text: markdownIn(answer, notes),
			correct: right.includes(answer),
			rationale: markdownIn(firstOf(answer, 'feedback'), notes),
		})),
	};
}

function truefalse(question: XmlElement, notes: Notes): DraftAnswers {
	const options = elementsOf(question, 'answer').map((answer) => ({
		text: /^true$/i.test(plainText(answer)) ? 'True' : 'False',
		correct: fractionOf(answer) > 0,
		rationale: markdownIn(firstOf(answer, 'feedback'), notes),
	}));
	return { type: 'choice', multiple: false, options };
}

function numerical(question: XmlElement, notes: Notes): DraftAnswers {
	const answers = elementsOf(question, 'answer');
	const full = answers.filter((answer) => fractionOf(answer) >= 100);
	const [right, ...more] = full;
	if (!right) throw new Unsupported('No number is right.');
	if (more.length > 0) throw new Unsupported(`${full.length} numbers are right; one must be.`);
	if (answers.some((answer) => fractionOf(answer) > 0 && fractionOf(answer) < 100)) {
		notes.add('Part marks were left out: one number is right.');
	}
	const value = numberIn(right);
	if (value === undefined) throw new Unsupported('Its answer is not a number.');
	const tolerance = Number(textOf(firstOf(right, 'tolerance')).trim() || '0');
	const traps = answers.flatMap((answer) => {
		const wrong = answer === right ? undefined : numberIn(answer);
		const rationale = markdownIn(firstOf(answer, 'feedback'), notes);
		return wrong === undefined ? [] : [{ value: wrong, rationale }];
	});
	return { type: 'numeric', value, tolerance, unit: unitOf(question, notes), traps };
}

function numberIn(answer: XmlElement): number | undefined {
	const text = plainText(answer);
	// `*` is any number; commas are not used in these files.
	return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

/** The unit in which the answer stands: the one whose multiplier is 1. */
function unitOf(question: XmlElement, notes: Notes): string | null {
	const units = elementsOf(firstOf(question, 'units') ?? question, 'unit').map((unit) => ({
		name: textOf(firstOf(unit, 'unit_name')).trim(),
		multiplier: Number(textOf(firstOf(unit, 'multiplier')).trim()),
	}));
	const base = units.find(({ multiplier }) => multiplier === 1);
	if (units.length > 1) notes.add(`Of its units only "${base?.name ?? ''}" was taken over.`);
	if (units.length > 0 && !base) throw new Unsupported('None of its units has the multiplier 1.');
	return base && base.name !== '' ? base.name.slice(0, 20) : null;
}

function matching(question: XmlElement, notes: Notes): DraftAnswers {
	const all = elementsOf(question, 'subquestion').map((pair) => ({
		left: markdownIn(pair, notes),
		right: escapeMarkdown(plainText(firstOf(pair, 'answer'))),
	}));
	return {
		type: 'match',
		pairs: all.filter(({ left }) => left !== '').map((pair) => ({ ...pair, rationale: '' })),
		extra: all
			.filter(({ left }) => left === '')
			.map(({ right }) => ({ text: right, rationale: '' })),
	};
}

/** Answers stand in the correct order, or carry their place as fraction. */
function ordering(question: XmlElement, notes: Notes): DraftAnswers {
	const answers = elementsOf(question, 'answer');
	const places = new Set(answers.map(fractionOf));
	if (places.size === answers.length) answers.sort((a, b) => fractionOf(a) - fractionOf(b));
	return {
		type: 'order',
		sequence: answers.map((answer) => ({
			text: markdownIn(answer, notes),
			rationale: markdownIn(firstOf(answer, 'feedback'), notes),
		})),
	};
}
