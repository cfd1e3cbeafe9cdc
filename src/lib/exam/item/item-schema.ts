import { z } from 'zod';

/** The format of an item file, `banks/items/<domain>/<id>.yaml`. Explained for authors in docs/item-format.md. */

const ITEM_ID = /^[A-Z]{2}-[a-z0-9]+(-[a-z0-9]+)*-\d{4}$/;
const SLUG = /^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/;
const NAME = /^[a-z][a-zA-Z0-9_]*$/;

/** Markdown without HTML; a template when the item has `params`. */
const text = z.string().trim().min(1).max(4000);
const name = z.string().regex(NAME, 'a name: a lower-case letter, then letters, digits, "_"');
const slug = z.string().regex(SLUG, 'lower-case words joined by "-" or "."');
/** An expression of the generator language, see docs/item-format.md. */
const expression = z.union([z.string().trim().min(1).max(500), z.number(), z.boolean()]);
const date = z.iso.date();

export const itemId = z.string().regex(ITEM_ID, 'an id like IM-transfer-syntax-0012');

/** Where a taught fact stands: a source of `banks/sources/`, the place in it, and when that was looked up. */
const citation = z.strictObject({
	source: slug,
	section: z.string().trim().min(1).max(120),
	checked: date,
});

const option = z.strictObject({
	id: slug,
	text,
	/** `true`, or for generated items an expression; absent means wrong. */
	correct: expression.optional(),
	rationale: text,
	/** The named error of thought that leads to this option. */
	misconception: slug.optional(),
});

const row = z.strictObject({ id: slug, text, rationale: text });
const pair = z.strictObject({ id: slug, left: text, right: text, rationale: text });
const region = z.strictObject({
	/** A region that the exhibit names. */
	id: slug,
	correct: expression.optional(),
	rationale: text,
});

/** How a variable of a generated item gets its value from the seed. */
const variable = z.union([
	z.strictObject({ int: z.tuple([z.int(), z.int()]).or(z.tuple([z.int(), z.int(), z.int()])) }),
	z.strictObject({
		pick: z.array(z.union([z.number(), z.string(), z.record(name, z.unknown())])).min(2),
	}),
	/** A list of `count` different values of `from`, in random order. */
	z.strictObject({
		sample: z.strictObject({ from: z.array(z.unknown()).min(2), count: z.int().min(1) }),
	}),
]);

const params = z.strictObject({
	vars: z.record(name, variable).default({}),
	/** Evaluated in the order written; may use variables, earlier names, and facts as `exhibit.fact`. */
	derive: z.record(name, expression).default({}),
	/** All must be true; otherwise the next draw of the same seed is tried. */
	constraints: z.array(expression).default([]),
});

const exhibit = z.strictObject({
	id: name,
	/** Kinds are in docs/item-format.md; `table` and `text` are written by hand, the others are made by the simulator. */
	kind: slug,
	caption: z.string().trim().min(1).max(300),
	/** What a person who cannot see it must know, without giving the key away. */
	alt: z.string().trim().min(1).max(600),
	/** Parameters of the kind; text values may be templates. */
	with: z.record(z.string(), z.unknown()).default({}),
});

const common = {
	id: itemId,
	version: z.int().min(1),
	revision: z.int().min(0).default(0),
	status: z.enum(['draft', 'in-review', 'live', 'retired', 'blocked']),
	/** Served, but never counted in a score. */
	pilot: z.boolean().default(false),
	blueprint: z
		.array(z.strictObject({ outline: slug, code: z.string().trim().min(1).max(20) }))
		.min(1),
	objective: slug,
	cognitive: z.enum(['recall', 'apply', 'analyse']),
	/** Estimated difficulty, 1 (nearly everybody) to 5 (few): the prior until answers are known. */
	level: z.int().min(1).max(5),
	stem: text,
	lead_in: text,
	exhibits: z.array(exhibit).max(4).default([]),
	params: params.optional(),
	explanation: text,
	references: z.array(citation).min(1),
	/** Items that must not stand in one form with this one. */
	enemies: z.array(itemId).default([]),
	/** Items of one family are variants of one idea: a form takes at most one. */
	family: slug.optional(),
	/** The lab that cures the misunderstanding. */
	remediate: slug.optional(),
	time_s: z.int().min(10).max(1800),
	author: slug,
	created: date,
	origin: z.literal('original'),
};

const answer = z.strictObject({
	value: expression,
	/** The unit that is expected and shown, such as `MiB`, `s`, `Mbit/s`; absent for pure numbers. */
	unit: z.string().trim().min(1).max(20).optional(),
	tol_abs: z.number().min(0).optional(),
	tol_rel: z.number().min(0).max(0.5).optional(),
});

export const itemSchema = z.discriminatedUnion('type', [
	z.strictObject({ ...common, type: z.literal('sba'), options: z.array(option).min(3).max(6) }),
	z.strictObject({ ...common, type: z.literal('multi'), options: z.array(option).min(4).max(10) }),
	z.strictObject({
		...common,
		type: z.literal('order'),
		/** In the correct order; the candidate sees them shuffled. */
		sequence: z.array(row).min(4).max(8),
	}),
	z.strictObject({
		...common,
		type: z.literal('match'),
		pairs: z.array(pair).min(3).max(6),
		/** Further right sides that belong to nothing. */
		extra: z.array(row).max(2).default([]),
	}),
	z.strictObject({
		...common,
		type: z.literal('numeric'),
		answer,
		/** Wrong results that tell what was misunderstood. */
		traps: z.array(z.strictObject({ value: expression, rationale: text })).default([]),
	}),
	z.strictObject({
		...common,
		type: z.literal('hotspot'),
		/** The exhibit whose named regions are the answers. */
		on: name,
		regions: z.array(region).min(3).max(40),
	}),
	z.strictObject({
		...common,
		type: z.literal('scenario'),
		/** The lab whose end state is the answer. */
		scenario: slug,
		/** Restored points, in percent, from which the item counts as solved. */
		pass: z.number().min(1).max(100).default(100),
	}),
]);

export type Item = z.infer<typeof itemSchema>;
export type ItemType = Item['type'];
export type Citation = z.infer<typeof citation>;
export type Variable = z.infer<typeof variable>;
export type ExhibitRequest = z.infer<typeof exhibit>;
