import { defineCommand } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { readText, unreadableText, usageError } from './files.ts';

export const wc = defineCommand({
	name: 'wc',
	synopsis: 'wc [-l] [-w] [-c] [file...]',
	summary: 'count lines, words and bytes',
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-l', '--lines'] },
			{ names: ['-w', '--words'] },
			{ names: ['-c', '--bytes'] },
		]);
		if (!parsed.ok) return usageError('wc', parsed.problem);
		const { options } = parsed;
		const chosen = (['-l', '-w', '-c'] as const).filter((name) => options.has(name));
		const columns = chosen.length > 0 ? chosen : (['-l', '-w', '-c'] as const);
		const row = (lines: readonly string[], name: string): string => {
			const counts = countsOf(lines);
			const bare = columns.length === 1;
			const cells = columns.map((column) => String(counts[column]).padStart(bare ? 0 : 7));
			return `${cells.join(' ')}${name === '' ? '' : ` ${name}`}`;
		};
		if (options.operands.length === 0) {
			if (!context.input) return { text: 'wc: name a file, or use it behind a pipe', exitCode: 1 };
			return { text: row(context.input, ''), exitCode: 0 };
		}
		let exitCode = 0;
		const out = options.operands.map((operand) => {
			const file = readText(context, operand);
			if (file.ok) return row(file.lines, operand);
			exitCode = 1;
			return unreadableText('wc', operand, file);
		});
		return { text: out.join('\n'), exitCode };
	},
});

function countsOf(lines: readonly string[]): Record<'-l' | '-w' | '-c', number> {
	let words = 0;
	let bytes = 0;
	const encoder = new TextEncoder();
	for (const line of lines) {
		words += line.split(/\s+/).filter((word) => word !== '').length;
		bytes += encoder.encode(line).length + 1;
	}
	return { '-l': lines.length, '-w': words, '-c': bytes };
}
