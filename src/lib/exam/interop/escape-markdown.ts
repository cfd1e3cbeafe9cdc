const SPECIAL = /[\\`*_[\]|]|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|~(?=~)/g;
const LINE_START =
	/^([ \t]*)(?:(>|[-+](?=\s|$)|#{1,6}(?=\s|$))|(\d{1,9})([.)])(?=\s|$)|([=-]+)(?=\s*$))/gm;

/** Plain text as Markdown that shows exactly that text. Lines stay lines of one paragraph. */
export function escapeMarkdown(text: string): string {
	return text
		.replace(SPECIAL, String.raw`\$&`)
		.replace(LINE_START, (whole, space: string, mark?: string, digits?: string, dot?: string) => {
			if (digits !== undefined) return `${space}${digits}\\${dot ?? ''}`;
			return mark === undefined ? `${space}\\${whole.trimStart()}` : `${space}\\${mark}`;
		});
}

/** Text as a code span. */
export function codeSpan(text: string): string {
	const fence = '`'.repeat(longest(text.match(/`+/g)) + 1);
	const padded = /^`|`$|^ .* $/.test(text) ? ` ${text} ` : text;
	return `${fence}${padded}${fence}`;
}

function longest(runs: readonly string[] | null): number {
	return (runs ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}

/** Text as a block of code. */
export function codeBlock(text: string): string {
	const fence = '`'.repeat(Math.max(2, longest(text.match(/`{3,}/g))) + 1);
	return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Cells that are Markdown already, as a table of GitHub's dialect. */
export function markdownTable(header: readonly string[], rows: readonly string[][]): string {
	const line = (cells: readonly string[]): string =>
		`| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ') || ' ').join(' | ')} |`;
	return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
