import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	difficultyOfAngoff,
	difficultyOfLevel,
	newItem,
	newLearner,
	updateElo,
	type EloAnswer,
} from './elo.ts';

const FIRST: EloAnswer = { score: 1, c: 0.2, firstExposure: true, day: 1 };

test('the first right answer moves the learner up and the item down by their steps', () => {
	const { learner, item, expected } = updateElo(newLearner(), newItem(0), FIRST);
	expect(expected).toBeCloseTo(0.6, 12);
	expect(learner).toEqual({ theta: expect.closeTo(0.4, 12) as number, answers: 1 });
	expect(item.b).toBeCloseTo(-0.16, 12);
	expect(item.answers).toBe(1);
});

test('steps shrink with the answers of each side', () => {
	const { learner, item } = updateElo(
		{ theta: 0, answers: 20 },
		{ ...newItem(0), answers: 60 },
		{ ...FIRST, score: 0 },
	);
	expect(learner.theta).toBeCloseTo(-0.6 / 2, 12);
	expect(item.b).toBeCloseTo((0.4 * 0.6) / 4, 12);
});

test('the domain offset counts as ability', () => {
	const { expected } = updateElo(newLearner(0.5), newItem(1), { ...FIRST, domainOffset: 0.5 });
	expect(expected).toBeCloseTo(0.6, 12);
});

test.each([
	{ ...FIRST, firstExposure: false },
	{ ...FIRST, hinted: true },
])('a repeated or hinted answer moves the learner only', (answer) => {
	const item = newItem(0.3);
	const update = updateElo(newLearner(), item, answer);
	expect(update.item).toEqual(item);
	expect(update.learner.theta).toBeGreaterThan(0);
});

test('within a day an item shifts by half a logit at most, then the next day begins anew', () => {
	let item = newItem(0);
	const crowd = (day: number): void => {
		for (let n = 0; n < 50; n++) {
			item = updateElo(newLearner(-3), item, { ...FIRST, day }).item;
		}
	};
	crowd(1);
	expect(item).toMatchObject({ b: -0.5, answers: 50, day: 1, dayStartB: 0 });
	crowd(2);
	expect(item.b).toBeLessThan(-0.5);
	expect(item).toMatchObject({ day: 2, dayStartB: -0.5 });
});

test('learners rise with a right answer and fall with a wrong one, whatever the states', () => {
	const state = fc.double({ min: -6, max: 6, noNaN: true });
	fc.assert(
		fc.property(state, state, fc.nat(1_000), fc.constantFrom(0, 0.2, 0.5), (theta, b, n, c) => {
			const learner = { theta, answers: n };
			const item = { ...newItem(b), answers: n };
			const right = updateElo(learner, item, { ...FIRST, c });
			const wrong = updateElo(learner, item, { ...FIRST, c, score: 0 });
			expect(right.learner.theta).toBeGreaterThan(theta);
			expect(wrong.learner.theta).toBeLessThan(theta);
			expect(right.item.b).toBeLessThan(b);
			expect(wrong.item.b).toBeGreaterThan(b);
			expect(right.expected >= c && right.expected < 1).toBe(true);
		}),
	);
});

test('expert priors', () => {
	expect(([1, 2, 3, 4, 5] as const).map(difficultyOfLevel)).toEqual([-1.5, -0.75, 0, 0.75, 1.5]);
	expect(difficultyOfAngoff(0.6, 0.2, 0.7)).toBeCloseTo(0.7, 12);
	// Half of those who do not guess know it at the cut; three quarters is ln 3 easier.
	expect(difficultyOfAngoff(0.8, 0.2, 0)).toBeCloseTo(-Math.log(3), 12);
	expect(difficultyOfAngoff(0.1, 0.2, 0)).toBeCloseTo(Math.log(49), 12);
	expect(difficultyOfAngoff(1, 0.2, 0)).toBeCloseTo(-Math.log(49), 12);
});
