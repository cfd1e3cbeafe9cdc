import type { Instance } from '../item/instance.ts';
import type { Item } from '../item/item-schema.ts';
import type { LintContext } from './rule.ts';

/** What a text of an item is for. */
export type TextRole =
	'stem' | 'lead-in' | 'choice' | 'rationale' | 'explanation' | 'caption' | 'alt' | 'exhibit';

export interface ItemText {
	role: TextRole;
	text: string;
	keys: readonly PropertyKey[];
}

/** All authored texts of an item as written (templates are not filled), each with its place. */
export function textsOf(item: Item): ItemText[] {
	const texts: ItemText[] = [
		{ role: 'stem', text: item.stem, keys: ['stem'] },
		{ role: 'lead-in', text: item.lead_in, keys: ['lead_in'] },
		{ role: 'explanation', text: item.explanation, keys: ['explanation'] },
		...choiceTexts(item),
	];
	item.exhibits.forEach(({ caption, alt, with: parameters }, i) => {
		texts.push({ role: 'caption', text: caption, keys: ['exhibits', i, 'caption'] });
		texts.push({ role: 'alt', text: alt, keys: ['exhibits', i, 'alt'] });
		texts.push(...textsIn(parameters, ['exhibits', i, 'with']));
	});
	return texts;
}

function textsIn(data: unknown, keys: readonly PropertyKey[]): ItemText[] {
	if (typeof data === 'string') return [{ role: 'exhibit', text: data, keys }];
	if (typeof data !== 'object' || data === null) return [];
	return Object.entries(data).flatMap(([name, entry]) =>
		textsIn(entry, [...keys, Array.isArray(data) ? Number(name) : name]),
	);
}

function choiceTexts(item: Item): ItemText[] {
	const rows = (
		list: string,
		entries: readonly { rationale: string; text?: string; left?: string; right?: string }[],
	): ItemText[] =>
		entries.flatMap((entry, i) => [
			...(['text', 'left', 'right'] as const).flatMap((name): ItemText[] => {
				const text = entry[name];
				return text === undefined ? [] : [{ role: 'choice', text, keys: [list, i, name] }];
			}),
			{ role: 'rationale' as const, text: entry.rationale, keys: [list, i, 'rationale'] },
		]);
	switch (item.type) {
		case 'sba':
		case 'multi':
			return rows('options', item.options);
		case 'order':
			return rows('sequence', item.sequence);
		case 'match':
			return [...rows('pairs', item.pairs), ...rows('extra', item.extra)];
		case 'numeric':
			return rows('traps', item.traps);
		case 'hotspot':
			return rows('regions', item.regions);
		case 'scenario':
			return [];
	}
}

/** An option of an `sba` or `multi` as one candidate sees it. */
export interface ShownOption {
	text: string;
	correct: boolean;
	keys: readonly PropertyKey[];
}

/** The options of an `sba` or `multi` with templates filled, in authored order; none for other types. */
export function shownOptions(item: Item, { instance }: LintContext): ShownOption[] {
	if (item.type !== 'sba' && item.type !== 'multi') return [];
	const made = instance(item);
	if (!made || !('choices' in made.question)) return [];
	const { choices } = made.question;
	const correct = correctIds(made);
	return item.options.flatMap(({ id }, i): ShownOption[] => {
		const text = choices.find((choice) => choice.id === id)?.text;
		const keys = ['options', i, 'text'];
		return text === undefined ? [] : [{ text, correct: correct.includes(id), keys }];
	});
}

function correctIds({ key }: Instance): readonly string[] {
	if (key.type === 'sba') return [key.correct];
	return key.type === 'multi' ? key.correct : [];
}

/** Stem and lead-in as one candidate sees them, or as written when no instance can be made. */
export function shownStem(item: Item, { instance }: LintContext): { stem: string; leadIn: string } {
	return instance(item)?.question ?? { stem: item.stem, leadIn: item.lead_in };
}

/** Markdown without code spans, whose content is quoted and not said. */
export function withoutCode(markdown: string): string {
	return markdown.replace(/```[\s\S]*?```/g, ' ').replace(/`[^`\n]*`/g, ' ');
}

/** The words of a text, in lower case; hyphens, dots and apostrophes inside stay. */
export function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/[a-z0-9](?:[a-z0-9'’./-]*[a-z0-9])?/g) ?? [];
}
