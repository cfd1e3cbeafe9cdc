import type { CommandContext, CommandResult } from '../../define-command.ts';
import { absolutePath } from '../files.ts';
import { complaint } from '../peers.ts';
import { parseWords, type OptionDeclaration, type Options } from '../../shell/option-parser.ts';
import { errorLine } from './s-client-text.ts';

/** Reads the options of one of OpenSSL's programs; its complaint when they are wrong. */
export function readOpenSslOptions(
	program: string,
	args: readonly string[],
	declarations: readonly OptionDeclaration[],
): Options | CommandResult {
	const parsed = parseWords(args, declarations);
	if (!parsed.ok) {
		const { kind, option } = parsed.problem;
		const what =
			kind === 'unknown' ? `Unknown option: ${option}` : `Option ${option} needs a value`;
		return complaint(`${program}: ${what}\n${program}: Use -help for summary.`);
	}
	const [extra] = parsed.options.operands;
	if (extra !== undefined) {
		return complaint(`${program}: Extra option: "${extra}"\n${program}: Use -help for summary.`);
	}
	return parsed.options;
}

/** The text of a file; undefined when there is none. */
export function readText(context: CommandContext, path: string): string | undefined {
	const bytes = context.readFile(absolutePath(context, path));
	return bytes && new TextDecoder().decode(bytes);
}

/** OpenSSL's words for a file that cannot be opened, for example `certificate`. */
export function cannotOpen(what: string, path: string): string {
	return [
		`Could not open file or uri for loading ${what} from ${path}`,
		errorLine(
			'16000069',
			'STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file',
		),
		errorLine(
			'80000002',
			`system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:268:calling stat(${path})`,
		),
	].join('\n');
}
