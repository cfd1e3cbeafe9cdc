/**
 * The five-item LSAT sections 6 and 7 of Bock and Lieberman (1970): how many of 1000 persons gave each pattern
 * of right (1) and wrong (0) answers, patterns counted upward from 00000 to 11111.
 */
const LSAT6 = [
	3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173,
	11, 61, 28, 298,
];
const LSAT7 = [
	12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7,
	35, 18, 136, 32, 308,
];

export interface PatternTable {
	patterns: number[][];
	counts: number[];
}

const table = (counts: number[]): PatternTable => ({
	patterns: counts.map((_, n) => [16, 8, 4, 2, 1].map((bit) => (n & bit ? 1 : 0))),
	counts,
});

export const lsat6 = table(LSAT6);
export const lsat7 = table(LSAT7);

/** One row a person. */
export function expand({ patterns, counts }: PatternTable): number[][] {
	return patterns.flatMap((pattern, i) =>
		Array.from({ length: counts[i] ?? 0 }, () => [...pattern]),
	);
}
