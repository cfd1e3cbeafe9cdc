/** A DICOM object taken apart with dicom-parser: the tree, and what it says about itself. */
import * as dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';
import { inflateDataSet } from '#lib/protocol/dicom/dataset/deflate.ts';
import { entryOf, formatTag } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { objectRemarks } from '#lib/inspect/dicom/object-remarks.ts';
import type { Remark } from '#lib/inspect/remark.ts';
import type { TreeNode } from '#lib/inspect/tree-node.ts';
import { uidText, uidWords } from '#lib/inspect/uid-words.ts';
import { hexText, tagNumber, valueText, visibleText, vrOf } from './element-text.ts';

export interface DicomReport {
	readonly facts: readonly { readonly label: string; readonly text: string }[];
	/** File Meta Information and data set, in one list. */
	readonly nodes: readonly TreeNode[];
	readonly elements: number;
	/** About the object as a whole; others are at their nodes. */
	readonly remarks: readonly Remark[];
	/** About elements that are not there. */
	readonly missing: readonly Remark[];
	readonly hasImage: boolean;
}

const MOST_NODES = 200_000;
const LONGEST_VALUE = 160;
const INFLATED_BYTES_MAX = 1024 * 1024 * 1024;
const GROUP_OF_META = 2;
const CHARACTER_SET = 'x00080005';

/** What dicom-parser fills while it reads. */
type Elements = Pick<DataSet, 'byteArray' | 'elements' | 'warnings'>;

interface Parsed {
	meta: Elements | undefined;
	body: Elements;
	transferSyntax: string;
	/** Where the data set begins. */
	position: number;
	error: string | undefined;
}

/**
 * Takes a file apart, or a data set without the head of a file. The head of a `message` was made here and is
 * not shown: offsets count from its data set. Never throws: where reading ended early the elements before
 * are shown, with a remark.
 */
export function dicomReport(bytes: Uint8Array, form: 'file' | 'data-set' | 'message'): DicomReport {
	const remarks: Remark[] = [];
	const parsed = form === 'data-set' ? parseBare(bytes) : parseFile(bytes);
	const { body, transferSyntax, error } = parsed;
	const meta = form === 'file' ? parsed.meta : undefined;
	const headBytes = form === 'message' ? parsed.position : 0;
	if (error !== undefined) {
		const text = `Reading ended early: ${error}. What comes before is shown.`;
		remarks.push({ tone: 'bad', text });
	}
	for (const warning of body.warnings) {
		remarks.push({ tone: 'warning', text: sentence(warning) });
	}
	const { byPath, general } = objectRemarks(
		bytes,
		form === 'data-set' ? transferSyntax : undefined,
	);
	remarks.push(...general);
	if (form === 'data-set') {
		const text =
			'There is no preamble and no File Meta Information: this is a data set, not a file.';
		remarks.push({ tone: 'warning', text, clause: 'PS3.10 7.1' });
	}
	const tree = new Tree(transferSyntax === UID.BigEndianExplicit, headBytes, byPath);
	const nodes = [
		...(meta
			? new Tree(false, 0, new Map()).nodes(meta, [], (tag) => tag >>> 16 === GROUP_OF_META)
			: []),
		...tree.nodes(body, [], (tag) => tag >>> 16 !== GROUP_OF_META),
	];
	if (tree.leftOut > 0) {
		remarks.push({ tone: 'warning', text: `${tree.leftOut} elements more are not shown.` });
	}
	return {
		facts: factsOf(body, transferSyntax, bytes.length - headBytes).filter(
			// The command and the presentation context of a message have told these already.
			({ label }) => form !== 'message' || (label !== 'SOP class' && label !== 'Transfer syntax'),
		),
		nodes,
		elements: tree.count,
		remarks,
		// What is said about an element was taken out with its node; what is left has none.
		missing: [...byPath.values()].flat(),
		hasImage: body.elements['x7fe00010'] !== undefined,
	};
}

function parseFile(bytes: Uint8Array): Parsed {
	try {
		const meta = dicomParser.readPart10Header(bytes);
		const transferSyntax = meta.string('x00020010') ?? '';
		// The position behind the header is there and missing in the types.
		const { position } = meta as DataSet & { position: number };
		return { meta, transferSyntax, position, ...parseBody(bytes, position, transferSyntax) };
	} catch (problem) {
		const error = reasonOf(problem);
		return { meta: undefined, transferSyntax: '', position: 0, ...empty(error) };
	}
}

