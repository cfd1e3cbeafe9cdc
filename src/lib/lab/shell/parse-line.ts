/** A command line as the simulated shells read it: words, quotes and pipes, and nothing that could do more. */

export type LineProblem =
	| { kind: 'unclosed-quote'; quote: '"' | "'" }
	| { kind: 'unfinished-escape' }
	| { kind: 'empty-command' }
	| { kind: 'unsupported'; token: string };

/** The commands of a pipeline, each with its words; an empty line has none. */
export type ParsedLine = { ok: true; commands: string[][] } | { ok: false; problem: LineProblem };

/** What a POSIX shell would act on and these shells do not. The longest token that fits is named. */
const UNSUPPORTED = ['$(', '${', '>>', '&&', '||', '>', '<', ';', '&', '`'];
/** Characters that a backslash makes literal between double quotes (POSIX 2.2.3). */
const ESCAPABLE_IN_QUOTES = '"\\$`';
const BLANK = /[\t ]/;

/**
 * Splits a line into commands and words. `2>&1` is accepted and means nothing, because these shells
 * show errors and output in one stream anyway. Never throws.
 */
export function parseLine(line: string): ParsedLine {
	const commands: string[][] = [[]];
	let word: string | undefined;
	let at = 0;
	const endWord = (): void => {
		if (word !== undefined) commands[commands.length - 1]?.push(word);
		word = undefined;
	};
	while (at < line.length) {
		const character = line.charAt(at);
		if (BLANK.test(character)) {
			endWord();
			at++;
		} else if (character === '"' || character === "'") {
			const quoted = readQuoted(line, at);
			if (!quoted.ok) return quoted;
			word = (word ?? '') + quoted.text;
			at = quoted.end;
		} else if (character === '\\') {
			if (at + 1 >= line.length) return { ok: false, problem: { kind: 'unfinished-escape' } };
			word = (word ?? '') + line.charAt(at + 1);
			at += 2;
		} else if (word === undefined && line.startsWith('2>&1', at)) at += 4;
		else if (word === undefined && character === '#') break;
		else {
			const token = UNSUPPORTED.find((one) => line.startsWith(one, at));
			if (token) return { ok: false, problem: { kind: 'unsupported', token } };
			if (character === '|') {
				endWord();
				if (commands[commands.length - 1]?.length === 0) return EMPTY_COMMAND;
				commands.push([]);
			} else word = (word ?? '') + character;
			at++;
		}
	}
	endWord();
	if (commands[commands.length - 1]?.length === 0) {
		return commands.length === 1 ? { ok: true, commands: [] } : EMPTY_COMMAND;
	}
	return { ok: true, commands };
}

const EMPTY_COMMAND: ParsedLine = { ok: false, problem: { kind: 'empty-command' } };

type Quoted = { ok: true; text: string; end: number } | { ok: false; problem: LineProblem };

/** Reads from an opening quote to behind the closing one. */
function readQuoted(line: string, start: number): Quoted {
	const quote = line.charAt(start) === '"' ? '"' : "'";
	let text = '';
	for (let at = start + 1; at < line.length; at++) {
		const character = line.charAt(at);
		if (character === quote) return { ok: true, text, end: at + 1 };
		if (quote === '"' && character === '\\' && isEscapable(line.charAt(at + 1))) {
			text += line.charAt(++at);
		} else if (quote === '"' && (character === '`' || line.startsWith('$(', at))) {
			const token = character === '`' ? character : '$(';
			return { ok: false, problem: { kind: 'unsupported', token } };
		} else text += character;
	}
	return { ok: false, problem: { kind: 'unclosed-quote', quote } };
}

function isEscapable(character: string): boolean {
	return character !== '' && ESCAPABLE_IN_QUOTES.includes(character);
}

/** A problem in the words of bash, or, where bash would obey, in a sentence that says what to do instead. */
export function problemText(problem: LineProblem): string {
	switch (problem.kind) {
		case 'unclosed-quote':
			return `bash: unexpected EOF while looking for matching \`${problem.quote}'`;
		case 'unfinished-escape':
			return 'bash: the line ends with a backslash; type the command on one line';
		case 'empty-command':
			return "bash: syntax error near unexpected token `|'";
		case 'unsupported':
			return (
				`bash: "${problem.token}" is not available in this shell; ` +
				'type one command at a time (pipes with | work), and quote the character if it is part of a value'
			);
	}
}
