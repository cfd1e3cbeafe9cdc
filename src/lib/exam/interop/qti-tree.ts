import { elementsOf, type XmlElement, type XmlNode } from './xml-tree.ts';

/**
 * QTI 2.x writes `assessmentItem` and `maxChoices`, QTI 3 `qti-assessment-item` and `max-choices`: one rule maps
 * the first onto the second. Prefixes of namespaces and of QTI 3 are dropped.
 */
function plainName(name: string): string {
	return name
		.slice(name.indexOf(':') + 1)
		.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
		.replace(/^qti-/, '')
		.replace(/^-/, '');
}

/** The same tree with plain names, for both generations of QTI. */
export function plainTree(element: XmlElement): XmlElement {
	const attributes = [...element.attributes].map(([name, value]): [string, string] => {
		return [plainName(name), value];
	});
	return {
		name: plainName(element.name),
		attributes: new Map(attributes),
		children: element.children.map((child): XmlNode => {
			return typeof child === 'string' ? child : plainTree(child);
		}),
		line: element.line,
	};
}

export function attribute(element: XmlElement | undefined, name: string): string {
	return element?.attributes.get(name)?.trim() ?? '';
}

/** The texts of `value` elements. */
export function valuesOf(element: XmlElement | undefined): string[] {
	if (!element) return [];
	return elementsOf(element, 'value').map(({ children }) =>
		children
			.filter((child) => typeof child === 'string')
			.join('')
			.trim(),
	);
}
