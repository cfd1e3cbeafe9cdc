import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, namesUsed } from './evaluate.ts';
import type { Scope } from './value.ts';

const SCOPE: Scope = {
	n: 7,
	name: 'CT_1',
	yes: true,
	list: [3, 1, 2],
	record: { bits: 16, inner: { deep: 'x' } },
	records: [{ a: 1 }, { a: 2 }],
};

test.each([
	['1 + 2 * 3', 7],
	['(1 + 2) * 3', 9],
	['10 - 4 - 3', 3],
	['2 ** 3 ** 2', 512],
	['-2 ** 2', -4],
	['2 ** -1', 0.5],
	['-7 % 3', 2],
	['7 % -3', -2],
	['1e3 + .5', 1000.5],
	['2**20', 1_048_576],
	['1 < 2 and 2 <= 2', true],
	['not 1 == 2', true],
	['yes or nothing', true],
	['not yes and nothing', false],
	["n > 5 ? 'many' : 'few'", 'many'],
	["n > 9 ? 'a' : n > 6 ? 'b' : 'c'", 'b'],
	["'it''s'", "it's"],
	["'n = ' + n", 'n = 7'],
	["1 + '' + 2 / 4", '10.5'],
	['record.bits / 8', 2],
	['record.inner.deep', 'x'],
	['records[1].a', 2],
	['list[len(list) - 1]', 2],
	["name == 'CT_1'", true],
	["'a' < 'b'", true],
	['list == list', true],
	['round(1.005, 2)', 1.01],
	['round(-2.5)', -3],
	['round(1234567.891, 1)', 1_234_567.9],
	['floor(-1.5)', -2],
	['ceil(1.2)', 2],
	['min(list)', 1],
	['max(1, n, 3)', 7],
	['sum(list)', 6],
	['sqrt(16) + abs(-1) + log2(8) + log10(100)', 10],
	['ln(exp(2))', 2],
	["fixed(2, 2) + ' ' + fixed(1.005, 2)", '2.00 1.01'],
	['thousands(1234567.5)', '1,234,567.5'],
	['thousands(999)', '999'],
	['hex(255, 4)', '00FF'],
	['bin(5, 8)', '00000101'],
	["upper('ct') + lower('MR')", 'CTmr'],
	["padstart(n, 3, '0')", '007'],
	["number('2.5') * 2", 5],
	['text(0.1 + 0.2)', '0.3'],
	["concat('a', 1, true)", 'a1true'],
	["join(list, '\\')", '3\\1\\2'],
	["contains('abc', 'b') and contains(list, 3) and not contains(list, 4)", true],
	['index(list, 2)', 2],
	['index(list, 9)', -1],
	["bitand(ipnumber('10.1.2.3'), 2**32 - 256)", 0x0a010200],
	['bitor(5, 2)', 7],
	['bitshift(1, 31)', 2 ** 31],
	['bitshift(256, -4)', 16],
	["ip(ipnumber('192.168.10.20') + 1)", '192.168.10.21'],
])('%s', (text, value) => {
	expect(evaluate(text, SCOPE)).toEqual({ value });
});

test.each([
	['1 +', 3, 'unexpected end of expression'],
	['1 + * 2', 4, 'unexpected "*"'],
	['(1', 2, '")" expected, found end of expression'],
	['1 2', 2, 'unexpected "2"'],
	["'open", 0, 'text without closing quote'],
	['a = 1', 2, 'unexpected character "="'],
	['nobody + 1', 0, '"nobody" is not known'],
	['1 / 0', 2, 'the result is not a finite number'],
	['sqrt(0 - 1)', 0, 'the result is not a finite number'],
	['10 ** 999', 3, 'the result is not a finite number'],
	["1 * 'a'", 4, 'a number is needed here'],
	['name ? 1 : 2', 0, 'true or false is needed here'],
	['record.none', 6, 'there is no field "none"'],
	['record.constructor', 6, 'there is no field "constructor"'],
	['constructor', 0, '"constructor" is not known'],
	['list[3]', 4, 'the list has no element 3'],
	['n[0]', 1, 'only a list has elements'],
	['eval(1)', 0, 'there is no function "eval"'],
	['round()', 0, 'round takes 1 to 2 arguments, not 0'],
	["1 + round('x')", 4, 'round: argument 1 must be a number'],
	["ipnumber('10.0.0.256')", 0, 'ipnumber: "10.0.0.256" is not a dotted address'],
	['1e999', 0, 'number too large'],
])('%s is refused at %i', (text, position, message) => {
	expect(evaluate(text, SCOPE)).toEqual({ problem: { message, position } });
});

