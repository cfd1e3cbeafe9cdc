import { defineCommand } from '../define-command.ts';

export const exit = defineCommand({
	name: 'exit',
	synopsis: 'exit',
	summary: 'leave a shell (choose another terminal instead)',
	*run() {
		return {
			text: 'Each machine has its own terminal: choose another one to leave this shell.',
			exitCode: 0,
		};
	},
});
