import type { CommandContext, CommandResult } from '../define-command.ts';
import { getoptText, wholeNumber, type OptionProblem } from '../shell/option-parser.ts';
import { logFacts } from '../shell/log-evidence.ts';

/** The user's home on a host, where relative paths begin. */
export function homeOf(context: CommandContext): string {
	const host = context.world.spec.hosts.find((one) => one.id === context.host.id);
	return `/home/${host?.shell?.user ?? 'user'}`;
}

/** An absolute path without `.`, `..` and double slashes. */
export function absolutePath(context: CommandContext, path: string): string {
	const home = homeOf(context);
	const whole =
		path === '~' || path.startsWith('~/')
			? home + path.slice(1)
			: path.startsWith('/')
				? path
				: `${home}/${path}`;
	const parts: string[] = [];
	for (const part of whole.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return `/${parts.join('/')}`;
}

export interface FileEntry {
	path: string;
	sizeBytes: number;
}

/** Every file a shell can see: logs, what people left there, and the two files of the resolver. */
export function allFiles(context: CommandContext): FileEntry[] {
	const files = new Map<string, number>();
	for (const log of context.os.logs.values()) {
		files.set(
			log.path,
			log.lines.reduce((sum, line) => sum + line.length + 1, 0),
		);
	}
	for (const [path, lines] of resolverFiles(context)) {
		files.set(path, lines.join('\n').length + 1);
	}
	for (const file of context.listFiles()) files.set(file.path, file.sizeBytes);
	return [...files]
		.map(([path, sizeBytes]) => ({ path, sizeBytes }))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `/etc/hosts` and `/etc/resolv.conf` as the host's resolver is set now. */
function resolverFiles(context: CommandContext): Map<string, string[]> {
	const { hostsFile, server } = context.host.names;
	return new Map([
		[
			'/etc/hosts',
			['127.0.0.1 localhost', ...hostsFile.map(({ name, address }) => `${address} ${name}`)],
		],
		[
			'/etc/resolv.conf',
			server === undefined ? ['# no name server is configured'] : [`nameserver ${server}`],
		],
	]);
}

export type TextFile =
	| { ok: true; path: string; lines: readonly string[] }
	| { ok: false; reason: 'No such file or directory' | 'Is a directory' | 'binary file' };

/** The lines of a text file. */
export function readText(context: CommandContext, typed: string): TextFile {
	const path = absolutePath(context, typed);
	const log = context.os.logs.get(path);
	if (log) return { ok: true, path, lines: log.lines };
	const bytes = context.readFile(path);
	if (bytes) {
		if (bytes.subarray(0, 1_024).includes(0)) return { ok: false, reason: 'binary file' };
		const text = new TextDecoder('utf-8').decode(bytes).replace(/\n$/, '');
		return { ok: true, path, lines: text === '' ? [] : text.split('\n') };
	}
	const lines = resolverFiles(context).get(path);
	if (lines) return { ok: true, path, lines };
	const prefix = path === '/' ? '/' : `${path}/`;
	const isFolder =
		path === homeOf(context) || allFiles(context).some((f) => f.path.startsWith(prefix));
	return { ok: false, reason: isFolder ? 'Is a directory' : 'No such file or directory' };
}

/** Why a text tool cannot show a file. */
export function unreadableText(
	tool: string,
	typed: string,
	file: TextFile & { ok: false },
): string {
	if (file.reason === 'binary file') {
		return `${tool}: ${typed}: this is a binary file (for DICOM files use dcmdump)`;
	}
	return `${tool}: ${typed}: ${file.reason}`;
}

/** The facts in lines shown of a file; only logs are evidence. */
export function factsOfLines(
	context: CommandContext,
	path: string,
	lines: readonly string[],
): string[] {
	return context.os.logs.has(path) ? logFacts(context.host.id, path, lines) : [];
}

/** A usage error of the text tools, in the manner of GNU coreutils. */
export function usageError(tool: string, problem: OptionProblem): CommandResult {
	return {
		text: `${getoptText(tool, problem)}\nTry 'help ${tool}' for more information.`,
		exitCode: 2,
	};
}

/** The line count of `head` and `tail`, also in the old form `-20`. */
export function lineCount(text: string): number | undefined {
	return wholeNumber(text, 0, 100_000);
}

/** Rewrites the old form `-20` into `-n 20`, as head and tail still accept it. */
export function withModernCount(args: readonly string[]): string[] {
	return args.flatMap((argument) => {
		const old = /^-(\d+)$/.exec(argument);
		return old ? ['-n', old[1] ?? ''] : [argument];
	});
}
