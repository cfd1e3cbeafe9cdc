/** Characters that XML 1.0 cannot hold at all, clause 2.2. */
const IMPOSSIBLE = new RegExp(
	[
		String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]`,
		String.raw`[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`,
	].join('|'),
	'g',
);

/** Text for XML, in elements and in attributes. */
export function escapeXml(text: string): string {
	return text
		.replace(IMPOSSIBLE, '\ufffd')
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/\r/g, '&#13;');
}

type Attributes = Record<string, string | number | undefined>;

/** An element of XML; `content` is XML already. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
	const pairs = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
		.join('');
	const inner = content.join('');
	return inner === '' ? `<${name}${pairs}/>` : `<${name}${pairs}>${inner}</${name}>`;
}

/** HTML inside a section that is not parsed, as Moodle writes it. */
export function cdata(html: string): string {
	const possible = html.replace(IMPOSSIBLE, '\ufffd');
	return `<![CDATA[${possible.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
