import { defineCommand } from '../define-command.ts';
import { showPart } from './show-part.ts';

export const head = defineCommand({
	name: 'head',
	synopsis: 'head [-n lines] [file...]',
	summary: 'show the first lines of a file or of what comes from a pipe',
	*run(context, args) {
		return showPart('head', context, args, (lines, count) => lines.slice(0, count));
	},
});
