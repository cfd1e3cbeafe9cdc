import { createHash } from 'node:crypto';
import type { Blueprint } from '#lib/exam/blueprint/blueprint-schema.ts';
import { buildForm } from '#lib/exam/form/build-form.ts';
import { indexItems, type ItemIndex } from '#lib/exam/form/item-index.ts';
import type { Citation, Item } from '#lib/exam/item/item-schema.ts';
import type { PracticeCandidate } from '#lib/exam/session/select-practice.ts';
import type { OutlineCard, SlotFeedback } from '#lib/ui/exam-data.ts';
import { NotFound } from '../attempts/errors.ts';
import type { ItemVersionRow } from '../db/exam-slot-store.ts';
import type { ExamContent } from './content.ts';

/** An item in the part it plays for one outline. */
export interface ServedItem extends PracticeCandidate {
	item: Item;
}

/** What can be practised: a blueprint's items, or those of an own bank. */
export interface Outline {
	id: string;
	title: string;
	/** Undefined for own banks. */
	blueprint: Blueprint | undefined;
	/** What forms are drawn from; undefined for own banks. */
	index: ItemIndex | undefined;
	items: readonly ServedItem[];
}

const OWN = 'own:';

/** The bank as the services ask for it. Only live items are served. */
export class QuestionBank {
	readonly content: ExamContent;
	readonly #labs: ReadonlyMap<string, { title: string }>;
	readonly #outlines = new Map<string, Outline>();
	readonly #cards: OutlineCard[];
	readonly #digests = new WeakMap<Item, ItemVersionRow>();

	constructor(content: ExamContent, labs: ReadonlyMap<string, { title: string }>) {
		this.content = content;
		this.#labs = labs;
		const live = [...content.bank.items.values()].filter(({ status }) => status === 'live');
		for (const [id, blueprint] of content.bank.blueprints) {
			const items = live.flatMap((item) => served(item, id, blueprint) ?? []);
			const index = indexItems(
				items.map(({ item }) => item),
				blueprint,
			);
			this.#outlines.set(id, { id, title: blueprint.title, blueprint, index, items });
		}
		this.#cards = [...this.#outlines.values()]
			.flatMap((outline) => cardOf(outline) ?? [])
			.sort((a, b) => b.available - a.available);
	}

	/** The outlines of exams, not own banks; the one with most questions first. */
	cards(): OutlineCard[] {
		return this.#cards;
	}

	/** An outline as this user may practise it. Throws NotFound. */
	outline(userId: string, id: string): Outline {
		const known = this.#outlines.get(id);
		if (known) return known;
		const bankId = id.startsWith(OWN) ? id.slice(OWN.length) : undefined;
		const own = bankId === undefined ? undefined : this.content.ownBanks?.open(userId, bankId);
		if (!own) throw new NotFound('There is no such set of questions.');
		const items = own.items.map((item): ServedItem => ownItem(item, id));
		return { id, title: own.title, blueprint: undefined, index: undefined, items };
	}

	/** The text of an item as it is now, to be kept with a session. */
	pin({ item, itemId, version }: ServedItem): ItemVersionRow {
		const known = this.#digests.get(item);
		if (known) return known;
		const digest = createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 32);
		const row = { itemId, version, digest, body: item };
		this.#digests.set(item, row);
		return row;
	}

	section(outlineId: string, code: string): SlotFeedback['section'] {
		const blueprint = this.#outlines.get(outlineId)?.blueprint;
		const section = blueprint?.sections.find((one) => one.code === code);
		return { code, title: section?.title ?? code };
	}

	/** The codes of an outline's sections in their order; none for own banks. */
	sectionCodes(outlineId: string): string[] {
		const blueprint = this.#outlines.get(outlineId)?.blueprint;
		return blueprint?.sections.map(({ code }) => code) ?? [];
	}

	objective(id: string): SlotFeedback['objective'] {
		const own = id.startsWith('own.') ? 'Your own questions' : id;
		return { id, title: this.content.bank.objectives.get(id)?.title ?? own };
	}

	/** A lab that can be taken; null when there is none of that name. */
	lab(id: string | null): SlotFeedback['lab'] {
		const lab = id === null ? undefined : this.#labs.get(id);
		return id === null || !lab ? null : { id, title: lab.title };
	}

	/** Citations with the works they name; a work that was withdrawn is still named by its id. */
	references(citations: readonly Citation[]): SlotFeedback['references'] {
		return citations.map(({ source, section, checked }) => {
			const work = this.content.bank.sources.get(source);
			const { cite = source, edition = '', url = '' } = work ?? {};
			return { cite, section, edition, url, checked };
		});
	}
}

function served(item: Item, outline: string, blueprint: Blueprint): ServedItem | undefined {
	const entry = item.blueprint.find((one) => one.outline === outline);
	const section = blueprint.sections.find(
		({ code, tasks }) => code === entry?.code || tasks.some((task) => task.code === entry?.code),
	);
	return entry && section && { ...candidate(item), section: section.code };
}

function candidate(item: Item): Omit<ServedItem, 'section'> {
	const { id, version, objective, family = null, enemies, pilot } = item;
	return { item, itemId: id, version, objective, family, enemies, pilot };
}

/** Own items have names of their own, so that they never meet those of the bank or of other users. */
function ownItem(item: Item, outline: string): ServedItem {
	const prefix = `${outline}/`;
	return {
		...candidate(item),
		itemId: prefix + item.id,
		enemies: item.enemies.map((enemy) => prefix + enemy),
		section: '',
	};
}

function cardOf({ id, title, blueprint, index, items }: Outline): OutlineCard | undefined {
	if (!blueprint || !index) return undefined;
	const { body, caveat, form, sections } = blueprint;
	return {
		...{ id, title, body, caveat, form },
		sections: sections.map(({ code, title: name, items: weight }) => ({
			...{ code, title: name, items: weight },
			available: items.filter(({ section }) => section === code).length,
		})),
		available: items.length,
		largest: largestForm(blueprint, index),
	};
}

/** Forms are tried in steps of so many questions. */
const STEP = 5;

/** The scored questions of the largest form that can be drawn, up to those of the exam itself. */
function largestForm(blueprint: Blueprint, items: ItemIndex): number {
	for (let scored = blueprint.form.scored; scored > 0; scored -= STEP) {
		const request = { blueprint, items, scored, exposure: new Map(), avoid: new Set<string>() };
		if ('form' in buildForm({ ...request, seed: 'largest', unscored: 0 })) return scored;
	}
	return 0;
}