/** Explicit VR shows by two letters behind the first tag. */
function parseBare(bytes: Uint8Array): Parsed {
	const isExplicit = /^[A-Z]{2}$/.test(String.fromCharCode(bytes[4] ?? 0, bytes[5] ?? 0));
	const transferSyntax = isExplicit ? UID.LittleEndianExplicit : UID.LittleEndianImplicit;
	const parsed = parseBody(bytes, 0, transferSyntax);
	return { meta: undefined, transferSyntax, position: 0, ...parsed };
}

function empty(error: string): Pick<Parsed, 'body' | 'error'> {
	return { body: { byteArray: new Uint8Array(0), elements: {}, warnings: [] }, error };
}

function parseBody(
	bytes: Uint8Array,
	position: number,
	transferSyntax: string,
): Pick<Parsed, 'body' | 'error'> {
	let [data, start] = [bytes, position];
	if (transferSyntax === UID.DeflatedLittleEndianExplicit) {
		const inflated = inflateDataSet(bytes.subarray(position), INFLATED_BYTES_MAX);
		if (!inflated.ok) return empty(`the deflated data set ${inflated.message}`);
		[data, start] = [inflated.bytes, 0];
	}
	const parser =
		transferSyntax === UID.BigEndianExplicit
			? dicomParser.bigEndianByteArrayParser
			: dicomParser.littleEndianByteArrayParser;
	const stream = new dicomParser.ByteStream(parser, data, start);
	const body: Elements = { byteArray: data, elements: {}, warnings: stream.warnings };
	try {
		if (transferSyntax === UID.LittleEndianImplicit) {
			const options = { vrCallback: dictionaryVr } as unknown as { untilTag: string };
			dicomParser.parseDicomDataSetImplicit(body as DataSet, stream, data.length, options);
		} else dicomParser.parseDicomDataSetExplicit(body as DataSet, stream, data.length);
		return { body, error: undefined };
	} catch (problem) {
		return { body, error: `${reasonOf(problem)} at byte ${stream.position}` };
	}
}

/** undefined lets dicom-parser look whether an item follows. */
function dictionaryVr(tag: string): string | undefined {
	return entryOf(Number.parseInt(tag.slice(1), 16))?.vr;
}

function reasonOf(problem: unknown): string {
	if (problem instanceof Error) return problem.message.replace(/^dicomParser\.\w+: /, '');
	return String(problem).replace(/^dicomParser\.\w+: /, '');
}

class Tree {
	count = 0;
	leftOut = 0;
	readonly #bigEndian: boolean;
	/** Taken from offsets. */
	readonly #headBytes: number;
	/** Taken out when their node is made. */
	readonly #remarks: Map<string, Remark[]>;

	constructor(bigEndian: boolean, headBytes: number, remarks: Map<string, Remark[]>) {
		this.#bigEndian = bigEndian;
		this.#headBytes = headBytes;
		this.#remarks = remarks;
	}

