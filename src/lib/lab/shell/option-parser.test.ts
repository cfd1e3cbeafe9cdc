import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	getoptText,
	parseGetopt,
	parseWords,
	secondsNumber,
	wholeNumber,
	type OptionDeclaration,
} from './option-parser.ts';

const DECLARATIONS: OptionDeclaration[] = [
	{ names: ['-c', '--count'], value: true },
	{ names: ['-n'] },
	{ names: ['-t'] },
	{ names: ['-aet', '--aetitle'], value: true },
];

test('short options may be joined and take their value joined or apart', () => {
	for (const args of [
		['-tnc5', 'host'],
		['-tn', '-c', '5', 'host'],
		['host', '-n', '-t', '--count=5'],
		['-t', '--count', '5', '-n', 'host'],
	]) {
		const parsed = parseGetopt(args, DECLARATIONS);
		if (!parsed.ok) throw new Error(getoptText('x', parsed.problem));
		const { options } = parsed;
		expect([options.value('-c'), options.has('-n'), options.has('-t'), options.operands]).toEqual([
			'5',
			true,
			true,
			['host'],
		]);
	}
});

test('two hyphens end the options, and one alone is an operand', () => {
	const parsed = parseGetopt(['-', '--', '-n'], DECLARATIONS);
	expect(parsed.ok && parsed.options.operands).toEqual(['-', '-n']);
	expect(parsed.ok && parsed.options.has('-n')).toBe(false);
});

test('unknown options and missing values are told in the words of getopt', () => {
	const texts = [['-z'], ['--foo'], ['-c'], ['--count']].map((args) => {
		const parsed = parseGetopt(args, DECLARATIONS);
		return parsed.ok ? '' : getoptText('ping', parsed.problem);
	});
	expect(texts).toEqual([
		"ping: invalid option -- 'z'",
		"ping: unrecognized option '--foo'",
		"ping: option requires an argument -- 'c'",
		"ping: option '--count' requires an argument",
	]);
});

test("DCMTK's options are whole words", () => {
	const parsed = parseWords(['-n', '-aet', 'CT2', 'pacs', '104'], DECLARATIONS);
	expect(parsed.ok && parsed.options.value('-aet')).toBe('CT2');
	expect(parsed.ok && parsed.options.operands).toEqual(['pacs', '104']);
	expect(parseWords(['-nt'], DECLARATIONS)).toEqual({
		ok: false,
		problem: { kind: 'unknown', option: '-nt' },
	});
	expect(parseWords(['-aet'], DECLARATIONS)).toEqual({
		ok: false,
		problem: { kind: 'missing-value', option: '--aetitle' },
	});
});

test('any arguments are read or refused', () => {
	fc.assert(
		fc.property(fc.array(fc.string()), (args) => {
			for (const parse of [parseGetopt, parseWords]) {
				const parsed = parse(args, DECLARATIONS);
				if (parsed.ok) expect(parsed.options.operands.length).toBeLessThanOrEqual(args.length);
				else expect(getoptText('x', parsed.problem)).toMatch(/^x: /);
			}
		}),
	);
});

test('numbers are decimal digits within bounds', () => {
	expect([wholeNumber('5', 1, 9), wholeNumber('10', 1, 9), wholeNumber('0x5', 1, 9)]).toEqual([
		5,
		undefined,
		undefined,
	]);
	expect([
		secondsNumber('0.5', 0.1, 9),
		secondsNumber('1e3', 0, 9),
		secondsNumber('', 0, 9),
	]).toEqual([0.5, undefined, undefined]);
});
