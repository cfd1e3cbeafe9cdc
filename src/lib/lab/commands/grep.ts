import { defineCommand } from '../define-command.ts';
import { parseGetopt, wholeNumber } from '../shell/option-parser.ts';
import { factsOfLines, readText, unreadableText, usageError } from './files.ts';
import { parsePattern } from './line-pattern.ts';

export const grep = defineCommand({
	name: 'grep',
	synopsis: 'grep [-i] [-v] [-c] [-n] [-E | -F] [-m count] pattern [file...]',
	summary: 'show the lines that contain a pattern',
	details: [
		'Patterns know . * ^ $ [abc] [^a-z] \\d \\w \\s, and + ? | with -E (or behind a backslash without it);',
		'groups are not available. Quote patterns with blanks: grep "calling=CT2" /var/log/archive/pacs.log',
	].join('\n'),
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-i', '--ignore-case'] },
			{ names: ['-v', '--invert-match'] },
			{ names: ['-c', '--count'] },
			{ names: ['-n', '--line-number'] },
			{ names: ['-E', '--extended-regexp'] },
			{ names: ['-F', '--fixed-strings'] },
			{ names: ['-h', '--no-filename'] },
			{ names: ['-m', '--max-count'], value: true },
			{ names: ['-e', '--regexp'], value: true },
		]);
		if (!parsed.ok) return usageError('grep', parsed.problem);
		const { options } = parsed;
		const operands = [...options.operands];
		const patternText = options.value('-e') ?? operands.shift();
		if (patternText === undefined) {
			return { text: `Usage: ${grep.synopsis}`, exitCode: 2 };
		}
		const mostText = options.value('-m') ?? '100000';
		const most = wholeNumber(mostText, 0, 100_000);
		if (most === undefined) return { text: `grep: invalid max count: ${mostText}`, exitCode: 2 };
		const pattern = parsePattern(patternText, {
			extended: options.has('-E'),
			fixed: options.has('-F'),
			ignoreCase: options.has('-i'),
		});
		if (!pattern.ok) return { text: `grep: ${pattern.message}`, exitCode: 2 };

		const out: string[] = [];
		const facts: string[] = [];
		let found = false;
		let failed = false;
		const select = (lines: readonly string[], prefix: string): readonly string[] => {
			const selected: string[] = [];
			for (const [index, line] of lines.entries()) {
				if (selected.length >= most) break;
				if (pattern.matches(line) === options.has('-v')) continue;
				selected.push(line);
				if (!options.has('-c'))
					out.push(prefix + (options.has('-n') ? `${index + 1}:` : '') + line);
			}
			if (options.has('-c')) out.push(`${prefix}${selected.length}`);
			found ||= selected.length > 0;
			return selected;
		};
		if (operands.length === 0) {
			if (!context.input)
				return { text: 'grep: name a file, or use it behind a pipe', exitCode: 2 };
			select(context.input, '');
		}
		for (const operand of operands) {
			const file = readText(context, operand);
			if (!file.ok) {
				out.push(unreadableText('grep', operand, file));
				failed = true;
				continue;
			}
			const prefix = operands.length > 1 && !options.has('-h') ? `${operand}:` : '';
			facts.push(...factsOfLines(context, file.path, select(file.lines, prefix)));
		}
		return { text: out.join('\n'), exitCode: failed ? 2 : found ? 0 : 1, facts };
	},
});
