import { getoptText, parseGetopt, type OptionDeclaration } from '../shell/option-parser.ts';
import type { CommandContext, CommandResult } from '../define-command.ts';
import { factsOfLines, lineCount, readText, unreadableText, withModernCount } from './files.ts';

const DEFAULT_LINES = '10';
const OPTIONS: readonly OptionDeclaration[] = [
	{ names: ['-n', '--lines'], value: true },
	{ names: ['-q', '--quiet'] },
	{ names: ['-f', '-F', '--follow'] },
];

/** What head and tail have in common: which lines of each file they show is told by `part`. */
export function showPart(
	tool: 'head' | 'tail',
	context: CommandContext,
	args: readonly string[],
	part: (lines: readonly string[], count: number, fromStart: boolean) => readonly string[],
): CommandResult {
	const parsed = parseGetopt(withModernCount(args), OPTIONS);
	if (!parsed.ok) {
		return {
			text: `${getoptText(tool, parsed.problem)}\nTry 'help ${tool}' for more information.`,
			exitCode: 1,
		};
	}
	const { options } = parsed;
	const given = options.value('-n') ?? DEFAULT_LINES;
	// `tail -n +20`: from line 20 on.
	const fromStart = tool === 'tail' && given.startsWith('+');
	const count = lineCount(fromStart ? given.slice(1) : given);
	if (count === undefined)
		return { text: `${tool}: invalid number of lines: '${given}'`, exitCode: 1 };
	const follow = options.has('-f')
		? [
				`(${tool} -f: this terminal does not follow files; let time pass and type the command again.)`,
			]
		: [];

	if (options.operands.length === 0) {
		if (!context.input)
			return { text: `${tool}: name a file, or use it behind a pipe`, exitCode: 1 };
		return { text: part(context.input, count, fromStart).join('\n'), exitCode: 0 };
	}
	const out: string[] = [];
	const facts: string[] = [];
	let exitCode = 0;
	const headings = options.operands.length > 1 && !options.has('-q');
	for (const [index, operand] of options.operands.entries()) {
		const file = readText(context, operand);
		if (!file.ok) {
			out.push(
				file.reason === 'No such file or directory'
					? `${tool}: cannot open '${operand}' for reading: ${file.reason}`
					: unreadableText(tool, operand, file),
			);
			exitCode = 1;
			continue;
		}
		if (headings) out.push(...(index > 0 ? [''] : []), `==> ${operand} <==`);
		const shown = part(file.lines, count, fromStart);
		out.push(...shown);
		facts.push(...factsOfLines(context, file.path, shown));
	}
	return { text: [...out, ...follow].join('\n'), exitCode, facts };
}
