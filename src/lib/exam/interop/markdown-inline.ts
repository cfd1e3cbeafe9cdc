import { decodeEntities } from './html-entities.ts';
import { element, escapeXml } from './xml-write.ts';

const PUNCTUATION = /[!-/:-@[-`{-~]/;

/** Marks that open and close, the longest first. */
const MARKS: readonly [mark: string, tag: string | undefined][] = [
	['***', 'strong'],
	['**', 'strong'],
	['__', 'strong'],
	['~~', undefined],
	['*', 'em'],
	['_', 'em'],
];

/** Marks inside marks, at most. */
const DEPTH = 12;

/** Text with emphasis, code, links and breaks as XHTML. HTML in it stays the text it is. */
export function inlineToHtml(text: string, depth = 0): string {
	// A mark that closes nowhere is not looked for again: so the time stays linear.
	const unclosed = new Set<string>();
	let out = '';
	let plain = '';
	const flush = (): void => {
		out += escapeXml(decodeEntities(plain));
		plain = '';
	};
	let at = 0;
	while (at < text.length) {
		const found = special(text, at, unclosed, depth);
		if (!found) {
			plain += text[at];
			at += 1;
			continue;
		}
		if ('literal' in found) {
			flush();
			out += escapeXml(found.literal);
		} else {
			if (found.html.startsWith('<br')) plain = plain.trimEnd();
			flush();
			out += found.html;
		}
		at = found.end;
	}
	flush();
	return out;
}

type Found = { literal: string; end: number } | { html: string; end: number };

function special(
	text: string,
	at: number,
	unclosed: Set<string>,
	depth: number,
): Found | undefined {
	const character = text[at] ?? '';
	const next = text[at + 1] ?? '';
	switch (character) {
		case '\\':
			if (next === '\n') return { html: '<br/>', end: at + 2 };
			return PUNCTUATION.test(next) ? { literal: next, end: at + 2 } : undefined;
		case ' ': {
			const spaces = /^ {2,}\n/.exec(text.slice(at, at + 40))?.[0];
			return spaces === undefined ? undefined : { html: '<br/>', end: at + spaces.length };
		}
		case '`':
			return code(text, at);
		case '[':
		case '!':
			return link(text, at, depth);
		case '*':
		case '_':
		case '~':
			return emphasis(text, at, unclosed, depth);
		default:
			return undefined;
	}
}

function code(text: string, at: number): Found {
	const fence = /^`+/.exec(text.slice(at))?.[0] ?? '`';
	let end = at + fence.length;
	for (;;) {
		end = text.indexOf(fence, end);
		if (end < 0) return { literal: fence, end: at + fence.length };
		if (text[end + fence.length] !== '`' && text[end - 1] !== '`') break;
		while (text[end] === '`') end += 1;
	}
	const raw = text.slice(at + fence.length, end).replace(/\n/g, ' ');
	const inner = /^ .*[^ ].* $/.test(raw) ? raw.slice(1, -1) : raw;
	return { html: element('code', {}, escapeXml(inner)), end: end + fence.length };
}

/** A link keeps its text only: what it leads to may not exist where the file goes. */
function link(text: string, at: number, depth: number): Found | undefined {
	const match = /^!?\[([^[\]\n]{1,300})\]\([^()\s]{1,500}\)/.exec(text.slice(at, at + 900));
	if (!match || depth >= DEPTH) return undefined;
	return { html: inlineToHtml(match[1] ?? '', depth + 1), end: at + match[0].length };
}

function emphasis(text: string, at: number, unclosed: Set<string>, depth: number): Found {
	for (const [mark, tag] of MARKS) {
		if (!text.startsWith(mark, at) || unclosed.has(mark) || depth >= DEPTH) continue;
		const from = at + mark.length;
		if (!opens(text, at, from, mark)) continue;
		const end = closing(text, from, mark);
		if (end < 0) {
			unclosed.add(mark);
			continue;
		}
		const inner = inlineToHtml(text.slice(from, end), depth + 1);
		const html = tag === undefined ? inner : element(tag, {}, inner);
		return { html: mark === '***' ? element('em', {}, html) : html, end: end + mark.length };
	}
	const [run = ''] = /^([*_~])\1*/.exec(text.slice(at)) ?? [];
	return { literal: run, end: at + run.length };
}

function opens(text: string, at: number, from: number, mark: string): boolean {
	if (!/\S/.test(text[from] ?? ' ') || text[from] === mark[0]) return false;
	const before = text[at - 1] ?? ' ';
	// Inside a word `_` means itself.
	if (mark.startsWith('_') && /[\p{L}\p{N}]/u.test(before)) return false;
	return !PUNCTUATION.test(text[from] ?? '') || !/[\p{L}\p{N}]/u.test(before);
}

/** Where the mark closes: after something visible, outside code, not as part of a longer mark. */
function closing(text: string, from: number, mark: string): number {
	const sign = mark[0] ?? '*';
	let at = from;
	while (at < text.length) {
		const character = text[at];
		if (character === '\\') at += 2;
		else if (character === '`') at = code(text, at).end;
		else if (character === sign) {
			const [run = ''] = /^([*_~])\1*/.exec(text.slice(at)) ?? [];
			const visible = /\S/.test(text[at - 1] ?? ' ');
			const inWord = sign === '_' && /[\p{L}\p{N}]/u.test(text[at + run.length] ?? ' ');
			if (run.length === mark.length && visible && !inWord) return at;
			if (run.length > mark.length && visible && !inWord && mark.length < 3) {
				// `*a **b***`: the inner mark closes first, the rest is ours.
				const atEnd = !/\S/.test(text[at + run.length] ?? ' ');
				if (atEnd || run.length === 3) return at + run.length - mark.length;
			}
			at += run.length;
		} else at += 1;
	}
	return -1;
}
