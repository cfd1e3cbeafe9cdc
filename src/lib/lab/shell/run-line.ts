import type { Process } from '#lib/kernel/process.ts';
import type { CommandContext, CommandResult } from '../define-command.ts';
import { findCommand } from './find-command.ts';
import { factsStillShown } from './log-evidence.ts';
import { parseLine, problemText } from './parse-line.ts';

/** Per line, so that no command can flood the log of the attempt. */
const OUTPUT_LINES_MAX = 2_000;
const OUTPUT_CHARACTERS_MAX = 200_000;
const PIPELINE_COMMANDS_MAX = 8;

/** Runs a line as typed: its commands one after the other, each reading what the one before it printed. */
export function* runLine(
	context: Omit<CommandContext, 'input'>,
	line: string,
): Process<CommandResult> {
	const parsed = parseLine(line);
	if (!parsed.ok) return { text: problemText(parsed.problem), exitCode: 2 };
	if (parsed.commands.length > PIPELINE_COMMANDS_MAX) {
		return { text: `bash: at most ${PIPELINE_COMMANDS_MAX} commands in one pipe`, exitCode: 2 };
	}
	const results: CommandResult[] = [];
	let input: string[] | undefined;
	for (const [name = '', ...args] of parsed.commands) {
		const result = yield* runCommand({ ...context, input }, name, args);
		results.push(result);
		input = result.text === '' ? [] : result.text.split('\n');
	}
	return joinResults(results);
}

function* runCommand(
	context: CommandContext,
	name: string,
	args: string[],
): Process<CommandResult> {
	const command = findCommand(context, name);
	if (!command) {
		const elsewhere = context.commands.has(name)
			? `\n(${name} is installed on your own machine only.)`
			: '';
		return { text: `bash: ${name}: command not found${elsewhere}`, exitCode: 127 };
	}
	return limited(yield* command.run(context, args));
}

/** What the terminal shows is the last command's; what was learnt on the way counts as far as it is seen. */
function joinResults(results: readonly CommandResult[]): CommandResult {
	const last = results.at(-1) ?? { text: '', exitCode: 0 };
	if (results.length <= 1) return last;
	const shown = last.text.split('\n');
	const facts = [
		...results.slice(0, -1).flatMap((result) => factsStillShown(result.facts ?? [], shown)),
		...(last.facts ?? []),
	];
	const changed = results.some((result) => result.changed === true);
	const traffic = results.flatMap((result) => result.traffic ?? []);
	return {
		text: last.text,
		exitCode: last.exitCode,
		...(results.some((result) => result.changed) ? { changed: true } : {}),
		...(changed ? { changed } : {}),
		...(facts.length > 0 ? { facts: [...new Set(facts)] } : {}),
		...(traffic.length > 0 ? { traffic } : {}),
	};
}

function limited(result: CommandResult): CommandResult {
	const lines = result.text.split('\n');
	if (lines.length <= OUTPUT_LINES_MAX && result.text.length <= OUTPUT_CHARACTERS_MAX) {
		return result;
	}
	const kept: string[] = [];
	let characters = 0;
	for (const line of lines) {
		characters += line.length + 1;
		if (kept.length >= OUTPUT_LINES_MAX || characters > OUTPUT_CHARACTERS_MAX) break;
		kept.push(line);
	}
	const left = lines.length - kept.length;
	const text = `${kept.join('\n')}\n[${left} more lines are not shown; use tail, head or grep]`;
	return { ...result, text };
}
