import { formatIsoLocal } from '#lib/kernel/time.ts';
import { defineCommand, type CommandContext } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { absolutePath, allFiles, homeOf, usageError, type FileEntry } from './files.ts';

export const ls = defineCommand({
	name: 'ls',
	synopsis: 'ls [-l] [-R] [path...]',
	summary: 'list files and folders',
	details: 'Without a path: your home. ls -R /var/log shows every log of the machine.',
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-l'] },
			{ names: ['-R', '--recursive'] },
			{ names: ['-a', '--all'] },
			{ names: ['-h'] },
			{ names: ['-t'] },
			{ names: ['-r'] },
			{ names: ['-1'] },
		]);
		if (!parsed.ok) return usageError('ls', parsed.problem);
		const { options } = parsed;
		const paths = options.operands.length > 0 ? options.operands : [homeOf(context)];
		const files = allFiles(context);
		const out: string[] = [];
		let exitCode = 0;
		for (const typed of paths) {
			const path = absolutePath(context, typed);
			const file = files.find((one) => one.path === path);
			const entries = entriesOf(files, path);
			if (file) out.push(...rows(context, [{ ...file, name: typed }], options.has('-l')));
			else if (entries.length === 0 && path !== homeOf(context)) {
				out.push(`ls: cannot access '${typed}': No such file or directory`);
				exitCode = 2;
			} else if (options.has('-R')) out.push(...recursive(context, files, path, options.has('-l')));
			else {
				if (paths.length > 1) out.push(`${typed}:`);
				out.push(...rows(context, entries, options.has('-l')));
			}
		}
		return { text: out.join('\n').replace(/\n+$/, ''), exitCode };
	},
});

interface Entry extends FileEntry {
	name: string;
}

/** Names directly in a folder; sub-folders end with a slash and have no size. */
function entriesOf(files: readonly FileEntry[], folder: string): Entry[] {
	const prefix = folder === '/' ? '/' : `${folder}/`;
	const entries = new Map<string, Entry>();
	for (const file of files) {
		if (!file.path.startsWith(prefix)) continue;
		const rest = file.path.slice(prefix.length);
		const slash = rest.indexOf('/');
		const name = slash < 0 ? rest : rest.slice(0, slash + 1);
		if (!entries.has(name)) {
			const sizeBytes = slash < 0 ? file.sizeBytes : 4_096;
			entries.set(name, { name, path: prefix + name.replace(/\/$/, ''), sizeBytes });
		}
	}
	return [...entries.values()];
}

function recursive(
	context: CommandContext,
	files: readonly FileEntry[],
	folder: string,
	long: boolean,
): string[] {
	const entries = entriesOf(files, folder);
	const out = [`${folder}:`, ...rows(context, entries, long), ''];
	for (const entry of entries) {
		if (entry.name.endsWith('/')) out.push(...recursive(context, files, entry.path, long));
	}
	return out;
}

function rows(context: CommandContext, entries: readonly Entry[], long: boolean): string[] {
	if (!long) return entries.map((entry) => entry.name);
	const width = Math.max(0, ...entries.map((entry) => String(entry.sizeBytes).length));
	const user = homeOf(context).slice('/home/'.length);
	const date = formatIsoLocal(context.os.clockUs()).slice(0, 10);
	return entries.map((entry) => {
		const mode = entry.name.endsWith('/') ? 'drwxr-xr-x' : '-rw-r--r--';
		return `${mode} 1 ${user} ${user} ${String(entry.sizeBytes).padStart(width)} ${date} ${entry.name}`;
	});
}
