import { expect, test } from 'vitest';
import {
	emptyLine,
	feedLine,
	LINE_LENGTH_MAX,
	type LineEvent,
	type LineState,
} from './line-editor.ts';

const AROUND = {
	history: ['ping pacs', 'echoscu pacs 104'],
	commands: ['ping', 'echoscu', 'findscu', 'finger'],
	words: ['capture.pcapng'],
};

/** Types the chunks in turn; gives the line with `|` at the cursor, and the last event. */
function type(...chunks: string[]): [string, LineEvent] {
	let state: LineState = emptyLine();
	let event: LineEvent = { kind: 'nothing' };
	for (const chunk of chunks) [state, event] = feedLine(state, chunk, AROUND);
	return [`${state.text.slice(0, state.cursor)}|${state.text.slice(state.cursor)}`, event];
}

const [LEFT, UP, DOWN, ENTER, BACKSPACE] = ['\x1b[D', '\x1b[A', '\x1b[B', '\r', '\x7f'];

test('typing, moving and deleting', () => {
	expect(type('ping', LEFT, LEFT, 'X')[0]).toBe('piX|ng');
	expect(type('ping', BACKSPACE)[0]).toBe('pin|');
	expect(type('ping', '\x01', '\x1b[3~')[0]).toBe('|ing');
	expect(type('ping a bc', '\x17')[0]).toBe('ping a |');
	expect(type('ping', LEFT, '\x15')[0]).toBe('|g');
	expect(type(LEFT, BACKSPACE)[0]).toBe('|');
});

test('enter submits and empties the line', () => {
	expect(type('ls', ENTER)).toEqual(['|', { kind: 'submitted', line: 'ls' }]);
});

test('the history is walked and the draft comes back', () => {
	expect(type('dr', UP)[0]).toBe('echoscu pacs 104|');
	expect(type('dr', UP, UP, UP)[0]).toBe('ping pacs|');
	expect(type('dr', UP, UP, DOWN, DOWN)[0]).toBe('dr|');
	expect(type('dr', UP, BACKSPACE, DOWN)[1]).toEqual({ kind: 'nothing' });
});

test('tab completes commands first, files later', () => {
	expect(type('ec', '\t')[0]).toBe('echoscu |');
	expect(type('f', '\t')[0]).toBe('fin|');
	expect(type('fin', '\t')[1]).toEqual({ kind: 'choices', words: ['findscu', 'finger'] });
	expect(type('tcpdump -r cap', '\t')[0]).toBe('tcpdump -r capture.pcapng |');
	expect(type('zzz', '\t')[1]).toEqual({ kind: 'nothing' });
});

test('control keys', () => {
	expect(type('pin', '\x03')).toEqual(['|', { kind: 'interrupted', line: 'pin' }]);
	expect(type('pin', '\x0c')).toEqual(['pin|', { kind: 'cleared' }]);
});

test('a paste stops at its first line end and control characters are dropped', () => {
	expect(type('rm a\nrm b')[0]).toBe('rm a|');
	expect(type('a\tb\u0007')[0]).toBe('a b|');
	expect(type('\x1b[200~')[0]).toBe('|');
});

test('a line never grows beyond what an action may carry', () => {
	expect(type('x'.repeat(LINE_LENGTH_MAX), 'y')[1]).toEqual({ kind: 'nothing' });
});
