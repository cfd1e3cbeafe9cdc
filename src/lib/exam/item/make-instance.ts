import { Random } from '#lib/kernel/random.ts';
import { fillTemplate } from '../expression/template.ts';
import { answerPart } from './answer-part.ts';
import { draw, type Drawn } from './draw.ts';
import type { ExhibitMaker } from './exhibit.ts';
import type { AnswerKey, Instance, Question } from './instance.ts';
import type { Item } from './item-schema.ts';
import { shownExhibit, type Fill } from './show-exhibit.ts';
import { Unmakeable, valueAt } from './unmakeable.ts';

export type MadeInstance =
	| { instance: Instance; draws: number }
	/** `keys` lead to the place in the item file. */
	| { problem: string; keys: readonly PropertyKey[] };

/**
 * The instance of an item for a seed: the same item and seed give the same instance for ever. `makeExhibit`
 * makes the exhibits that are not written by hand. Never throws for an item that fits the schema; `problem`
 * says what an author has to mend.
 */
export function makeInstance(item: Item, seed: string, makeExhibit: ExhibitMaker): MadeInstance {
	try {
		const drawn = draw(item, seed, makeExhibit);
		return { instance: build(item, seed, drawn), draws: drawn.draws };
	} catch (error) {
		if (!(error instanceof Unmakeable)) throw error;
		return { problem: error.message, keys: error.keys };
	}
}

function build(item: Item, seed: string, { scope, made }: Drawn): Instance {
	const fill: Fill = (text, keys) =>
		item.params ? valueAt(fillTemplate(text, scope), keys) : text;
	const shown = item.exhibits.map((request, i) =>
		shownExhibit(request, made.get(request.id), fill, ['exhibits', i]),
	);
	const random = new Random(seed, `${item.id}/choices`);
	const { ask, key, exhibits = shown } = answerPart(item, { scope, fill, exhibits: shown, random });
	const question = {
		stem: fill(item.stem, ['stem']),
		leadIn: fill(item.lead_in, ['lead_in']),
		exhibits,
		timeS: item.time_s,
		...ask,
	} as Question;
	const answer = {
		...key,
		explanation: fill(item.explanation, ['explanation']),
		references: item.references,
		remediate: item.remediate ?? null,
	} as AnswerKey;
	return { itemId: item.id, version: item.version, seed, question, key: answer };
}
