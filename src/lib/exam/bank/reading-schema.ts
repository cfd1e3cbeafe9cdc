import { z } from 'zod';
import { itemId } from '../item/item-schema.ts';

/**
 * The format of `banks/readings/<reader>.yaml`: answers of somebody who saw stem, exhibits and choices of an
 * item but neither its key nor its rationales.
 */
export const readingsSchema = z.strictObject({
	reader: z.string().regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/),
	/** When the file was written last; a reading without a date of its own was made then. */
	date: z.iso.date(),
	readings: z.array(
		z.strictObject({
			item: itemId,
			version: z.int().min(1),
			/** Of the content that was read, see `itemDigest`. */
			digest: z.string().regex(/^[0-9a-f]{16}$/),
			/** The seed of the instance that was read. */
			seed: z.string().min(1).max(80),
			date: z.iso.date().optional(),
			/** Choice id, ids, pairs of ids, or what was typed. */
			answer: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.string())]),
			agrees: z.boolean(),
			note: z.string().min(1).max(1000).optional(),
		}),
	),
});

export type ReadingsFile = z.infer<typeof readingsSchema>;

/** One reading with its reader and date. */
export interface Reading {
	reader: string;
	date: string;
	item: string;
	version: number;
	digest: string;
	agrees: boolean;
}
