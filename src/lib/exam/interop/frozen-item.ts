import type { Exhibit, ExhibitMaker, ExhibitNode } from '../item/exhibit.ts';
import type { AnswerKey, Choice, Question } from '../item/instance.ts';
import type { Item } from '../item/item-schema.ts';
import { makeInstance } from '../item/make-instance.ts';
import { codeBlock, escapeMarkdown, markdownTable } from './escape-markdown.ts';
import { titleOf } from './make-own-item.ts';

/** A question as other programs can hold it: nothing is drawn any more. Texts are Markdown. */
export interface FrozenItem {
	/** Unique within an export. */
	id: string;
	title: string;
	/** The seed of a generator's instance; null where nothing is drawn. */
	seed: string | null;
	/** Stem and exhibits; may be empty. */
	stem: string;
	leadIn: string;
	explanation: string;
	answers: FrozenAnswers;
}

export interface FrozenChoice extends Choice {
	rationale: string;
}

export type FrozenAnswers =
	| { type: 'choice'; choices: FrozenChoice[]; correct: string[] }
	/** In the correct order; `shown` are the ids as they were shown. */
	| { type: 'order'; choices: FrozenChoice[]; shown: string[] }
	| { type: 'match'; pairs: { left: FrozenChoice; right: Choice }[]; extra: FrozenChoice[] }
	| {
			type: 'numeric';
			value: number;
			tolerance: number;
			unit: string | null;
			traps: { value: number; rationale: string }[];
	  };

export interface Skipped {
	id: string;
	/** One sentence. */
	reason: string;
}

/**
 * Items as they are at the given seeds; items without variables once. What can only be answered in the
 * simulator, or is shown as a picture, is skipped with the reason.
 */
export function freeze(
	items: readonly Item[],
	{ makeExhibit, seeds }: { makeExhibit: ExhibitMaker; seeds: readonly string[] },
): { frozen: FrozenItem[]; skipped: Skipped[] } {
	const frozen: FrozenItem[] = [];
	const skipped: Skipped[] = [];
	for (const item of items) {
		const reason = unfit(item);
		if (reason !== undefined) {
			skipped.push({ id: item.id, reason });
			continue;
		}
		const isDrawn = item.params !== undefined || item.exhibits.some(({ kind }) => !PLAIN.has(kind));
		for (const seed of isDrawn ? seeds : ['fixed']) {
			const made = makeInstance(item, seed, makeExhibit);
			const one = 'instance' in made && frozenOf(item, isDrawn ? seed : null, made.instance);
			if (one) frozen.push(one);
			else {
				const reason = 'problem' in made ? `It cannot be made: ${made.problem}.` : HAS_PICTURE;
				skipped.push({ id: item.id, reason });
				break;
			}
		}
	}
	return { frozen, skipped };
}

/** Written by hand: the same for every seed. */
const PLAIN = new Set(['text', 'table']);
const HAS_PICTURE = 'It shows a picture or a map that the simulator draws.';

function unfit(item: Item): string | undefined {
	if (item.type === 'scenario') return 'It is answered in the simulator.';
	if (item.type === 'hotspot')
		return 'Its answer is a place in a picture that the simulator draws.';
	return undefined;
}

function frozenOf(
	item: Item,
	seed: string | null,
	{ question, key }: { question: Question; key: AnswerKey },
): FrozenItem | undefined {
	const exhibits = question.exhibits.map(exhibitToMarkdown);
	const answers = answersOf(question, key);
	if (!answers || exhibits.includes(undefined)) return undefined;
	const stem = [question.stem.trim(), ...exhibits].filter((text) => text !== '').join('\n\n');
	return {
		id: seed === null ? item.id : `${item.id}-${seed}`,
		title: titleOf(question.stem || question.leadIn),
		...{ seed, stem, leadIn: question.leadIn.trim(), answers },
		explanation: key.explanation.trim(),
	};
}

