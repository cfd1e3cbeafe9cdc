import { codeBlock, codeSpan, escapeMarkdown, markdownTable } from './escape-markdown.ts';
import { parseHtml } from './html-fragment.ts';
import { descendants, elementsOf, textOf, type XmlElement, type XmlNode } from './xml-tree.ts';

/** Told once for each kind of thing that was left out. */
export type Notes = Set<string>;

const DROPPED = new Map([
	...'script style head template noscript'.split(' ').map((name) => [name, 'code'] as const),
	...'img picture svg canvas'.split(' ').map((name) => [name, 'picture'] as const),
	...'video audio object iframe embed track source'
		.split(' ')
		.map((name) => [name, 'media'] as const),
	...'input select textarea button label form'.split(' ').map((name) => [name, null] as const),
]);
const BLOCKS = new Set(
	`address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
	hr html li main nav ol p pre section table ul`.split(/\s+/),
);
const MARKS = new Map([
	...[...'b strong'.split(' ')].map((name) => [name, '**'] as const),
	...[...'i em cite dfn var'.split(' ')].map((name) => [name, '*'] as const),
]);
/** Wider tables become their text. */
const COLUMNS = 40;
const CODE = new Set('code kbd samp tt'.split(' '));

/** Imported HTML as the Markdown of our pages. Never fails. */
export function htmlToMarkdown(html: string, notes: Notes): string {
	return nodesToMarkdown(parseHtml(html), notes);
}

/**
 * Elements as Markdown: paragraphs, emphasis, code, lists and tables stay, everything else becomes its text.
 * Scripts, pictures and media are left out, with a note.
 */
export function nodesToMarkdown(nodes: readonly XmlNode[], notes: Notes): string {
	return blocks(nodes, notes).join('\n\n');
}

/** A name without prefix, so that `m:math` and `xhtml:p` are understood. */
function localName({ name }: XmlElement): string {
	return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function isBlock(node: XmlNode): boolean {
	if (typeof node === 'string') return false;
	return (
		BLOCKS.has(localName(node)) || (!DROPPED.has(localName(node)) && node.children.some(isBlock))
	);
}

function blocks(nodes: readonly XmlNode[], notes: Notes): string[] {
	const found: string[] = [];
	let run: XmlNode[] = [];
	const flush = (): void => {
		const text = paragraph(run, notes);
		if (text !== '') found.push(text);
		run = [];
	};
	for (const node of nodes) {
		if (typeof node === 'string' || !isBlock(node)) run.push(node);
		else {
			flush();
			for (const text of block(node, notes)) found.push(text);
		}
	}
	flush();
	return found;
}

/** Text between blocks; its lines are trimmed, and only `br` breaks it. */
function paragraph(nodes: readonly XmlNode[], notes: Notes): string {
	const lines = inline(nodes, notes)
		.split('\n')
		.map((line) => line.trim());
	while (lines.at(-1) === '') lines.pop();
	while (lines[0] === '') lines.shift();
	return lines.filter((line) => line !== '').join('\\\n');
}

function block(element: XmlElement, notes: Notes): string[] {
	const name = localName(element);
	switch (name) {
		case 'pre':
			return [codeBlock(textOf(element).replace(/^\n/, ''))];
		case 'ul':
		case 'ol':
			return [list(element, name === 'ol', notes)];
		case 'table':
			return table(element, notes);
		case 'blockquote':
			return [indent(blocks(element.children, notes).join('\n\n'), '> ', '> ')];
		case 'hr':
			return ['***'];
		default: {
			const inner = blocks(element.children, notes);
			return /^h[1-6]$/.test(name)
				? inner.map((text) => (/[\n*]/.test(text) ? text : `**${text}**`))
				: inner;
		}
	}
}

function indent(text: string, first: string, others: string): string {
	return text
		.split('\n')
		.map((line, i) => ((i === 0 ? first : others) + line).trimEnd())
		.join('\n');
}

function list(element: XmlElement, ordered: boolean, notes: Notes): string {
	const entries = elementsOf(element).filter((child) => localName(child) === 'li');
	return entries
		.map((entry, i) => {
			const mark = ordered ? `${i + 1}. ` : '- ';
			const inner = blocks(entry.children, notes);
			// A list directly after a line needs no empty line, and the whole stays compact.
			const text = inner.every((one, at) => at === 0 || /^(?:- |1\. )/.test(one))
				? inner.join('\n')
				: inner.join('\n\n');
			return indent(text, mark, ' '.repeat(mark.length));
		})
		.join('\n');
}

function table(element: XmlElement, notes: Notes): string[] {
	const rows = descendants(element, (child) => localName(child) === 'tr').map((row) =>
		elementsOf(row)
			.filter((cell) => /^t[dh]$/.test(localName(cell)))
			.map((cell) =>
				blocks(cell.children, notes)
					.join(' ')
					.replace(/\s*\\\n/g, ' '),
			),
	);
	const caption = elementsOf(element).find((child) => localName(child) === 'caption');
	const title = caption ? blocks(caption.children, notes) : [];
	const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
	if (width === 0) return title;
	if (width > COLUMNS) return [...title, rows.flat().join(' ')];
	const full = rows.map((row) => Array.from({ length: width }, (_, i) => row[i] ?? ''));
	const [header = [], ...others] = full;
	return [...title, markdownTable(header, others)];
}

/** Text with marks; a line break is `\n`, all other white space is single. */
function inline(nodes: readonly XmlNode[], notes: Notes): string {
	return nodes
		.map((node) => (typeof node === 'string' ? plain(node) : inlineElement(node, notes)))
		.join('')
		.replace(/ {2,}/g, ' ');
}

function plain(text: string): string {
	return escapeMarkdown(text.replace(/[\s\u00a0]+/g, ' '));
}

function inlineElement(element: XmlElement, notes: Notes): string {
	const name = localName(element);
	const dropped = DROPPED.get(name);
	if (dropped !== undefined) {
		if (dropped === null) return inline(element.children, notes);
		if (dropped !== 'code') {
			notes.add(`A ${dropped === 'media' ? 'medium' : dropped} was left out.`);
			const alt = element.attributes.get('alt')?.trim() ?? '';
			return alt === ''
				? inline(dropped === 'media' ? element.children : [], notes)
				: plain(`[${alt}]`);
		}
		notes.add('Code or style was left out.');
		return '';
	}
	if (name === 'br') return '\n';
	if (CODE.has(name)) {
		const text = textOf(element).replace(/\s+/g, ' ');
		return text.trim() === '' ? text : codeSpan(text);
	}
	const inner = inline(element.children, notes);
	if (name === 'sup') return inner.trim() === '' ? '' : `^${inner}`;
	if (name === 'sub') return inner;
	const mark = MARKS.get(name);
	if (mark === undefined || inner.trim() === '' || inner.includes('\n')) return inner;
	const [, before = '', text = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(inner) ?? [];
	return `${before}${mark}${text}${mark}${after}`;
}
