import { z } from 'zod';
import { nextMemory, retrievability, type Rating } from './scheduler.ts';

const DAY_MS = 86_400_000;

const cardSchema = z.object({
	/** Days. */
	stability: z.number().positive(),
	difficulty: z.number().min(1).max(10),
	reviews: z.int().min(1),
	/** How often it was forgotten after it had been met before. */
	lapses: z.int().min(0),
	/** The rating of the last review. */
	last: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
	/** The last review, in milliseconds since 1970. */
	atMs: z.number(),
});

/** What is known of a learner's memory of one objective. */
export type Card = z.infer<typeof cardSchema>;

/** A card as it was kept; null where it can't be read, so that the objective begins anew. */
export function readCard(kept: unknown): Card | null {
	const parsed = cardSchema.safeParse(kept);
	return parsed.success ? parsed.data : null;
}

/** The number of a day of UTC, counted from 1970. */
export function dayOf(atMs: number): number {
	return Math.floor(atMs / DAY_MS);
}

/** The card after a review, `null` before the first. Memory is counted in days of UTC. */
export function reviewed(card: Card | null, rating: Rating, atMs: number): Card {
	if (card === null) {
		return { ...nextMemory(null, 0, rating), reviews: 1, lapses: 0, last: rating, atMs };
	}
	const elapsedDays = Math.max(0, dayOf(atMs) - dayOf(card.atMs));
	const { stability, difficulty } = card;
	return {
		...nextMemory({ stability, difficulty }, elapsedDays, rating),
		reviews: card.reviews + 1,
		lapses: card.lapses + (rating === 1 ? 1 : 0),
		last: rating,
		// An answer that is judged late must not turn the clock back.
		atMs: Math.max(card.atMs, atMs),
	};
}

/** The probability, 0..1, that the objective of a card is known at an instant after its last review. */
export function knownAt({ stability, atMs }: Card, instantMs: number): number {
	return retrievability(stability, dayOf(instantMs) - dayOf(atMs));
}
