import { z } from 'zod';
import { itemId, type Item } from '../item/item-schema.ts';
import { LIMITS } from './limits.ts';

/**
 * Items that users bring themselves. They are of the type of the bank's items, but other programs know
 * neither objectives nor citations and allow questions with two choices, so less is asked of them; and they
 * are never generators and never name a lab or an exhibit.
 */

const text = z.string().min(1).max(LIMITS.textCharacters);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

const option = z.strictObject({ id, text, correct: z.literal(true).optional(), rationale: text });
const row = z.strictObject({ id, text, rationale: text });
const pair = z.strictObject({ id, left: text, right: text, rationale: text });

const common = {
	id: itemId,
	version: z.literal(1),
	revision: z.literal(0),
	status: z.literal('live'),
	pilot: z.literal(false),
	blueprint: z.tuple([]),
	objective: z.string().min(1).max(80),
	cognitive: z.literal('apply'),
	level: z.literal(3),
	/** Empty where the question is one paragraph, which is the lead-in then. */
	stem: z.string().max(LIMITS.stemCharacters),
	lead_in: z.string().min(1).max(LIMITS.stemCharacters),
	exhibits: z.tuple([]),
	explanation: text,
	references: z.tuple([]),
	enemies: z.tuple([]),
	time_s: z.int().min(10).max(1800),
	author: z.literal('import'),
	created: z.iso.date(),
	origin: z.literal('original'),
};

const number = z.number().refine(Number.isFinite, 'a number');

export const ownItemSchema = z.discriminatedUnion('type', [
	z.strictObject({
		...common,
		type: z.literal('sba'),
		options: z.array(option).min(2).max(LIMITS.choices),
	}),
	z.strictObject({
		...common,
		type: z.literal('multi'),
		options: z.array(option).min(3).max(LIMITS.choices),
	}),
	z.strictObject({
		...common,
		type: z.literal('order'),
		sequence: z.array(row).min(2).max(LIMITS.ordered),
	}),
	z.strictObject({
		...common,
		type: z.literal('match'),
		pairs: z.array(pair).min(2).max(LIMITS.choices),
		extra: z.array(row).max(LIMITS.choices),
	}),
	z.strictObject({
		...common,
		type: z.literal('numeric'),
		answer: z.strictObject({
			value: number,
			unit: z.string().trim().min(1).max(20).optional(),
			tol_abs: number.min(0),
		}),
		traps: z.array(z.strictObject({ value: number, rationale: text })).max(20),
	}),
]) satisfies z.ZodType<Item>;
