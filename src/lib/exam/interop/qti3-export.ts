import { strToU8, zipSync } from 'fflate';
import { seedNote, type FrozenItem } from './frozen-item.ts';
import { qti3Item } from './qti3-item.ts';
import { element, escapeXml, XML_DECLARATION } from './xml-write.ts';

const NAMESPACE = 'http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1';

/** Archives hold a time for each file; a fixed one makes the same questions the same bytes. */
const FIXED_TIME = '2000-01-01T12:00:00';

/** Questions as a QTI 3 content package: one item a file, with a manifest. All types can be expressed. */
export function exportQti3(items: readonly FrozenItem[], title: string): Uint8Array {
	const files: Record<string, Uint8Array> = {
		'imsmanifest.xml': strToU8(manifest(items, title)),
	};
	for (const item of items) files[pathOf(item)] = strToU8(qti3Item(item));
	return zipSync(files, { level: 6, mtime: FIXED_TIME });
}

function pathOf({ id }: FrozenItem): string {
	return `items/${id}.xml`;
}

function manifest(items: readonly FrozenItem[], title: string): string {
	const resources = items.map((item) => {
		const href = pathOf(item);
		const attributes = { identifier: `r-${item.id}`, type: 'imsqti_item_xmlv3p0', href };
		return element('resource', attributes, noteOf(item), element('file', { href }));
	});
	const xml = element(
		'manifest',
		{ xmlns: NAMESPACE, identifier: 'pacs-on-call' },
		element(
			'metadata',
			{},
			element('schema', {}, 'QTI Package'),
			element('schemaversion', {}, '3.0.0'),
			// A description for people; programs need none.
			`<!-- ${escapeXml(title).replaceAll('--', '- -')} -->`,
		),
		element('organizations', {}),
		element('resources', {}, ...resources),
	);
	return `${XML_DECLARATION}${xml}\n`;
}

/** The seed stands with the file that was made from it. */
function noteOf(item: FrozenItem): string {
	const note = seedNote(item);
	return note === '' ? '' : `<!-- ${escapeXml(note).replaceAll('--', '- -')} -->`;
}
