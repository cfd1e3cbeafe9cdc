import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { marked } from 'marked';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { codeBlock, codeSpan, escapeMarkdown, markdownTable } from './escape-markdown.ts';
import { htmlToMarkdown } from './html-to-markdown.ts';
import { markdownToHtml } from './markdown-to-html.ts';
import { parseXml, textOf } from './xml-tree.ts';

/** White space between tags and of line ends aside; entities as characters. */
function normal(html: string): string {
	return html
		.replace(/<br\s*\/?>/g, '<br/>')
		.replace(/<\/?(?:a|del)(?: [^>]*)?>/g, '')
		.replace(/<hr\s*\/?>/g, '<hr/>')
		.replace(
			/\s*(<\/?(?:p|ul|ol|li|pre|table|thead|tbody|tr|t[dh]|blockquote|h\d|hr)(?: [^>]*)?\/?>)\s*/g,
			'$1',
		)
		.replace(/ align="\w+"/g, '')
		.replace(/<code[^>]*>/g, '<code>')
		.replace(/\n(?=<\/code>)/g, '')
		.replace(/<br\/>\s*/g, '<br/>')
		.replace(/&quot;/g, '"')
		.replace(/&#39;/g, "'");
}

/** The lexer of the pages shows HTML as text; here it is escaped to the same end. */
function asThePagesShowIt(markdown: string): string {
	const renderer = new marked.Renderer();
	renderer.html = ({ text }) =>
		text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
	return marked.parse(markdown, { gfm: true, renderer, async: false });
}

const TEXTS = new Set(['stem', 'lead_in', 'text', 'left', 'right', 'rationale', 'explanation']);

function textsOf(data: unknown, key = ''): string[] {
	if (typeof data === 'string') return TEXTS.has(key) ? [data] : [];
	if (typeof data !== 'object' || data === null || key === 'with') return [];
	return Object.entries(data).flatMap(([name, value]) =>
		textsOf(value, Array.isArray(data) ? key : name),
	);
}

test('every text of the bank becomes the HTML that the pages show', () => {
	const texts = readdirSync('banks/items', { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.yaml'))
		.flatMap((path) => textsOf(parse(readFileSync(`banks/items/${path}`, 'utf8'))));
	expect(texts.length).toBeGreaterThan(1_000);
	const differing = texts.filter(
		(text) => normal(markdownToHtml(text)) !== normal(asThePagesShowIt(text)),
	);
	expect(
		differing.map((text) => [normal(markdownToHtml(text)), normal(asThePagesShowIt(text))]),
	).toEqual([]);
});

test.each([
	'A *b* **c** ***d*** `e < f` __g__ _h_ snake_case_name 2 * 3 * 4',
	'- a\n- b\n  - c\n  - d\n- e',
	'1. one\n2. two\n\n   more of two\n3. three',
	'Text:\n\n| a | b |\n| --- | :-: |\n| 1 \\| 2 | **x** |\n| 3 |  |\n\nafter',
	'```\n<a> & "b"\n\n  c\n```\n\nend',
	'line\\\nbreak  \nagain\nsame line',
	'> quoted\n> more\n\n# Title\n\n***\n\nlast',
	'a \\* b \\_ c &lt; &amp; <b>no</b> [text](https://example.org/x) ~~gone~~',
	'``a ` b`` and **bold `**` code** and *a **b***',
])('agrees with the parser of the pages: %j', (markdown) => {
	expect(normal(markdownToHtml(markdown))).toBe(normal(asThePagesShowIt(markdown)));
});

test('is well-formed whatever the text', () => {
	const word = fc.constantFrom(
		'a',
		'b1',
		'*',
		'**',
		'_',
		'`',
		'```',
		'\n',
		'\n\n',
		'- ',
		'1. ',
		'|',
		'> ',
		'<',
		'&',
		'\\',
		' ',
		'~~',
		'[x](y)',
		'#',
	);
	fc.assert(
		fc.property(fc.array(word, { maxLength: 40 }), (words) => {
			const parsed = parseXml(`<x>${markdownToHtml(words.join(''))}</x>`);
			expect(parsed).toHaveProperty('root');
		}),
	);
});

test('escaped text, code and tables show exactly what was given', () => {
	const text = fc
		.string({ unit: 'grapheme-ascii', maxLength: 60 })
		.map((s) => s.replace(/\s+/g, ' ').trim());
	const shown = (markdown: string): string => {
		const parsed = parseXml(`<x>${markdownToHtml(markdown)}</x>`);
		return 'root' in parsed ? textOf(parsed.root) : 'not well-formed';
	};
	fc.assert(
		fc.property(text, (one) => {
			expect(shown(escapeMarkdown(one))).toBe(one);
			if (one !== '') expect(shown(`x ${codeSpan(one)}`)).toBe(`x ${one}`);
			expect(shown(codeBlock(one))).toBe(one);
			if (one !== '') expect(shown(markdownTable(['h'], [[escapeMarkdown(one)]]))).toBe(`h${one}`);
		}),
		{ numRuns: 500 },
	);
});

test.each(['*a ', '_a *b ', '**a _b ', '`` ', '# ', '[a', '- ', '| ', '> ', '\\', '1. ', ' \n'])(
	'takes linear time for text made of %j',
	(piece) => {
		const startedMs = performance.now();
		markdownToHtml(piece.repeat(20_000 / piece.length));
		markdownToHtml(`${piece.repeat(10_000 / piece.length)}x`);
		expect(performance.now() - startedMs).toBeLessThan(1_000);
	},
);

test('HTML and Markdown convert into each other without a change', () => {
	const markdown = [
		'A *b* and **c** with `d`.',
		'- one\n- two\n  - deep',
		'1. first\n2. second',
		'| a | b |\n| --- | --- |\n| 1 | 2 |',
		'```\ncode <x>\n```',
		'line\\\nnext',
		'> quoted',
	].join('\n\n');
	expect(htmlToMarkdown(markdownToHtml(markdown), new Set())).toBe(markdown);
});
