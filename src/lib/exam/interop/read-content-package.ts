import type { ReadQuestion } from './draft.ts';
import { isQti, isQtiTest, itemsOfTest, readQtiItem } from './qti-import.ts';
import { attribute, plainTree } from './qti-tree.ts';
import { readPackage } from './read-package.ts';
import { readText } from './read-text.ts';
import { descendants, elementsOf, parseXml, type XmlElement } from './xml-tree.ts';

const MANIFEST = 'imsmanifest.xml';

/** The questions of an IMS content package: its manifest's items, and those that its tests name. */
export function readContentPackage(bytes: Uint8Array): ReadQuestion[] {
	const unpacked = readPackage(bytes);
	if ('problem' in unpacked) return [refusal('', unpacked.problem)];
	const { files } = unpacked;
	const manifest = openXml(files, MANIFEST);
	if ('refused' in manifest) return [manifest];
	const found: ReadQuestion[] = [];
	for (const path of itemPaths(plainTree(manifest.root), files)) {
		const opened = openXml(files, path);
		if ('refused' in opened) found.push(opened);
		else if (isQti(opened.root)) found.push(readQtiItem(opened.root));
		else found.push(refusal(path, 'It is not a QTI item.', opened.root.line));
	}
	return found;
}

function refusal(title: string, reason: string, line: number | null = null) {
	return { refused: { title: title || 'The whole package', line, reason } };
}

function openXml(
	files: ReadonlyMap<string, Uint8Array>,
	path: string,
): { root: XmlElement } | ReturnType<typeof refusal> {
	const bytes = files.get(path);
	if (!bytes) {
		const reason =
			path === MANIFEST ? `There is no ${MANIFEST} at its top.` : 'The file is missing.';
		return refusal(path === MANIFEST ? '' : path, reason);
	}
	const read = readText(bytes);
	if ('problem' in read) return refusal(path, read.problem);
	const parsed = parseXml(read.text);
	if ('root' in parsed) return parsed;
	const { line, message } = parsed.problem;
	return refusal(path, `It is not well-formed XML: ${message}.`, line);
}

/** Paths of items in the order of the manifest, each once. */
function itemPaths(manifest: XmlElement, files: ReadonlyMap<string, Uint8Array>): string[] {
	const resources = descendants(manifest, ({ name }) => name === 'resource');
	const paths = resources.flatMap((resource) => {
		const type = attribute(resource, 'type');
		const [file] = elementsOf(resource, 'file');
		const path = resolved('', attribute(resource, 'href') || attribute(file, 'href'));
		if (/^imsqti_test/.test(type)) return testPaths(path, files);
		return /^imsqti_(?:apip)?item/.test(type) ? [path] : [];
	});
	return [...new Set(paths)];
}

function testPaths(path: string, files: ReadonlyMap<string, Uint8Array>): string[] {
	const opened = openXml(files, path);
	if ('refused' in opened || !isQtiTest(opened.root)) return [];
	return itemsOfTest(opened.root).map((href) => resolved(path, href));
}

/** A relative address inside the package. */
function resolved(base: string, href: string): string {
	const parts = base.split('/').slice(0, -1);
	for (const part of decoded(href).split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}
	return parts.join('/');
}

function decoded(href: string): string {
	try {
		return decodeURIComponent(href);
	} catch {
		return href;
	}
}
