/**
 * The line that is being typed in a shell, as a pure state machine over the byte sequences a terminal sends.
 * Nothing here draws; `terminal-line.ts` does.
 */

export interface LineState {
	text: string;
	cursor: number;
	/** Place in the history while walking it; undefined while a new line is typed. */
	recalled: number | undefined;
	/** The new line, kept while the history is walked. */
	draft: string;
}

export type LineEvent =
	| { kind: 'changed' }
	| { kind: 'submitted'; line: string }
	| { kind: 'interrupted'; line: string }
	| { kind: 'cleared' }
	| { kind: 'choices'; words: string[] }
	| { kind: 'nothing' };

export interface LineSurroundings {
	/** Lines typed before, oldest first. */
	history: readonly string[];
	/** Words that may stand at the start of a line, and after it. */
	commands: readonly string[];
	words: readonly string[];
}

/** As long as one command action may be. */
export const LINE_LENGTH_MAX = 500;

export const emptyLine = (): LineState => ({ text: '', cursor: 0, recalled: undefined, draft: '' });

type Step = (state: LineState, around: LineSurroundings) => [LineState, LineEvent];

const CHANGED: LineEvent = { kind: 'changed' };
const NOTHING: LineEvent = { kind: 'nothing' };

const edit = (state: LineState, text: string, cursor: number): [LineState, LineEvent] => [
	{ ...state, text, cursor, recalled: undefined },
	CHANGED,
];

const moveTo =
	(place: (state: LineState) => number): Step =>
	(state) => [
		{ ...state, cursor: Math.max(0, Math.min(state.text.length, place(state))) },
		CHANGED,
	];

function insert(state: LineState, typed: string): [LineState, LineEvent] {
	const text = state.text.slice(0, state.cursor) + typed + state.text.slice(state.cursor);
	if (text.length > LINE_LENGTH_MAX) return [state, NOTHING];
	return edit(state, text, state.cursor + typed.length);
}

/** Shows the history line `direction` steps away; past the newest comes the draft again. */
function recall(direction: -1 | 1): Step {
	return (state, { history }) => {
		const from = state.recalled ?? history.length;
		const to = from + direction;
		if (to < 0 || to > history.length) return [state, NOTHING];
		const draft = state.recalled === undefined ? state.text : state.draft;
		const text = history[to] ?? draft;
		const recalled = to === history.length ? undefined : to;
		return [{ text, cursor: text.length, recalled, draft }, CHANGED];
	};
}

function sharedStart(words: readonly string[]): string {
	let shared = words[0] ?? '';
	for (const word of words) while (!word.startsWith(shared)) shared = shared.slice(0, -1);
	return shared;
}

function complete(state: LineState, around: LineSurroundings): [LineState, LineEvent] {
	const before = state.text.slice(0, state.cursor);
	const start = before.lastIndexOf(' ') + 1;
	const begun = before.slice(start);
	const known = before.slice(0, start).trim() === '' ? around.commands : around.words;
	const words = [...new Set(known)].filter((word) => word.startsWith(begun)).sort();
	if (words.length === 0) return [state, NOTHING];
	const addition = (words.length === 1 ? `${words[0]} ` : sharedStart(words)).slice(begun.length);
	if (addition === '') return [state, { kind: 'choices', words }];
	return insert(state, addition);
}

function deleteWord(state: LineState): [LineState, LineEvent] {
	const kept = state.text.slice(0, state.cursor).replace(/\S*\s*$/, '');
	return edit(state, kept + state.text.slice(state.cursor), kept.length);
}

const KEYS: Readonly<Record<string, Step>> = {
	'\r': (state) => [emptyLine(), { kind: 'submitted', line: state.text }],
	'\n': (state) => [emptyLine(), { kind: 'submitted', line: state.text }],
	'\t': complete,
	'\x7f': ({ text, cursor, ...rest }) =>
		cursor === 0
			? [{ text, cursor, ...rest }, NOTHING]
			: edit({ text, cursor, ...rest }, text.slice(0, cursor - 1) + text.slice(cursor), cursor - 1),
	'\x1b[3~': (state) =>
		edit(
			state,
			state.text.slice(0, state.cursor) + state.text.slice(state.cursor + 1),
			state.cursor,
		),
	'\x01': moveTo(() => 0),
	'\x1b[H': moveTo(() => 0),
	'\x05': moveTo((state) => state.text.length),
	'\x1b[F': moveTo((state) => state.text.length),
	'\x1b[D': moveTo((state) => state.cursor - 1),
	'\x1b[C': moveTo((state) => state.cursor + 1),
	'\x1b[A': recall(-1),
	'\x10': recall(-1),
	'\x1b[B': recall(1),
	'\x0e': recall(1),
	'\x03': (state) => [emptyLine(), { kind: 'interrupted', line: state.text }],
	'\x0c': (state) => [state, { kind: 'cleared' }],
	'\x15': (state) => edit(state, state.text.slice(state.cursor), 0),
	'\x0b': (state) => edit(state, state.text.slice(0, state.cursor), state.cursor),
	'\x17': deleteWord,
};

/**
 * Takes one chunk that the terminal sent: a key, or pasted text. A pasted text stops at its first line end,
 * so that a paste can never run several commands.
 */
export function feedLine(
	state: LineState,
	data: string,
	around: LineSurroundings,
): [LineState, LineEvent] {
	const key = KEYS[data];
	if (key !== undefined) return key(state, around);
	if (data.startsWith('\x1b')) return [state, NOTHING];
	const firstLine = data.split(/[\r\n]/)[0] ?? '';
	// eslint-disable-next-line no-control-regex
	const typed = firstLine.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f]/g, '');
	return typed === '' ? [state, NOTHING] : insert(state, typed);
}
