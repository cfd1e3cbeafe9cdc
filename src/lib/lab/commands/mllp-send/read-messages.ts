/** How python-hl7's mllp_send cuts a file into messages. Text is one character a byte here. */

const SB = '\x0b';
const EB = '\x1c';
const CR = '\r';
const FF = '\f';
const HEADER = 'MSH|^~\\&|';

export interface CutFile {
	readonly messages: readonly string[];
	/** What is left without the end of a block; the tool breaks off over it when it has sent the others. */
	readonly unterminated?: string;
}

/** Blocks of MLLP, or messages between form feeds. */
export function readStream(text: string): CutFile {
	const parts = text.split(text.includes(FF) ? FF : EB);
	const rest = parts.pop() ?? '';
	const messages = parts.map((part) => strip(part, SB + CR));
	return strip(rest, ' \t\n\r\f\x0b') === '' ? { messages } : { messages, unterminated: rest };
}

/** `--loose`: text as an editor leaves it; each message begins with the usual MSH. */
export function readLoose(text: string): CutFile {
	const plain = without(text, EB + FF + SB).replace(/\r\n|\n/g, CR);
	const parts = plain.split(HEADER).filter((part) => part !== '');
	return { messages: parts.map((part) => HEADER + strip(part, '\r\n ')) };
}

/** A block's bytes without the framing. */
export function unframed(text: string): string {
	return without(text, SB + EB);
}

function without(text: string, characters: string): string {
	return [...text].filter((one) => !characters.includes(one)).join('');
}

/** The block around a message: SB, EB, CR. */
export function framed(message: string): string {
	return SB + message + EB + CR;
}

/** Python's `bytes` as it shows them: `b'MSH|^~\\&|A\r'`. */
export function pythonBytes(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const named: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
	const shown = text.replace(/[^ -[\]-~]|['"]/g, (one) => {
		if (one === '"' || one === "'") return one === quote ? `\\${one}` : one;
		return named[one] ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
	});
	return `b${quote}${shown}${quote}`;
}

function strip(text: string, characters: string): string {
	let from = 0;
	let to = text.length;
	while (from < to && characters.includes(text.charAt(from))) from++;
	while (to > from && characters.includes(text.charAt(to - 1))) to--;
	return text.slice(from, to);
}