function answersOf(question: Question, key: AnswerKey): FrozenAnswers | undefined {
	const why = ({ id, text }: Choice): FrozenChoice => {
		return { id, text: text.trim(), rationale: key.rationales[id]?.trim() ?? '' };
	};
	if (question.type === 'sba' && key.type === 'sba') {
		return { type: 'choice', choices: question.choices.map(why), correct: [key.correct] };
	}
	if (question.type === 'multi' && key.type === 'multi') {
		return { type: 'choice', choices: question.choices.map(why), correct: key.correct };
	}
	if (question.type === 'order' && key.type === 'order') {
		const byId = new Map(question.choices.map((choice) => [choice.id, choice]));
		const sorted = key.correct.flatMap((id) => byId.get(id) ?? []);
		return { type: 'order', choices: sorted.map(why), shown: [...byId.keys()] };
	}
	if (question.type === 'match' && key.type === 'match') {
		const partners = new Map(Object.entries(key.correct));
		const rights = new Map(question.right.map((choice) => [choice.id, choice]));
		const used = new Set(partners.values());
		return {
			type: 'match',
			pairs: question.left.flatMap((left) => {
				const right = rights.get(partners.get(left.id) ?? '');
				return right ? [{ left: why(left), right }] : [];
			}),
			extra: question.right.filter(({ id }) => !used.has(id)).map(why),
		};
	}
	if (question.type === 'numeric' && key.type === 'numeric') {
		const { value, tolerance, unit, traps, rationales } = key;
		const told = traps.map((trap, i) => ({
			value: trap,
			rationale: rationales[`trap-${i}`] ?? '',
		}));
		return { type: 'numeric', value, tolerance, unit, traps: told };
	}
	return undefined;
}

/** The exhibit as text; undefined when it is a picture. */
function exhibitToMarkdown(exhibit: Exhibit): string | undefined {
	const caption = `**${escapeMarkdown(exhibit.caption)}**`;
	switch (exhibit.form) {
		case 'text':
			return `${caption}\n\n${codeBlock(exhibit.text)}`;
		case 'table': {
			const escaped = (cells: readonly string[]): string[] => cells.map(escapeMarkdown);
			return `${caption}\n\n${markdownTable(escaped(exhibit.columns), exhibit.rows.map(escaped))}`;
		}
		case 'tree': {
			const lines = exhibit.nodes.flatMap((node) => treeLines(node, 0));
			return `${caption}\n\n${codeBlock(lines.join('\n'))}`;
		}
		case 'image':
		case 'map':
			return undefined;
	}
}

function treeLines({ code, name, type, value, children }: ExhibitNode, depth: number): string[] {
	const line = `${'  '.repeat(depth)}${[code, type, name].filter((part) => part !== '').join('  ')}`;
	const own = value === '' ? line : `${line}: ${value}`;
	return [own, ...children.flatMap((child) => treeLines(child, depth + 1))];
}

/** Rationales of a type whose format has no place for them, after the explanation. */
export function explanationWithReasons({ explanation, answers }: FrozenItem): string {
	if (answers.type === 'match') {
		const lines = answers.pairs.map(({ left, right }) => {
			return [`${left.text} → ${right.text}`, left.rationale];
		});
		return withList(explanation, [
			...lines,
			...answers.extra.map(({ text, rationale }) => [text, rationale]),
		]);
	}
	if (answers.type === 'order') {
		const lines = answers.choices.map(({ text, rationale }) => [text, rationale]);
		return withList(explanation, lines);
	}
	return explanation;
}

function withList(text: string, lines: readonly string[][]): string {
	const told = lines.filter(([, rationale = '']) => rationale !== '');
	if (told.length === 0) return text;
	const list = told.map(([what = '', why = '']) => {
		return `- ${`${what}: ${why}`.replace(/\s*\n\s*/g, ' ')}`;
	});
	return `${text}\n\n${list.join('\n')}`;
}

/** The note on where a frozen question comes from; empty where nothing is drawn. */
export function seedNote({ id, seed }: FrozenItem): string {
	return seed === null ? '' : `One instance of a generated question, at seed ${seed} (${id}).`;
}

/** The whole question in one text. */
export function bodyOf({ stem, leadIn }: FrozenItem): string {
	return stem === '' ? leadIn : `${stem}\n\n${leadIn}`;
}
