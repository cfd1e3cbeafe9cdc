import { SaxesParser } from 'saxes';
import { LIMITS } from './limits.ts';

/** An element of XML or HTML. Names are as written. */
export interface XmlElement {
	name: string;
	attributes: ReadonlyMap<string, string>;
	children: XmlNode[];
	/** Where its start tag begins, counted from 1. */
	line: number;
}

/** Text is a plain string with entities decoded. */
export type XmlNode = XmlElement | string;

export type ParsedXml = { root: XmlElement } | { problem: { line: number; message: string } };

class Refusal extends Error {}

/**
 * Parses XML into a tree. Never throws: what is not well-formed, too large or dangerous becomes a problem with
 * its line. Any document type declaration is refused, so there are no entities but the five of XML itself.
 */
export function parseXml(text: string): ParsedXml {
	const builder = new TreeBuilder();
	try {
		builder.parser.write(text).close();
	} catch (error) {
		// The parser throws at the first error; its message repeats the place.
		const message = error instanceof Error ? error.message : 'it cannot be read';
		const plain = message.replace(/^\d+:\d+:\s*/, '').replace(/\.$/, '');
		return { problem: { line: builder.line, message: plain } };
	}
	if (builder.root) return { root: builder.root };
	return { problem: { line: 1, message: 'there is no element in it' } };
}

class TreeBuilder {
	readonly parser = new SaxesParser();
	root: XmlElement | undefined;
	readonly #open: XmlElement[] = [];
	#nodes = 0;
	#characters = 0;
	#attributes = 0;
	#startLine = 1;

	constructor() {
		const { parser } = this;
		parser.on('doctype', () => {
			throw new Refusal('a document type declaration (<!DOCTYPE …>) is not accepted');
		});
		parser.on('opentagstart', () => {
			this.#startLine = parser.line;
			this.#attributes = 0;
		});
		parser.on('attribute', () => {
			this.#attributes += 1;
			limit(this.#attributes, LIMITS.xml.attributes, 'attributes in one element');
		});
		parser.on('opentag', ({ name, attributes }) => this.#begin(name, attributes));
		parser.on('closetag', () => void this.#open.pop());
		parser.on('text', (text) => this.#addText(text));
		parser.on('cdata', (text) => this.#addText(text));
	}

	/** Where the parser is. */
	get line(): number {
		return this.parser.line;
	}

	#count(): void {
		this.#nodes += 1;
		limit(this.#nodes, LIMITS.xml.nodes, 'elements and texts');
	}

	#begin(name: string, attributes: Record<string, string>): void {
		this.#count();
		const element: XmlElement = {
			name,
			attributes: new Map(Object.entries(attributes)),
			children: [],
			line: this.#startLine,
		};
		const parent = this.#open.at(-1);
		if (parent) parent.children.push(element);
		else this.root ??= element;
		this.#open.push(element);
		limit(this.#open.length, LIMITS.xml.depth, 'levels of nesting');
	}

	#addText(text: string): void {
		const parent = this.#open.at(-1);
		if (!parent || text === '') return;
		this.#count();
		this.#characters += text.length;
		limit(this.#characters, LIMITS.xml.textCharacters, 'characters of text');
		parent.children.push(text);
	}
}

function limit(count: number, most: number, what: string): void {
	if (count > most) throw new Refusal(`there are more than ${most} ${what}`);
}

/** The elements among the children, of one name if that is given. */
export function elementsOf(parent: XmlElement, name?: string): XmlElement[] {
	return parent.children.filter(
		(child): child is XmlElement =>
			typeof child !== 'string' && (name === undefined || child.name === name),
	);
}

export function firstOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
	return parent && elementsOf(parent, name)[0];
}

/** All text below, as written. */
export function textOf(node: XmlNode | undefined): string {
	if (node === undefined) return '';
	return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** The elements below that pass, in document order, at whatever depth. */
export function descendants(
	parent: XmlElement,
	passes: (element: XmlElement) => boolean,
): XmlElement[] {
	return elementsOf(parent).flatMap((child) => [
		...(passes(child) ? [child] : []),
		...descendants(child, passes),
	]);
}
