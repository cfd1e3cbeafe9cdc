import { expect, test } from 'vitest';
import { itemFlags, optionStatistics, type Choice } from './distractors.ts';

/** Takers by descending criterion, one letter each; a dot omits. */
const choices = (letters: string): Choice[] =>
	[...letters].map((letter, i) => ({
		options: letter === '.' ? [] : [letter],
		criterion: letters.length - i,
	}));

const flagsOf = (letters: string, options: string, key: string): string[] => {
	const statistics = optionStatistics(choices(letters), [...options], [...key]);
	const right = [...letters].filter((letter) => key.includes(letter)).length;
	return itemFlags({
		takers: letters.length,
		facility: right / letters.length,
		discrimination: statistics.find(({ isKey }) => isKey)?.pointBiserial,
		options: statistics,
	}).map((flag) => ('option' in flag ? `${flag.kind} ${flag.option}` : flag.kind));
};

test('options are counted, and correlated with the criterion', () => {
	const [a, b, c] = optionStatistics(choices('aababc.bc'), ['a', 'b', 'c'], ['a']);
	expect(a).toMatchObject({ isKey: true, count: 3, share: 3 / 9, topThirdShare: 2 / 3 });
	expect(b).toMatchObject({ isKey: false, count: 3, topThirdShare: 1 / 3 });
	expect(c).toMatchObject({ count: 2, topThirdShare: 0 });
	// By hand: the mean criterion of a is 8 - 1/3, of the rest 11/3, SD 2.7386 (n-1).
	expect(a?.pointBiserial).toBeCloseTo(0.73029674, 7);
	expect(c?.pointBiserial).toBeLessThan(0);
});

test('a sound item raises no flag', () => {
	expect(flagsOf('aaaaaaaaaaaaaabaacabacbacbbcbccb', 'abc', 'a')).toEqual([]);
});

test('a wrong key shows twice: against the item and for the true key', () => {
	expect(flagsOf('aaaaaaaaaaaaaabaacabacbacbbcbccb', 'abc', 'b')).toEqual([
		'too-hard',
		'negative-discrimination',
		'suspect-miskey a',
	]);
});

test('an option nobody takes does not function', () => {
	expect(flagsOf('aaaaaaaaaaaaaabaababaabbabbababb', 'abc', 'a')).toEqual([
		'distractor-not-functioning c',
	]);
});

test('what everybody knows is too easy; weak discrimination is for review only', () => {
	expect(flagsOf(`${'a'.repeat(20)}b${'a'.repeat(19)}`, 'ab', 'a')).toEqual([
		'too-easy',
		'weak-discrimination',
		'distractor-not-functioning b',
	]);
});

test('several keys: a distractor competes with the least chosen one', () => {
	const both = Array.from({ length: 36 }, (_, i): Choice => ({
		options: i < 24 ? (i % 3 ? ['a'] : ['a', 'b']) : ['c'],
		criterion: 36 - i,
	}));
	const statistics = optionStatistics(both, ['a', 'b', 'c'], ['a', 'b']);
	expect(statistics.map(({ count }) => count)).toEqual([24, 8, 12]);
	expect(
		itemFlags({ takers: 36, facility: 0.5, discrimination: 0.4, options: statistics }),
	).toEqual([]);
});

test('below thirty takers, or with none, nothing is flagged', () => {
	expect(flagsOf('b'.repeat(29), 'ab', 'a')).toEqual([]);
	expect(optionStatistics([], ['a'], ['a'])[0]).toMatchObject({ count: 0, share: 0 });
});
