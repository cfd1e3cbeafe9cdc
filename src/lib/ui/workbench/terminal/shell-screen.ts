import type { Terminal } from '@xterm/xterm';
import type { LineState } from './line-editor.ts';
import {
	drawLine,
	ERROR_COLOUR,
	FAINT,
	PLAIN,
	PROMPT_COLOUR,
	terminalText,
} from './terminal-line.ts';
import type { TranscriptEntry } from './transcript.ts';

/** Draws one shell on an xterm screen: the transcript above, the line being typed below. */
export class ShellScreen {
	readonly #terminal: Terminal;
	#prompt: string;
	#cursorRow = 0;
	#shown: number[] = [];
	/** The submitted line stands on the screen and its output is awaited. */
	#awaiting = false;

	constructor(terminal: Terminal, prompt: string) {
		this.#terminal = terminal;
		this.#prompt = prompt;
	}

	/** Brings the transcript up to date; starts over when it is not a continuation of what is shown. */
	show(entries: readonly TranscriptEntry[], line: LineState): void {
		const continues = this.#shown.every((sequence, index) => entries[index]?.sequence === sequence);
		if (!continues) this.#startOver();
		const fresh = entries.slice(this.#shown.length);
		if (fresh.length === 0 && this.#shown.length > 0) return;
		for (const entry of fresh) this.#print(entry);
		this.#shown = entries.map((entry) => entry.sequence);
		if (!this.#awaiting) this.draw(line);
	}

	/** Redraws the line being typed. */
	draw(line: LineState): void {
		const drawn = drawLine(this.#prompt, line, this.#terminal.cols, this.#cursorRow);
		this.#cursorRow = drawn.cursorRow;
		this.#terminal.write(drawn.output);
	}

	/** Leaves the typed line on the screen and goes below it. */
	leaveLine(line: LineState, mark = ''): void {
		this.draw({ ...line, cursor: line.text.length });
		this.#terminal.write(`${mark}\r\n`);
		this.#cursorRow = 0;
	}

	await(): void {
		this.#awaiting = true;
	}

	/** The submitted line was not carried out: it comes back to be sent again. */
	resume(line: LineState): void {
		this.#awaiting = false;
		this.draw(line);
	}

	/** Shows words to choose from, then the line again. */
	list(words: readonly string[], line: LineState): void {
		this.leaveLine(line);
		this.#terminal.write(`${FAINT}${words.join('  ')}${PLAIN}\r\n`);
		this.draw(line);
	}

	/** After a resize rows are wrapped anew, so the old row count is void. */
	resized(line: LineState): void {
		if (this.#awaiting) return;
		this.#cursorRow = 0;
		this.draw(line);
	}

	clear(line: LineState): void {
		this.#startOver();
		this.draw(line);
	}

	#startOver(): void {
		this.#terminal.reset();
		this.#cursorRow = 0;
		this.#shown = [];
		this.#awaiting = false;
	}

	#print(entry: TranscriptEntry): void {
		let output = '';
		if (this.#awaiting) {
			this.#awaiting = false;
		} else {
			const blank = { text: '', cursor: 0 };
			this.#terminal.write(drawLine('', blank, this.#terminal.cols, this.#cursorRow).output);
			output += `${PROMPT_COLOUR}${this.#prompt}${PLAIN}${terminalText(entry.line)}\r\n`;
		}
		if (entry.text !== '') {
			const text = terminalText(entry.text);
			output += `${entry.refused ? ERROR_COLOUR : ''}${text}${PLAIN}\r\n`;
		}
		this.#terminal.write(output);
		this.#cursorRow = 0;
	}
}
