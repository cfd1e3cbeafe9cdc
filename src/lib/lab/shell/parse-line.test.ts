import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLine, problemText } from './parse-line.ts';

test.each([
	['ping -c 2 pacs', [['ping', '-c', '2', 'pacs']]],
	['  ls\t/var ', [['ls', '/var']]],
	['', []],
	['# only a remark', []],
	['echo a#b', [['echo', 'a#b']]],
	[`-k "(0040,0100)[0].Modality=CT"`, [['-k', '(0040,0100)[0].Modality=CT']]],
	[`a'b c'd "" ''`, [['a' + 'b c' + 'd', '', '']]],
	[`'a"b\\c' "a'b\\"c\\d"`, [['a"b\\c', `a'b"c\\d`]]],
	['a\\ b \\| \\"', [['a b', '|', '"']]],
	[
		'cat x | grep y|wc -l',
		[
			['cat', 'x'],
			['grep', 'y'],
			['wc', '-l'],
		],
	],
	[
		'echoscu pacs 104 2>&1 | grep F',
		[
			['echoscu', 'pacs', '104'],
			['grep', 'F'],
		],
	],
	["grep 'a|b;c>d&' log", [['grep', 'a|b;c>d&', 'log']]],
])('%j', (line, commands) => {
	expect(parseLine(line)).toEqual({ ok: true, commands });
});

test.each([
	['echo "abc', { kind: 'unclosed-quote', quote: '"' }],
	["echo 'abc", { kind: 'unclosed-quote', quote: "'" }],
	['abc\\', { kind: 'unfinished-escape' }],
	['a |', { kind: 'empty-command' }],
	['| a', { kind: 'empty-command' }],
	['a | | b', { kind: 'empty-command' }],
	['a > b', { kind: 'unsupported', token: '>' }],
	['a >> b', { kind: 'unsupported', token: '>>' }],
	['a; b', { kind: 'unsupported', token: ';' }],
	['a && b', { kind: 'unsupported', token: '&&' }],
	['a || b', { kind: 'unsupported', token: '||' }],
	['a &', { kind: 'unsupported', token: '&' }],
	['a $(b)', { kind: 'unsupported', token: '$(' }],
	['a "$(b)"', { kind: 'unsupported', token: '$(' }],
	['a `b`', { kind: 'unsupported', token: '`' }],
])('%j is refused', (line, problem) => {
	const parsed = parseLine(line);
	expect(parsed).toEqual({ ok: false, problem });
	if (!parsed.ok) expect(problemText(parsed.problem)).toMatch(/^bash: /);
});

test('any line ends in words or in a problem with a text', () => {
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom(...'ab "\'\\|&;$()`<>2#') }), (line) => {
			const parsed = parseLine(line);
			if (parsed.ok) expect(parsed.commands.every((words) => words.length > 0)).toBe(true);
			else expect(problemText(parsed.problem)).not.toBe('');
		}),
	);
});

test('words quoted in single quotes come back unchanged', () => {
	const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes("'"));
	const pipeline = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), {
		minLength: 1,
		maxLength: 4,
	});
	fc.assert(
		fc.property(pipeline, (commands) => {
			const line = commands.map((words) => words.map((text) => `'${text}'`).join(' ')).join(' | ');
			expect(parseLine(line)).toEqual({ ok: true, commands });
		}),
	);
});
