import { expect, test } from 'vitest';
import { posterior } from './ability.ts';
import { stopReason, type StopRule } from './stop-rule.ts';

const at = (mean: number, sd: number) => posterior([], { mean, sd });
const RULE: StopRule = {
	standardError: 0.3,
	minimumAnswers: 15,
	maximumAnswers: 40,
	decision: { cut: 0, confidence: 0.95 },
	minimumByDomain: { a: 3 },
};

test.each([
	['goes on before the least length', at(2, 0.1), { a: 14 }, undefined],
	['goes on before the minimum of a domain', at(2, 0.1), { a: 2, b: 30 }, undefined],
	['ends at the greatest length, whatever else', at(0, 1), { b: 40 }, 'length'],
	['passes at the confidence', at(0.7, 0.4), { a: 15 }, 'pass'],
	['fails at the confidence', at(-0.7, 0.4), { a: 15 }, 'fail'],
	['goes on undecided', at(0.6, 0.4), { a: 15 }, undefined],
	['ends when precise', at(0.1, 0.29), { a: 15 }, 'precision'],
	['goes on when imprecise', at(0.1, 0.31), { a: 15 }, undefined],
] as const)('%s', (_, known, answers, reason) => {
	expect(stopReason(known, answers, RULE)).toBe(reason);
});

test('by default precision and length decide, not the cut', () => {
	expect(stopReason(at(3, 0.31), { a: 20 })).toBeUndefined();
	expect(stopReason(at(3, 0.29), { a: 20 })).toBe('precision');
	expect(stopReason(at(3, 0.31), { a: 40 })).toBe('length');
});
