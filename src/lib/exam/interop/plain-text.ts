import { markdownToHtml } from './markdown-to-html.ts';
import { parseXml, textOf } from './xml-tree.ts';

/** The words of a Markdown text in one line, for places that know no marks. */
export function markdownToPlainText(markdown: string): string {
	const parsed = parseXml(`<div>${markdownToHtml(markdown).replace(/<br\/>/g, ' ')}</div>`);
	const text = 'root' in parsed ? textOf(parsed.root) : markdown;
	return text.replace(/\s+/g, ' ').trim();
}
