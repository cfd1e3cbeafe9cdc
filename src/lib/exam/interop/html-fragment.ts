import { decodeEntities } from './html-entities.ts';
import { LIMITS } from './limits.ts';
import type { XmlElement, XmlNode } from './xml-tree.ts';

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Their content is no text. */
const RAW = new Set(['script', 'style', 'title', 'textarea']);
const RAW_END = /<\/(?:script|style|title|textarea)/gi;
const KNOWN = new Set(
	`a abbr address article aside audio b big blockquote body caption center cite code colgroup dd del details dfn div dl dt em
	figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header html i iframe ins kbd label li main mark math nav object
	ol option p param pre q s samp script section select small span strike strong style sub summary sup svg table tbody td
	textarea tfoot th thead title tr tt u ul var video`
		.split(/\s+/)
		.concat([...VOID]),
);
/** Open elements that a start tag ends when they are the innermost. */
const ENDS = new Map(
	[
		['li', 'li p'],
		['tr', 'tr td th p'],
		['td', 'td th p'],
		['th', 'td th p'],
		['tbody', 'thead tbody tr td th p'],
		...'p ul ol table pre div blockquote h1 h2 h3 h4 h5 h6 hr'
			.split(' ')
			.map((name) => [name, 'p']),
	].map(([name = '', closed = '']): [string, string[]] => [name, closed.split(' ')]),
);

// No `<` inside quotes: so each attempt ends at the next one, and the whole takes linear time.
const TAG =
	/<(?<end>\/?)(?<name>[a-zA-Z][a-zA-Z0-9:-]{0,30})(?<attributes>(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*)?)\/?>/y;
const ATTRIBUTE = /([a-zA-Z:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/**
 * Reads a piece of HTML as loosely as people write it. Never fails: what is no tag is text, and so are tags that
 * HTML does not know (`List<String>`). Nesting beyond the limit is flattened.
 */
export function parseHtml(html: string): XmlNode[] {
	const root: XmlElement = { name: '', attributes: new Map(), children: [], line: 0 };
	const open: XmlElement[] = [root];
	let at = 0;
	while (at < html.length) {
		const next = html.indexOf('<', at);
		if (next < 0) break;
		append(open, html.slice(at, next));
		at = next;
		if (html.startsWith('<!--', at)) {
			const end = html.indexOf('-->', at + 4);
			at = end < 0 ? html.length : end + 3;
			continue;
		}
		TAG.lastIndex = at;
		const match = TAG.exec(html);
		const name = match?.groups?.['name']?.toLowerCase() ?? '';
		if (!match || !KNOWN.has(name)) {
			append(open, match?.[0] ?? '<');
			at += match?.[0].length ?? 1;
			continue;
		}
		at += match[0].length;
		if (match.groups?.['end'] === '/') close(open, name);
		else {
			begin(open, name, match.groups?.['attributes'] ?? '');
			if (RAW.has(name)) {
				RAW_END.lastIndex = at;
				at = RAW_END.exec(html)?.index ?? html.length;
			}
		}
	}
	append(open, html.slice(at));
	return root.children;
}

function append(open: readonly XmlElement[], text: string): void {
	const children = open.at(-1)?.children;
	if (!children || text === '') return;
	const last = children.at(-1);
	// One text stays one node, however many signs in it turned out to be no tags.
	if (typeof last === 'string') children[children.length - 1] = last + decodeEntities(text);
	else children.push(decodeEntities(text));
}

function begin(open: XmlElement[], name: string, attributes: string): void {
	const ended = ENDS.get(name) ?? [];
	while (open.length > 1 && ended.includes(open.at(-1)?.name ?? '')) open.pop();
	const pairs = [...attributes.matchAll(ATTRIBUTE)].slice(0, LIMITS.xml.attributes);
	const element: XmlElement = {
		name,
		attributes: new Map(
			pairs.map(([, key = '', double, single, bare]) => [
				key.toLowerCase(),
				decodeEntities(double ?? single ?? bare ?? ''),
			]),
		),
		children: [],
		line: 0,
	};
	open.at(-1)?.children.push(element);
	if (!VOID.has(name) && open.length < LIMITS.htmlDepth) open.push(element);
}

function close(open: XmlElement[], name: string): void {
	const at = open.findLastIndex((element) => element.name === name);
	if (at > 0) open.length = at;
}
