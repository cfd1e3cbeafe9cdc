import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Kernel } from './kernel.ts';
import { Random } from './random.ts';

/** Frozen: a change here makes every stored attempt replay differently. */
const VECTORS = {
	'ct1.uids': [
		0xfbe67c82, 0xe8c89412, 0x092c46fb, 0xc9a8813c, 0x6038b030, 0x9043c0f5, 0x9ea04685, 0x3ebce4eb,
	],
	patients: [
		0x9bac0064, 0x19da325f, 0xedce00c3, 0xe802d3ba, 0x6ff738e0, 0x6bd33969, 0x4b21be45, 0x07e1a2b9,
	],
};

test.each(Object.entries(VECTORS))('the stream %s of seed s1 is frozen', (name, numbers) => {
	const random = new Random('s1', name);
	expect(numbers.map(() => random.uint32())).toEqual(numbers);
});

test('streams differ by seed and by name, and a boundary between the two is no accident', () => {
	const first = (seed: string, name: string): number => new Random(seed, name).uint32();
	expect(first('s1', 'patients')).not.toBe(first('s2', 'patients'));
	expect(first('a', 'bc')).not.toBe(first('ab', 'c'));
});

test('a new consumer does not shift the others', () => {
	const alone = new Kernel({ seed: 's' });
	const together = new Kernel({ seed: 's' });
	const expected = Array.from({ length: 5 }, () => alone.random('a').uint32());
	const seen = Array.from({ length: 5 }, () => {
		together.random('b').uint32();
		return together.random('a').uint32();
	});
	expect(seen).toEqual(expected);
});

test('below, between and pick stay in their bounds', () => {
	fc.assert(
		fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
			const random = new Random(seed, 'bounds');
			for (let i = 0; i < 20; i++) {
				const n = random.below(bound);
				expect(Number.isInteger(n) && n >= 0 && n < bound).toBe(true);
			}
			const n = random.between(-5, 5);
			expect(n >= -5 && n <= 5).toBe(true);
		}),
	);
});

test.each([0, -1, 2 ** 32 + 1, NaN])('a bound of %d is refused', (bound) => {
	expect(() => new Random('s', 'n').below(bound)).toThrow(RangeError);
});

test('nothing can be picked from nothing', () => {
	expect(() => new Random('s', 'n').pick([])).toThrow(RangeError);
});

test('every value comes about equally often', () => {
	const random = new Random('s', 'fair');
	const counts = new Array<number>(6).fill(0);
	for (let i = 0; i < 60_000; i++) {
		const n = random.below(6);
		counts[n] = (counts[n] ?? 0) + 1;
	}
	// 400 is more than four standard deviations of a fair die.
	for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
	const heads = Array.from({ length: 40_000 }, () => random.chance(1, 4)).filter(Boolean).length;
	expect(Math.abs(heads - 10_000)).toBeLessThan(400);
});

test('a shuffle keeps what it is given and leaves it alone', () => {
	fc.assert(
		fc.property(fc.array(fc.integer()), fc.string(), (values, seed) => {
			const before = [...values];
			const shuffled = new Random(seed, 'shuffle').shuffle(values);
			expect(values).toEqual(before);
			expect([...shuffled].sort((a, b) => a - b)).toEqual(before.sort((a, b) => a - b));
		}),
	);
});
