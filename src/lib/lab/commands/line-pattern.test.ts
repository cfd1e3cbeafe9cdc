import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePattern } from './line-pattern.ts';

const PLAIN = { extended: false, fixed: false, ignoreCase: false };

function matches(pattern: string, line: string, options = {}): boolean {
	const parsed = parsePattern(pattern, { ...PLAIN, ...options });
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.matches(line);
}

test.each([
	['CT2', 'calling=CT2 called', true],
	['CT3', 'calling=CT2 called', false],
	['^cal', 'calling', true],
	['^all', 'calling', false],
	['ing$', 'calling', true],
	['in$', 'calling', false],
	['^$', '', true],
	['c.l*ing', 'calling', true],
	['rejected [12]/[^2]/3', 'rejected 1/1/3', true],
	['rejected [12]/[^1]/3', 'rejected 1/1/3', false],
	['[0-9][0-9]*:', 'at 07:40', true],
	['a+b', 'aab', false],
	['a+b', 'a+b', true],
	['a\\+b', 'aab', true],
	['x\\|y', 'y', true],
	['10\\.20', '10x20', false],
])('basic %j in %j: %j', (pattern, line, expected) => {
	expect(matches(pattern, line)).toBe(expected);
});

test('extended syntax knows + ? and |', () => {
	expect(matches('WARN|ERROR', 'an ERROR', { extended: true })).toBe(true);
	expect(matches('^(a)', 'a', { extended: false })).toBe(false);
	expect(matches('A7[0-9]+$', 'status A700', { extended: true })).toBe(true);
	expect(matches('colou?r', 'color', { extended: true })).toBe(true);
});

test('case is ignored on demand, and fixed strings are not read as patterns', () => {
	expect(matches('Warn', 'WARN', { ignoreCase: true })).toBe(true);
	expect(matches('[A-C]', 'b', { ignoreCase: true })).toBe(true);
	expect(matches('a.c', 'abc', { fixed: true })).toBe(false);
});

test('what is not available says so', () => {
	for (const [pattern, extended] of [
		['(a)', true],
		['a{2}', true],
		['\\(a\\)', false],
		['[abc', false],
		['a\\', false],
		['\\1', false],
		['[[:digit:]]', false],
		['x'.repeat(201), false],
	] as const) {
		expect(parsePattern(pattern, { ...PLAIN, extended }).ok, pattern).toBe(false);
	}
});

test('agrees with the regular expressions of the language on the common subset', () => {
	const piece = fc.constantFrom('a', 'b', '.', 'a*', 'b+', 'a?', '[ab]', '[^a]', '.*');
	const pattern = fc
		.tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 6 }), fc.boolean())
		.map(([start, pieces, end]) => (start ? '^' : '') + pieces.join('') + (end ? '$' : ''));
	const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
	fc.assert(
		fc.property(pattern, line, (text, subject) => {
			expect(matches(text, subject, { extended: true })).toBe(new RegExp(text).test(subject));
		}),
	);
});

test('a pattern that is exponential elsewhere stays quick', () => {
	expect(matches(`${'a*'.repeat(90)}b`, 'a'.repeat(4_000))).toBe(false);
});
