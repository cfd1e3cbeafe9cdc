import { expect, test } from 'vitest';
import { Random } from '#lib/kernel/random.ts';
import { estimateEap } from './ability.ts';
import { correlation } from './classical.ts';
import { uncalibratedItem } from './item-response.ts';
import { sparseDiscrimination, type PracticeAnswer } from './sparse-discrimination.ts';

const random = new Random('sparse', 'answers');
const BANK = Array.from({ length: 12 }, (_, j) => ({
	itemId: `i${j}`,
	item: uncalibratedItem((j - 6) / 4, 4),
}));
/** Learner n answers eight of twelve items; item i11 is answered right by the weak only. */
const LEARNERS = Array.from({ length: 60 }, (_, n) =>
	random
		.shuffle(BANK)
		.slice(0, 8)
		.map(({ itemId, item }): PracticeAnswer => {
			const able = random.below(60) < n;
			return { itemId, item, score: (itemId === 'i11') === able ? 0 : 1 };
		}),
);

test('leaving out an answer gives what estimating the others gives', () => {
	const result = sparseDiscrimination(LEARNERS);
	const scores: number[] = [];
	const thetas: number[] = [];
	for (const answers of LEARNERS) {
		const own = answers.find(({ itemId }) => itemId === 'i3');
		if (!own) continue;
		scores.push(own.score);
		thetas.push(estimateEap(answers.filter((answer) => answer !== own)).theta);
	}
	expect(result.get('i3')?.answers).toBe(scores.length);
	expect(result.get('i3')?.discrimination).toBeCloseTo(correlation(scores, thetas) ?? NaN, 9);
});

test('a sound item correlates with ability, a miskeyed one against it', () => {
	const result = sparseDiscrimination(LEARNERS);
	expect(result.get('i3')?.discrimination).toBeGreaterThan(0.2);
	expect(result.get('i11')?.discrimination).toBeLessThan(-0.2);
});

test('a single answer says nothing about its item', () => {
	const [first] = LEARNERS;
	expect(sparseDiscrimination([first?.slice(0, 1) ?? []]).size).toBe(0);
	expect(sparseDiscrimination([]).size).toBe(0);
});