	/** The elements of a data set; `terms` is the character set of the data set around it (PS3.5 6.1.2.5.4). */
	nodes(
		dataSet: Elements,
		terms: readonly string[],
		belongs: (tag: number) => boolean = () => true,
		prefix = '',
	): TreeNode[] {
		const own = dataSet.elements[CHARACTER_SET];
		const applies = own
			? valueText(valueOf(dataSet, own), 'CS', [], false).text.split('\\')
			: terms;
		return Object.values(dataSet.elements)
			.filter((element) => belongs(tagNumber(element)))
			.sort((a, b) => tagNumber(a) - tagNumber(b))
			.flatMap((element) => {
				if (this.count >= MOST_NODES) {
					this.leftOut++;
					return [];
				}
				this.count++;
				return [this.#node(dataSet, element, applies, prefix)];
			});
	}

	#node(dataSet: Elements, element: Element, terms: readonly string[], prefix: string): TreeNode {
		const tag = tagNumber(element);
		const path = prefix + formatTag(tag);
		const said = this.#remarks.get(path) ?? [];
		this.#remarks.delete(path);
		const vr = vrOf(element);
		const entry = entryOf(tag);
		const place = [
			{ label: 'Value at byte', text: String(element.dataOffset - this.#headBytes) },
			{ label: 'Length', text: lengthText(element) },
			...(entry
				? [
						{ label: 'Keyword', text: entry.keyword },
						{ label: 'VM', text: entry.vm },
					]
				: []),
		];
		const head = { label: formatTag(tag), name: nameOf(dataSet, tag), type: vr };
		if (element.items !== undefined) {
			const children = element.items.map((item, index) => this.#item(item, index, terms, path));
			const value = `${children.length} item${children.length === 1 ? '' : 's'}`;
			return { ...head, value, children, details: place, remarks: said };
		}
		if (element.fragments !== undefined) {
			const value = `${element.fragments.length} fragments, ${element.length} bytes`;
			return { ...head, value, children: [], details: place, remarks: said };
		}
		const bytes = valueOf(dataSet, element);
		const read = valueText(bytes, vr, terms, this.#bigEndian);
		const details = [{ label: 'Value', text: read.text }, ...place];
		if (bytes.some((byte) => byte >= 0x80) && TEXT_BY_CHARACTER_SET.has(vr)) {
			const stated = terms.filter(Boolean).join('\\') || 'none, the default repertoire';
			details.splice(1, 0, { label: 'Character set as stated', text: stated });
			if (read.likely) {
				const { label, text } = read.likely;
				details.splice(2, 0, { label: `Read as ${label}`, text });
			}
		}
		if (bytes.length > 0 && bytes.length <= 256) {
			details.push({ label: 'Bytes', text: hexText(bytes) });
		}
		// Of the character set the reading itself tells more.
		const clauses = new Set(read.remarks.map(({ clause }) => clause));
		const remarks = [...read.remarks, ...said.filter(({ clause }) => !clauses.has(clause))];
		const meaning = vr === 'UI' ? uidWords(read.text) : undefined;
		if (meaning !== undefined) details.splice(1, 0, { label: 'Meaning', text: meaning });
		const value = meaning === undefined ? read.text : `${meaning} · ${read.text}`;
		return { ...head, value: visibleText(shortened(value)), children: [], details, remarks };
	}

	#item(item: Element, index: number, terms: readonly string[], path: string): TreeNode {
		const children = item.dataSet
			? this.nodes(item.dataSet, terms, () => true, `${path}[${index}].`)
			: [];
		return {
			label: `Item ${index + 1}`,
			...{ name: '', type: '', remarks: [], children },
			value: `${children.length} element${children.length === 1 ? '' : 's'}`,
			details: [
				{ label: 'Value at byte', text: String(item.dataOffset - this.#headBytes) },
				{ label: 'Length', text: lengthText(item) },
			],
		};
	}
}

const TEXT_BY_CHARACTER_SET = new Set(['SH', 'LO', 'ST', 'LT', 'UC', 'UT', 'PN']);

/** The name of the dictionary, in words; a private element is named after its creator (PS3.5 7.8.1). */
function nameOf(dataSet: Elements, tag: number): string {
	const entry = entryOf(tag);
	if (entry) return words(entry.keyword) + (entry.name === entry.keyword ? '' : ' (retired)');
	const group = tag >>> 16;
	const element = tag & 0xffff;
	if (group % 2 === 0) return 'not in the dictionary';
	if (element >= 0x10 && element <= 0xff) return 'Private Creator';
	const block = ((tag & 0xffff0000) >>> 0) + (element >>> 8);
	const creator = dataSet.elements[`x${block.toString(16).padStart(8, '0')}`];
	if (!creator) return 'private, without a creator';
	const name = valueText(valueOf(dataSet, creator), 'LO', [], false).text.trim();
	return `private to ${name || 'nobody named'}`;
}

function words(keyword: string): string {
	return keyword.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
}

function valueOf(dataSet: Elements, element: Element): Uint8Array {
	const { dataOffset, length } = element;
	return (dataSet.byteArray as Uint8Array).subarray(dataOffset, dataOffset + length);
}

function lengthText(element: Element): string {
	const bytes = `${element.length} bytes`;
	return element.hadUndefinedLength === true ? `${bytes}, written as undefined` : bytes;
}

function factsOf(body: Elements, transferSyntax: string, sizeBytes: number): DicomReport['facts'] {
	const terms: string[] = [];
	const text = (tag: string): string => {
		const element = body.elements[tag];
		return element
			? visibleText(valueText(valueOf(body, element), vrOf(element), terms, false).text)
			: '';
	};
	terms.push(...text(CHARACTER_SET).split('\\'));
	return [
		{ label: 'SOP class', text: uidText(text('x00080016')) },
		{ label: 'Transfer syntax', text: transferSyntax === '' ? '' : uidText(transferSyntax) },
		{ label: 'Character set', text: text(CHARACTER_SET) || 'not stated' },
		{ label: 'Patient', text: [text('x00100010'), text('x00100020')].filter(Boolean).join(' · ') },
		{ label: 'Study', text: [text('x00080020'), text('x00081030')].filter(Boolean).join(' · ') },
		{ label: 'Accession number', text: text('x00080050') },
		{ label: 'Modality', text: [text('x00080060'), text('x00080070')].filter(Boolean).join(' · ') },
		{ label: 'Size', text: `${sizeBytes.toLocaleString('en-GB')} bytes` },
	].filter((fact) => fact.text !== '');
}

function shortened(text: string): string {
	return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)} …`;
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
