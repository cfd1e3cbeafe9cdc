import { defineCommand } from '../define-command.ts';
import { findCommand } from '../shell/find-command.ts';

export const sudo = defineCommand({
	name: 'sudo',
	synopsis: 'sudo command...',
	summary: 'run a command with administrator rights (which you have here anyway)',
	*run(context, args) {
		const [name, ...rest] = args;
		if (name === undefined) return { text: 'usage: sudo command', exitCode: 1 };
		const command = findCommand(context, name);
		if (!command || command === sudo) {
			return { text: `sudo: ${name}: command not found`, exitCode: 1 };
		}
		return yield* command.run(context, rest);
	},
});
