import { inlineToHtml } from './markdown-inline.ts';
import { element, escapeXml } from './xml-write.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const BULLET = /^( {0,3})([-*+])( {1,4}|$)/;
const NUMBER = /^( {0,3})(\d{1,9})([.)])( {1,4}|$)/;
const HEADING = /^ {0,3}(#{1,6})\s(.*)$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** Wider ones are none. */
const COLUMNS = 40;
const QUOTE = /^ {0,3}> ?/;
/** Lists and quotations inside each other, at most. */
const DEPTH = 8;

/**
 * The Markdown of items as well-formed XHTML: paragraphs, headings, lists, quotations, code, tables and what
 * stands in lines. Written for this repository's texts; HTML in them stays the text it is.
 */
export function markdownToHtml(markdown: string): string {
	return blocksToHtml(markdown.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n'), 0);
}

/** Markdown of one paragraph as XHTML without the paragraph, where only inline content may stand. */
export function markdownToInlineHtml(markdown: string): string {
	const html = markdownToHtml(markdown);
	const [, only] = /^<p>((?:(?!<\/?p>).)*)<\/p>$/s.exec(html) ?? [];
	return only ?? html;
}

function blocksToHtml(lines: readonly string[], depth: number, tight = false): string {
	let html = '';
	let at = 0;
	while (at < lines.length) {
		const line = lines[at] ?? '';
		if (line.trim() === '') {
			at += 1;
			continue;
		}
		const made = startBlock(lines, at, depth) ?? paragraph(lines, at, tight);
		html += made.html;
		at = made.next;
	}
	return html;
}

interface Made {
	html: string;
	/** The line after the block. */
	next: number;
}

/** The block that begins at a line, if it is no paragraph. */
function startBlock(lines: readonly string[], at: number, depth: number): Made | undefined {
	const line = lines[at] ?? '';
	const fence = FENCE.exec(line);
	if (fence) return fenced(lines, at, fence[1] ?? '```');
	if (RULE.test(line)) return { html: '<hr/>', next: at + 1 };
	const heading = HEADING.exec(line);
	if (heading) {
		const title = (heading[2] ?? '')
			.trim()
			.replace(/(?:^|\s)#+$/, '')
			.trimEnd();
		const html = element(`h${(heading[1] ?? '#').length}`, {}, inlineToHtml(title));
		return { html, next: at + 1 };
	}
	if (line.includes('|')) {
		const rule = cellsOf(lines[at + 1] ?? '');
		const fits = rule.length === cellsOf(line).length && rule.length <= COLUMNS;
		if (fits && rule.every((cell) => /^:?-+:?$/.test(cell))) return table(lines, at, rule.length);
	}
	if (depth >= DEPTH) return undefined;
	if (QUOTE.test(line)) return quotation(lines, at, depth);
	return BULLET.test(line) || NUMBER.test(line) ? list(lines, at, depth) : undefined;
}

function fenced(lines: readonly string[], at: number, fence: string): Made {
	const isEnd = (line: string): boolean => {
		const mark = line.trim();
		return mark.length >= fence.length && mark === (fence[0] ?? '').repeat(mark.length);
	};
	let end = at + 1;
	while (end < lines.length && !isEnd(lines[end] ?? '')) end += 1;
	return { html: pre(lines.slice(at + 1, end)), next: end + 1 };
}

function pre(lines: readonly string[]): string {
	return element('pre', {}, element('code', {}, escapeXml(lines.join('\n'))));
}

function paragraph(lines: readonly string[], at: number, tight: boolean): Made {
	if (/^ {4}/.test(lines[at] ?? '')) {
		let end = at;
		while (end < lines.length && /^( {4}|\s*$)/.test(lines[end] ?? '')) end += 1;
		const code = lines.slice(at, end).map((line) => line.slice(4));
		while (code.at(-1)?.trim() === '') code.pop();
		return { html: pre(code), next: end };
	}
	let end = at + 1;
	while (end < lines.length && (lines[end] ?? '').trim() !== '' && !interrupts(lines, end))
		end += 1;
	// Two spaces before the end of a line are a break; the last line has none.
	const text = lines
		.slice(at, end)
		.map((line) => line.trimStart())
		.join('\n')
		.trimEnd();
	const html = inlineToHtml(text);
	return { html: tight ? html : element('p', {}, html), next: end };
}

/** Whether a line ends a paragraph although no empty line stands between. */
function interrupts(lines: readonly string[], at: number): boolean {
	const line = lines[at] ?? '';
	if (FENCE.test(line) || RULE.test(line) || HEADING.test(line) || QUOTE.test(line)) return true;
	const number = NUMBER.exec(line);
	const isItem = BULLET.test(line) || number?.[2] === '1';
	return isItem && !/^\s*(?:[-*+]|\d+[.)])\s*$/.test(line);
}

function quotation(lines: readonly string[], at: number, depth: number): Made {
	let end = at;
	while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1;
	const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
	return { html: element('blockquote', {}, blocksToHtml(inner, depth + 1)), next: end };
}

function list(lines: readonly string[], at: number, depth: number): Made {
	const ordered = NUMBER.test(lines[at] ?? '');
	const marker = ordered ? NUMBER : BULLET;
	const entries: string[][] = [];
	let loose = false;
	let next = at;
	while (next < lines.length) {
		const line = lines[next] ?? '';
		const mark = marker.exec(line)?.[0];
		if (mark === undefined || RULE.test(line)) break;
		const width = mark.trimEnd() === line.trimEnd() ? mark.trimEnd().length + 1 : mark.length;
		const entry = [line.slice(mark.length)];
		next += 1;
		let blank = false;
		while (next < lines.length) {
			const inside = lines[next] ?? '';
			const empty = inside.trim() === '';
			const indented = inside.startsWith(' '.repeat(width));
			// Without indentation only a paragraph goes on, and only directly.
			const lazy = !blank && !indented && !interrupts(lines, next) && !marker.test(inside);
			if (!empty && !indented && !lazy) break;
			blank = empty;
			entry.push(indented ? inside.slice(width) : inside.trimStart());
			next += 1;
		}
		while (entry.at(-1)?.trim() === '') entry.pop();
		if (entry.some((text) => text.trim() === '')) loose = true;
		if (blank && marker.test(lines[next] ?? '')) loose = true;
		entries.push(entry);
	}
	const items = entries.map((entry) => element('li', {}, blocksToHtml(entry, depth + 1, !loose)));
	return { html: element(ordered ? 'ol' : 'ul', {}, ...items), next };
}

/** The cells of a row; `\|` is no border. */
function cellsOf(line: string): string[] {
	const cells = line
		.trim()
		.replace(/^\||(?<!\\)\|$/g, '')
		.split(/(?<!\\)\|/);
	return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function table(lines: readonly string[], at: number, width: number): Made {
	const row = (line: string, tag: 'th' | 'td'): string => {
		const cells = cellsOf(line);
		const full = Array.from({ length: width }, (_, i) => inlineToHtml(cells[i] ?? ''));
		return element('tr', {}, ...full.map((cell) => `<${tag}>${cell}</${tag}>`));
	};
	let end = at + 2;
	while (end < lines.length && (lines[end] ?? '').trim() !== '' && !interrupts(lines, end))
		end += 1;
	const body = lines.slice(at + 2, end).map((line) => row(line, 'td'));
	const head = element('thead', {}, row(lines[at] ?? '', 'th'));
	// A body without rows is no HTML.
	const rest = body.length === 0 ? '' : element('tbody', {}, ...body);
	return { html: element('table', {}, head, rest), next: end };
}
