import { defineCommand } from '../define-command.ts';
import { showPart } from './show-part.ts';

export const tail = defineCommand({
	name: 'tail',
	synopsis: 'tail [-n lines | -n +line] [file...]',
	summary: 'show the last lines of a file or of what comes from a pipe',
	details: 'The logs are under /var/log; ls -R /var/log lists them. -f does not follow here.',
	*run(context, args) {
		return showPart('tail', context, args, (lines, count, fromStart) =>
			fromStart
				? lines.slice(Math.max(0, count - 1))
				: lines.slice(Math.max(0, lines.length - count)),
		);
	},
});
