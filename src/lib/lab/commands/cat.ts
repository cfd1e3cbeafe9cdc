import { defineCommand } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { factsOfLines, readText, unreadableText, usageError } from './files.ts';

export const cat = defineCommand({
	name: 'cat',
	synopsis: 'cat [-n] file...',
	summary: 'show a text file',
	*run(context, args) {
		const parsed = parseGetopt(args, [{ names: ['-n', '--number'] }]);
		if (!parsed.ok) return usageError('cat', parsed.problem);
		const { options } = parsed;
		const out: string[] = [];
		const facts: string[] = [];
		let exitCode = 0;
		if (options.operands.length === 0) {
			if (!context.input) return { text: 'cat: name a file', exitCode: 1 };
			out.push(...context.input);
		}
		for (const operand of options.operands) {
			const file = readText(context, operand);
			if (!file.ok) {
				out.push(unreadableText('cat', operand, file));
				exitCode = 1;
				continue;
			}
			out.push(...file.lines);
			facts.push(...factsOfLines(context, file.path, file.lines));
		}
		const text = options.has('-n')
			? out.map((line, i) => `${String(i + 1).padStart(6)}\t${line}`)
			: out;
		return { text: text.join('\n'), exitCode, facts };
	},
});
