import type { ITerminalOptions } from '@xterm/xterm';

const SCROLLBACK_LINES = 5_000;

/** The look of a terminal, taken from the design tokens that hold at this element. */
export function terminalLook(element: HTMLElement): ITerminalOptions {
	const style = getComputedStyle(element);
	const token = (name: string) => style.getPropertyValue(name).trim();
	const ink = token('--term-ink');
	const faint = token('--term-ink-2');
	const accent = token('--term-accent');
	const bad = token('--term-bad');
	return {
		fontFamily: style.fontFamily,
		fontSize: parseFloat(style.fontSize),
		lineHeight: 1.2,
		scrollback: SCROLLBACK_LINES,
		cursorBlink: false,
		cursorStyle: 'bar',
		cursorWidth: 2,
		theme: {
			background: token('--term-ground'),
			foreground: ink,
			cursor: accent,
			selectionBackground: token('--term-selection'),
			red: bad,
			brightRed: bad,
			cyan: accent,
			brightCyan: accent,
			brightBlack: faint,
			white: ink,
			brightWhite: ink,
		},
	};
}
