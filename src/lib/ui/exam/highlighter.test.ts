import { expect, test } from 'vitest';
import { toggleMark } from './highlighter.ts';

const mark = (from: number, to: number, part = 'stem') => ({ part, from, to });

test('marks that touch become one', () => {
	expect(toggleMark([mark(0, 5), mark(20, 30)], mark(3, 8))).toEqual([mark(20, 30), mark(0, 8)]);
});

test('marking inside a mark takes that stretch away', () => {
	expect(toggleMark([mark(0, 10)], mark(3, 5))).toEqual([mark(0, 3), mark(5, 10)]);
});

test('other parts keep their marks', () => {
	expect(toggleMark([mark(0, 10, 'lead-in')], mark(0, 10))).toEqual([
		mark(0, 10, 'lead-in'),
		mark(0, 10),
	]);
});
