import fc from 'fast-check';
import { createEmptyCard, fsrs, type Grade } from 'ts-fsrs';
import { expect, test } from 'vitest';
import type { ItemHistory, PracticeCandidate } from '../session/select-practice.ts';
import { knownAt, readCard, reviewed, type Card } from './card.ts';
import { dueMs } from './due.ts';
import { ratingOf, type Review } from './rating.ts';
import { reviewCandidates } from './review-candidates.ts';
import { daysUntil, nextMemory, retrievability, type Memory, type Rating } from './scheduler.ts';

const DAY_MS = 86_400_000;
const NOON_MS = 20_000 * DAY_MS + DAY_MS / 2;

test('the memory after a history of reviews is that of the reference implementation', () => {
	const days = [0, 0, 1, 3, 8, 21];
	const ratings: Rating[] = [1, 3, 3, 3, 3, 3];
	let memory: Memory | null = null;
	ratings.forEach((rating, i) => (memory = nextMemory(memory, days[i] ?? 0, rating)));
	const { stability, difficulty } = memory as unknown as Memory;
	expect(stability).toBeCloseTo(53.335106, 4);
	expect(difficulty).toBeCloseTo(6.3574867, 4);
});

test('the installed library gives the published intervals', () => {
	const scheduler = fsrs();
	let card = createEmptyCard(new Date('2022-11-29T12:30:00Z'));
	let now = card.due;
	const intervals = [3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3].map((rating) => {
		card = scheduler.next(card, now, rating as Grade).card;
		now = card.due;
		return card.scheduled_days;
	});
	expect(intervals).toEqual([0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]);
});

test('stability is the days after which nine of ten know it', () => {
	expect(retrievability(30, 0)).toBe(1);
	expect(retrievability(30, 30)).toBeCloseTo(0.9, 6);
	expect(retrievability(30, -4)).toBe(1);
	expect(daysUntil(30, 0.9)).toBe(30);
	expect(daysUntil(30, 0.95)).toBeLessThan(15);
	expect(daysUntil(0.1, 0.9)).toBe(1);
});

const RIGHT: Review = {
	...{ correct: true, certainty: null, seconds: 40, expectedSeconds: 60, possiblyGuessed: false },
};

test.each<[string, Partial<Review>, Rating]>([
	['right', {}, 3],
	['right and certain at once', { certainty: 'high', seconds: 1 }, 3],
	['wrong', { correct: false }, 1],
	['wrong, though certain', { correct: false, certainty: 'high' }, 1],
	['right with low certainty', { certainty: 'low' }, 2],
	['right with middle certainty', { certainty: 'mid' }, 3],
	['right after 2.5 times the expected seconds', { seconds: 150 }, 3],
	['right after more than that', { seconds: 150.1 }, 2],
	['slower than nine of ten', { seconds: 46, slowSeconds: 45 }, 2],
	['not slower than nine of ten', { seconds: 400, slowSeconds: 500 }, 3],
	['perhaps guessed', { possiblyGuessed: true }, 2],
])('an answer that is %s', (_, change, rating) => {
	expect(ratingOf({ ...RIGHT, ...change })).toBe(rating);
});

test('a lapse is counted only for what was met before', () => {
	const first = reviewed(null, 1, NOON_MS);
	expect(first).toMatchObject({ reviews: 1, lapses: 0, last: 1, atMs: NOON_MS });
	const again = reviewed(first, 1, NOON_MS + DAY_MS);
	const twice = reviewed(reviewed(again, 3, NOON_MS + 2 * DAY_MS), 1, NOON_MS + 9 * DAY_MS);
	expect(again.lapses).toBe(1);
	expect(twice).toMatchObject({ reviews: 4, lapses: 2, last: 1 });
});

test('a second review on the same day does not lengthen the interval, one some days later does', () => {
	const first = reviewed(null, 3, NOON_MS);
	expect(reviewed(first, 3, NOON_MS + 1_000).stability).toBe(first.stability);
	expect(reviewed(first, 3, NOON_MS + 3 * DAY_MS).stability).toBeGreaterThan(2 * first.stability);
	const hard = reviewed(first, 2, NOON_MS + 3 * DAY_MS).stability;
	expect(hard).toBeLessThan(reviewed(first, 3, NOON_MS + 3 * DAY_MS).stability);
});

