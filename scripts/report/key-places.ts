import type { ExhibitMaker } from '#lib/exam/item/exhibit.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import { makeInstance } from '#lib/exam/item/make-instance.ts';

/** A single-answer item with its options as one seed fills them, in written order. */
export interface SingleAnswer {
	item: Item;
	options: { text: string; correct: boolean }[];
}

/** With this many seeds, shuffling shows whether it favours a place. */
const SEEDS = 10;

/** The `sba` items of which an instance can be made. */
export function singleAnswerItems(
	items: readonly Item[],
	makeExhibit: ExhibitMaker,
): SingleAnswer[] {
	return items.flatMap((item): SingleAnswer[] => {
		if (item.type !== 'sba') return [];
		const made = makeInstance(item, 'report', makeExhibit);
		if ('problem' in made) return [];
		const { question, key } = made.instance;
		if (question.type !== 'sba' || key.type !== 'sba') return [];
		const texts = new Map(question.choices.map(({ id, text }) => [id, text]));
		const options = item.options.map(({ id }) => ({
			text: texts.get(id) ?? '',
			correct: id === key.correct,
		}));
		return [{ item, options }];
	});
}

/** How often the key stands at each place: as the author wrote it, and as candidates see it. */
export function keyPlaces(
	singles: readonly SingleAnswer[],
	makeExhibit: ExhibitMaker,
): { written: number[]; shown: number[] } {
	const written: number[] = [];
	const shown: number[] = [];
	const add = (counts: number[], place: number): void => {
		while (counts.length <= place) counts.push(0);
		counts[place] = (counts[place] ?? 0) + 1;
	};
	for (const { item, options } of singles) {
		add(
			written,
			options.findIndex(({ correct }) => correct),
		);
		for (let i = 0; i < SEEDS; i++) {
			const made = makeInstance(item, `report-${i}`, makeExhibit);
			if ('problem' in made) continue;
			const { question, key } = made.instance;
			if (question.type !== 'sba' || key.type !== 'sba') continue;
			add(
				shown,
				question.choices.findIndex(({ id }) => id === key.correct),
			);
		}
	}
	return { written, shown };
}
