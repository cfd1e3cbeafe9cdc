/** Options of commands: `getopt` for the tools of Linux, whole words for those of DCMTK. */

/** An option by its names as typed, the main one first: `['-c']`, `['-aet', '--aetitle']`. */
export interface OptionDeclaration {
	readonly names: readonly string[];
	/** Whether a value follows; how many values, where DCMTK takes more than one. */
	readonly value?: boolean | number;
}

export type OptionProblem =
	{ kind: 'unknown'; option: string } | { kind: 'missing-value'; option: string };

export type ParsedOptions = { ok: true; options: Options } | { ok: false; problem: OptionProblem };

/** What was given, by the main name of each option. */
export class Options {
	readonly operands: string[] = [];
	#values = new Map<string, string[]>();
	#order: string[] = [];

	/** Used by the parsers only. */
	add(name: string, value: string): void {
		const known = this.#values.get(name);
		if (known) known.push(value);
		else this.#values.set(name, [value]);
		this.#order.push(name);
	}

	has(name: string): boolean {
		return this.#values.has(name);
	}

	/** The value given last. */
	value(name: string): string | undefined {
		return this.#values.get(name)?.at(-1);
	}

	/** Which of these options was given last. */
	last(...names: readonly string[]): string | undefined {
		return this.#order.findLast((name) => names.includes(name));
	}

	/** All values of an option that may be repeated, in order. */
	values(name: string): readonly string[] {
		return this.#values.get(name) ?? [];
	}
}

/**
 * Reads options as `getopt_long` does: short ones may be joined (`-tan`) and take their value with or
 * without a blank (`-n5`), long ones with a blank or `=`; options may follow operands; `--` ends them. A
 * declared name of several letters with one hyphen is not possible here.
 */
export function parseGetopt(
	args: readonly string[],
	declarations: readonly OptionDeclaration[],
): ParsedOptions {
	const options = new Options();
	for (let i = 0; i < args.length; i++) {
		const argument = args[i] ?? '';
		if (argument === '--') {
			options.operands.push(...args.slice(i + 1));
			break;
		}
		if (!argument.startsWith('-') || argument === '-') {
			options.operands.push(argument);
			continue;
		}
		const read = argument.startsWith('--')
			? readLong(argument, args[i + 1], declarations, options)
			: readShort(argument, args[i + 1], declarations, options);
		if (typeof read === 'object') return { ok: false, problem: read };
		i += read;
	}
	return { ok: true, options };
}

/** Returns how many further arguments it used. */
function readLong(
	argument: string,
	following: string | undefined,
	declarations: readonly OptionDeclaration[],
	options: Options,
): number | OptionProblem {
	const equals = argument.indexOf('=');
	const name = equals < 0 ? argument : argument.slice(0, equals);
	const declaration = declarations.find((one) => one.names.includes(name));
	if (!declaration) return { kind: 'unknown', option: argument };
	const main = mainName(declaration);
	if (!declaration.value) {
		if (equals >= 0) return { kind: 'unknown', option: argument };
		options.add(main, '');
		return 0;
	}
	if (equals >= 0) {
		options.add(main, argument.slice(equals + 1));
		return 0;
	}
	if (following === undefined) return { kind: 'missing-value', option: name };
	options.add(main, following);
	return 1;
}

function readShort(
	argument: string,
	following: string | undefined,
	declarations: readonly OptionDeclaration[],
	options: Options,
): number | OptionProblem {
	for (let at = 1; at < argument.length; at++) {
		const name = `-${argument.charAt(at)}`;
		const declaration = declarations.find((one) => one.names.includes(name));
		if (!declaration) return { kind: 'unknown', option: name };
		const main = mainName(declaration);
		if (!declaration.value) {
			options.add(main, '');
			continue;
		}
		const rest = argument.slice(at + 1);
		if (rest !== '') {
			options.add(main, rest);
			return 0;
		}
		if (following === undefined) return { kind: 'missing-value', option: name };
		options.add(main, following);
		return 1;
	}
	return 0;
}

/**
 * Reads options as DCMTK's tools do: each is a word of its own, its values the next words. Words that begin
 * with a sign and are no number count as options.
 */
export function parseWords(
	args: readonly string[],
	declarations: readonly OptionDeclaration[],
): ParsedOptions {
	const options = new Options();
	for (let i = 0; i < args.length; i++) {
		const argument = args[i] ?? '';
		const declaration = declarations.find((one) => one.names.includes(argument));
		if (!declaration) {
			if (/^[-+]\D/.test(argument)) {
				return { ok: false, problem: { kind: 'unknown', option: argument } };
			}
			options.operands.push(argument);
			continue;
		}
		const count = Number(declaration.value ?? 0);
		if (count === 0) options.add(mainName(declaration), '');
		for (const end = i + count; i < end;) {
			const value = args[++i];
			if (value === undefined) {
				const option = declaration.names.at(-1) ?? argument;
				return { ok: false, problem: { kind: 'missing-value', option } };
			}
			options.add(mainName(declaration), value);
		}
	}
	return { ok: true, options };
}

function mainName(declaration: OptionDeclaration): string {
	return declaration.names[0] ?? '';
}

/** A problem as the GNU tools word it. */
export function getoptText(tool: string, problem: OptionProblem): string {
	const long = problem.option.startsWith('--');
	if (problem.kind === 'unknown') {
		return long
			? `${tool}: unrecognized option '${problem.option}'`
			: `${tool}: invalid option -- '${problem.option.slice(1)}'`;
	}
	return long
		? `${tool}: option '${problem.option}' requires an argument`
		: `${tool}: option requires an argument -- '${problem.option.slice(1)}'`;
}

/** A whole number in decimal digits within bounds; undefined for anything else. */
export function wholeNumber(text: string, minimum: number, maximum: number): number | undefined {
	if (!/^\d{1,9}$/.test(text)) return undefined;
	const value = Number(text);
	return value >= minimum && value <= maximum ? value : undefined;
}

/** Seconds with at most three decimals within bounds; undefined for anything else. */
export function secondsNumber(text: string, minimum: number, maximum: number): number | undefined {
	if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) return undefined;
	const value = Number(text);
	return value >= minimum && value <= maximum ? value : undefined;
}
