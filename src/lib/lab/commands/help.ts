import { defineCommand, type CommandContext } from '../define-command.ts';
import { findCommand } from '../shell/find-command.ts';

export const help = defineCommand({
	name: 'help',
	synopsis: 'help [command]',
	summary: 'list the commands, or explain one',
	*run(context, args) {
		const [name] = args;
		if (name === undefined) return { text: overview(context), exitCode: 0 };
		const command = context.commands.get(name);
		if (!command) return { text: `bash: help: no help topics match \`${name}'`, exitCode: 1 };
		const details = command.details === undefined ? '' : `\n\n${command.details}`;
		const where = command.only === 'desk' ? '\n\nOn your own machine only.' : '';
		return { text: `${command.synopsis}\n    ${command.summary}${details}${where}`, exitCode: 0 };
	},
});

function overview(context: CommandContext): string {
	const here = [...context.commands.values()].filter(({ name }) => findCommand(context, name));
	const width = Math.max(...here.map((command) => command.name.length));
	return [
		...here.map((command) => `${command.name.padEnd(width)}  ${command.summary}`),
		'',
		'help command shows how to type it. Commands can be joined with | (grep, head, tail, wc).',
	].join('\n');
}
