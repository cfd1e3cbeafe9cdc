import { expect, test } from 'vitest';
import { drawLine, terminalText } from './terminal-line.ts';

/** The column moves at the end of an output say where the cursor stands. */
// eslint-disable-next-line no-control-regex
const cursorColumn = (output: string) => Number(/\r(?:\x1b\[(\d+)C)?$/.exec(output)?.[1] ?? 0);

test('the cursor stands behind the prompt and the typed part', () => {
	const { output, cursorRow } = drawLine('$ ', { text: 'ping', cursor: 2 }, 80, 0);
	expect(cursorColumn(output)).toBe(4);
	expect(cursorRow).toBe(0);
});

test('a wrapped line is drawn from its first row', () => {
	const { output, cursorRow } = drawLine('$ ', { text: 'x'.repeat(25), cursor: 25 }, 10, 1);
	expect(output.startsWith('\x1b[1A\r\x1b[J')).toBe(true);
	expect(cursorRow).toBe(2);
	expect(cursorColumn(output)).toBe(7);
});

test('a line that ends at the edge wraps at once', () => {
	const { output, cursorRow } = drawLine('$ ', { text: 'x'.repeat(8), cursor: 8 }, 10, 0);
	expect(output).toContain(' \r');
	expect(cursorRow).toBe(1);
	expect(cursorColumn(output)).toBe(0);
});

test('bytes of a peer cannot drive the terminal', () => {
	expect(terminalText('a\nb\x1b[2Jc\x07\n')).toBe('a\r\nb·[2Jc·');
	expect(terminalText('tab\tstays')).toBe('tab\tstays');
});