test('an answer that is judged late does not turn the clock back', () => {
	const card = reviewed(null, 3, NOON_MS);
	expect(reviewed(card, 3, NOON_MS - 5 * DAY_MS).atMs).toBe(NOON_MS);
});

test('cards survive storage; what is not a card is none', () => {
	const card = reviewed(reviewed(null, 3, NOON_MS), 2, NOON_MS + 2 * DAY_MS);
	expect(readCard(JSON.parse(JSON.stringify(card)))).toEqual(card);
	for (const junk of [null, {}, 'x', { ...card, stability: 0 }]) expect(readCard(junk)).toBeNull();
});

const cardOf = (stability: number): Card => ({
	...{ stability, difficulty: 5, reviews: 3, lapses: 0, last: 3, atMs: NOON_MS },
});
const dueIn = (stability: number, examInDays: number | null, nowInDays = 0): number => {
	const examMs = examInDays === null ? null : 20_000 * DAY_MS + examInDays * DAY_MS;
	return (dueMs(cardOf(stability), examMs, NOON_MS + nowInDays * DAY_MS) - NOON_MS) / DAY_MS;
};

test('a review is due before nine of ten would know it, and not after the exam', () => {
	expect(dueIn(30, null)).toBe(30);
	expect(dueIn(300, 100)).toBeLessThanOrEqual(100);
	expect(dueIn(5, 100)).toBe(5);
	expect(dueIn(0.2, null)).toBe(1);
});

test('in the last 14 days before the exam a review is due earlier', () => {
	const strict = daysUntil(30, 0.95);
	expect(dueIn(30, 10)).toBe(Math.min(10, strict));
	expect(dueIn(20, 10)).toBe(daysUntil(20, 0.95));
	// At a retention of 0.90 it would come on day 30; the last 14 days begin on day 20.
	expect(dueIn(30, 34)).toBe(20);
	expect(dueIn(30, 60)).toBe(30);
});

test('an exam that is over does not count', () => {
	expect(dueIn(30, 5, 6)).toBe(30);
	expect(dueIn(30, 5, 5)).toBe(5);
	expect(dueIn(30, 0)).toBe(1);
});

test('the higher the stability the later the review, for any exam', () => {
	const days = fc.integer({ min: -10, max: 200 });
	const stabilities = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }));
	fc.assert(
		fc.property(stabilities, days, ([a, b], exam) => {
			const [low, high] = [dueIn(Math.min(a, b), exam), dueIn(Math.max(a, b), exam)];
			expect(low).toBeGreaterThanOrEqual(1);
			expect(low).toBeLessThanOrEqual(high);
			if (exam >= 1) expect(high).toBeLessThanOrEqual(exam);
		}),
	);
});

test('what is known falls with time', () => {
	const card = cardOf(10);
	expect(knownAt(card, NOON_MS)).toBe(1);
	expect(knownAt(card, NOON_MS + 10 * DAY_MS)).toBeCloseTo(0.9, 6);
	expect(knownAt(card, NOON_MS + 40 * DAY_MS)).toBeLessThan(0.8);
});

const candidate = (itemId: string, objective: string): PracticeCandidate => ({
	...{ itemId, version: 1, section: 'A', objective, family: null, enemies: [], pilot: false },
});
const seen = (lastSeenMs: number, exposures = 1): ItemHistory => ({
	...{ exposures, lastSeenMs, flagged: false, lastCorrect: true },
});

test('a sibling comes rather than the question seen last, even when it was seen more often', () => {
	const all = [candidate('a', 'x'), candidate('b', 'x'), candidate('c', 'y'), candidate('d', 'z')];
	const history = new Map([
		['a', seen(5, 9)],
		['b', seen(8)],
		['c', seen(3)],
	]);
	const names = (due: string[]) =>
		reviewCandidates(all, history, new Set(due)).map(({ itemId }) => itemId);
	expect(names(['x'])).toEqual(['a']);
	expect(names(['x', 'y', 'z'])).toEqual(['a', 'c', 'd']);
	expect(names([])).toEqual([]);
});