test('depth, length and growth have limits', () => {
	const deep = `${'('.repeat(60)}1${')'.repeat(60)}`;
	expect(evaluate(deep, {})).toMatchObject({ problem: { message: 'nested deeper than 40' } });
	expect(evaluate('1+'.repeat(600) + '1', {})).toMatchObject({
		problem: { message: 'longer than 1000 characters' },
	});
	const long = 'x'.repeat(15_000);
	expect(evaluate('a + a', { a: long })).toMatchObject({
		problem: { message: 'concat: the text grows beyond 20000 characters' },
	});
	// A long sum of texts takes linear time.
	expect(evaluate(Array(200).fill("'a'").join('+'), {})).toEqual({ value: 'a'.repeat(200) });
});

test('names are found in every part', () => {
	expect(namesUsed('a ? b.x : c[d] + f(-e, not g)').sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'g']);
	expect(namesUsed('(')).toEqual([]);
});

const arithmetic = fc.letrec<{ tree: { text: string; value: number } }>((tie) => ({
	tree: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		fc.integer({ min: 0, max: 99 }).map((value) => ({ text: String(value), value })),
		fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(([a, sign, b]) => ({
			text: `(${a.text} ${sign} ${b.text})`,
			value:
				sign === '+' ? a.value + b.value : sign === '-' ? a.value - b.value : a.value * b.value,
		})),
	),
})).tree;

test('arithmetic agrees with arithmetic', () => {
	fc.assert(
		fc.property(arithmetic, ({ text, value }) => {
			fc.pre(text.length < 1000);
			expect(evaluate(text, {})).toEqual({ value });
		}),
	);
});

test('without parentheses, products bind tighter than sums, from the left', () => {
	const part = fc.tuple(fc.constantFrom('+', '-', '*'), fc.integer({ min: 0, max: 99 }));
	fc.assert(
		fc.property(
			fc.integer({ min: 0, max: 99 }),
			fc.array(part, { maxLength: 8 }),
			(first, parts) => {
				const text = `${first}${parts.map(([sign, n]) => sign + n).join('')}`;
				let sum = 0;
				let product = first;
				let plus = 1;
				for (const [sign, n] of parts) {
					if (sign === '*') product *= n;
					else {
						sum += plus * product;
						product = n;
						plus = sign === '+' ? 1 : -1;
					}
				}
				expect(evaluate(text, {})).toEqual({ value: sum + plus * product });
			},
		),
	);
});

test('no text makes it throw, and problems stand inside the text', () => {
	const piece = fc.constantFrom(
		..."1 2.5 'a' n list record . [ ] ( ) , + - * / % ** == < ? : and or not round( join( hex(".split(
			' ',
		),
	);
	const text = fc.oneof(
		fc.string(),
		fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(' ')),
	);
	fc.assert(
		fc.property(text, (source) => {
			const result = evaluate(source, SCOPE);
			if ('value' in result) return;
			expect(result.problem.position).toBeGreaterThanOrEqual(0);
			expect(result.problem.position).toBeLessThanOrEqual(Math.max(source.length, 1000));
		}),
		{ numRuns: 2000 },
	);
});
