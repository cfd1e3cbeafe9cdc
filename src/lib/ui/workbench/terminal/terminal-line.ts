import type { LineState } from './line-editor.ts';

/** Escape sequences that redraw the line being typed, also when it wraps over several rows. */

const ESC = '\x1b[';
export const PROMPT_COLOUR = `${ESC}36m`;
export const ERROR_COLOUR = `${ESC}31m`;
export const FAINT = `${ESC}90m`;
export const PLAIN = `${ESC}0m`;

const up = (rows: number) => (rows > 0 ? `${ESC}${rows}A` : '');
const right = (columns: number) => (columns > 0 ? `${ESC}${columns}C` : '');

/**
 * Redraws prompt and line. `cursorRow` is the row of the cursor below the first row of the line, as the last
 * drawing left it (0 at first); the new one comes back with the output.
 */
export function drawLine(
	prompt: string,
	line: Pick<LineState, 'text' | 'cursor'>,
	columns: number,
	cursorRow: number,
): { output: string; cursorRow: number } {
	const before = prompt.length + line.cursor;
	const end = prompt.length + line.text.length;
	let output = `${up(cursorRow)}\r${ESC}J${PROMPT_COLOUR}${prompt}${PLAIN}${line.text}`;
	// A terminal waits with the wrap until the next character: force it, so that rows can be counted.
	if (end > 0 && end % columns === 0) output += ' \r';
	const row = Math.floor(before / columns);
	output += `${up(Math.floor(end / columns) - row)}\r${right(before % columns)}`;
	return { output, cursorRow: row };
}

/**
 * Makes observed text fit for a terminal: line ends, also the CR of HL7, become CR LF, and other control characters are shown as a dot,
 * so that bytes from a peer cannot move the cursor or change the screen.
 */
export function terminalText(text: string): string {
	return (
		text
			.replace(/\r\n?/g, '\n')
			.replace(/\n$/, '')
			// eslint-disable-next-line no-control-regex
			.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7')
			.replace(/\n/g, '\r\n')
	);
}
