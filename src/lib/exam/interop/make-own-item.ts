import type { Item } from '../item/item-schema.ts';
import type { Draft, DraftAnswers, ImportedItem, Refused } from './draft.ts';
import { Unsupported } from './draft.ts';
import { ownItemSchema } from './own-item-schema.ts';
import { LIMITS } from './limits.ts';

const NO_REASON = 'The source gives no reason for this answer.';
const TITLE_CHARACTERS = 80;
const SECONDS = { choice: 60, order: 90, match: 90, numeric: 90 } as const;

/** What the file does not tell. */
export interface Origin {
	/** For the whole bank. */
	objective: string;
	/** ISO date. */
	created: string;
}

/** An item from a draft, or why it cannot be one. `number` counts the items of the file from 1. */
export function makeOwnItem(draft: Draft, number: number, origin: Origin): ImportedItem | Refused {
	const title = draft.title.trim() || titleOf(draft.text);
	const notes = new Set(draft.notes);
	try {
		const item = build(draft, number, origin, notes);
		return { item, title: shortened(title), line: draft.line, notes: [...notes] };
	} catch (error) {
		if (!(error instanceof Unsupported)) throw error;
		return { title: shortened(title), line: draft.line, reason: error.message };
	}
}

/** The first words of a text, without marks. */
export function titleOf(markdown: string): string {
	const words = markdown
		.slice(0, 4 * TITLE_CHARACTERS)
		.replace(/(?<!\\)[`*_]/g, '')
		.replace(/\\(?=[^\s\dA-Za-z])/g, '')
		.replace(/[#>|]/g, ' ');
	return shortened(words.trim().replace(/\s+/g, ' ')) || 'Untitled';
}

function shortened(title: string): string {
	const plain = title.replace(/\s+/g, ' ');
	if (plain.length <= TITLE_CHARACTERS) return plain;
	return `${plain.slice(0, TITLE_CHARACTERS).replace(/\s\S*$/, '')} …`;
}

function build(draft: Draft, number: number, origin: Origin, notes: Set<string>): Item {
	const { answers } = draft;
	if (draft.text.trim() === '') throw new Unsupported('The question has no text.');
	if (
		answers.type === 'choice' &&
		draft.explanation === '' &&
		answers.options.every((o) => !o.rationale)
	) {
		notes.add('The file gives no reasons for its answers.');
	}
	const made = ownItemSchema.safeParse({
		...{ id: `OW-question-${String(number).padStart(4, '0')}`, version: 1, revision: 0 },
		...{ status: 'live', pilot: false, blueprint: [], objective: origin.objective },
		...{ cognitive: 'apply', level: 3, ...splitText(draft.text), exhibits: [] },
		...{ explanation: draft.explanation.trim() || NO_REASON, references: [], enemies: [] },
		...{ time_s: SECONDS[answers.type], author: 'import', created: origin.created },
		origin: 'original',
		...partOf(answers, notes),
	});
	if (made.success) return made.data;
	const [issue] = made.error.issues;
	const place = issue?.path.join('.') ?? '';
	if (issue?.code === 'too_big' && issue.origin === 'string') {
		throw new Unsupported(`A text is longer than ${issue.maximum} characters (${place}).`);
	}
	throw new Unsupported(`It does not fit (${place}: ${issue?.message ?? 'unknown'}).`);
}

/** The last paragraph is the lead-in, unless it is a list, a table, code or a quotation. */
function splitText(text: string): { stem: string; lead_in: string } {
	const whole = text.trim();
	const at = whole.lastIndexOf('\n\n');
	const last = whole.slice(at + 2);
	const isParagraph = !/^(?:```|~~~|\||>|[-*+] |\d+[.)] |#| )/.test(last) && !/^```$/m.test(last);
	if (at >= 0 && isParagraph) return { stem: whole.slice(0, at).trim(), lead_in: last };
	return at < 0 ? { stem: '', lead_in: whole } : { stem: whole, lead_in: 'What is the answer?' };
}

/** a, b, … */
function letter(i: number): string {
	return String.fromCharCode(97 + i);
}

function rationaleOf(text: string): string {
	return text.trim() || NO_REASON;
}

function checkCount(count: number, [least, most]: readonly [number, number], what: string): void {
	if (count < least)
		throw new Unsupported(`It has ${count} ${what}; at least ${least} are needed.`);
	if (count > most) throw new Unsupported(`It has ${count} ${what}; at most ${most} can be shown.`);
}

function checkDifferent(texts: readonly string[], what: string): void {
	if (texts.some((text) => text.trim() === ''))
		throw new Unsupported(`One of the ${what} is empty.`);
	const seen = new Set<string>();
	for (const text of texts) {
		const plain = text.trim();
		if (seen.has(plain))
			throw new Unsupported(`Two of the ${what} read the same: ${titleOf(plain)}`);
		seen.add(plain);
	}
}

function partOf(answers: DraftAnswers, notes: Set<string>): object {
	switch (answers.type) {
		case 'choice':
			return choicePart(answers, notes);
		case 'order': {
			const { sequence } = answers;
			checkCount(sequence.length, [2, LIMITS.ordered], 'elements to put in order');
			checkDifferent(
				sequence.map(({ text }) => text),
				'elements',
			);
			return {
				type: 'order',
				sequence: sequence.map(({ text, rationale }, i) => {
					return { id: letter(i), text: text.trim(), rationale: rationaleOf(rationale) };
				}),
			};
		}
		case 'match':
			return matchPart(answers);
		case 'numeric': {
			const { value, tolerance, unit, traps } = answers;
			if (!Number.isFinite(value) || !Number.isFinite(tolerance) || tolerance < 0) {
				throw new Unsupported('The right number or its tolerance is no number.');
			}
			const answer = { value, ...(unit === null ? {} : { unit }), tol_abs: tolerance };
			const told = traps.filter(({ rationale }) => rationale.trim() !== '');
			return { type: 'numeric', answer, traps: told };
		}
	}
}

function choicePart(
	{ multiple, options }: Extract<DraftAnswers, { type: 'choice' }>,
	notes: Set<string>,
): object {
	checkCount(options.length, [2, LIMITS.choices], 'choices');
	checkDifferent(
		options.map(({ text }) => text),
		'choices',
	);
	const right = options.filter(({ correct }) => correct).length;
	if (right === 0) throw new Unsupported('None of its choices is right.');
	if (right === options.length) throw new Unsupported('All of its choices are right.');
	if (!multiple && right > 1) {
		throw new Unsupported(`${right} of its choices are right, but only one may be chosen.`);
	}
	if (multiple && right === 1) notes.add('One choice is right, so one is asked for.');
	return {
		type: right === 1 ? 'sba' : 'multi',
		options: options.map(({ text, correct, rationale }, i) => ({
			...{ id: letter(i), text: text.trim(), rationale: rationaleOf(rationale) },
			...(correct ? { correct } : {}),
		})),
	};
}

function matchPart({ pairs, extra }: Extract<DraftAnswers, { type: 'match' }>): object {
	checkCount(pairs.length, [2, LIMITS.choices], 'pairs');
	checkCount(extra.length, [0, LIMITS.choices], 'right sides without a partner');
	checkDifferent(
		pairs.map(({ left }) => left),
		'left sides',
	);
	checkDifferent(
		[...pairs.map(({ right }) => right), ...extra.map(({ text }) => text)],
		'right sides',
	);
	return {
		type: 'match',
		pairs: pairs.map(({ left, right, rationale }, i) => ({
			...{ id: letter(i), left: left.trim(), right: right.trim() },
			rationale: rationaleOf(rationale),
		})),
		extra: extra.map(({ text, rationale }, i) => {
			return { id: `extra-${letter(i)}`, text: text.trim(), rationale: rationaleOf(rationale) };
		}),
	};
}
