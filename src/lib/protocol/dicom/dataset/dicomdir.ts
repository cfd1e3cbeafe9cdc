/** Making the DICOMDIR of a file-set (PS3.10 section 8, PS3.3 annex F, profile STD-GEN of PS3.11). */
import { DataSet } from './data-set.ts';
import { DataSetError } from './data-set-error.ts';
import { PATIENT, type RecordKind, recordKindOf, SERIES, STUDY } from './directory-records.ts';
import { encodedLength } from './encode-data-set.ts';
import { encodePart10, makeFileMeta } from './part10.ts';
import { UID } from './uids.ts';

/** A file of the file-set. */
export interface DirectoryFile {
	/** The file ID: the folders and the name, 8 components of 8 characters at most. */
	readonly fileId: readonly string[];
	readonly dataSet: DataSet;
	readonly transferSyntax: string;
}

export interface DicomdirOptions {
	/** File-set ID, 16 characters at most. */
	readonly fileSetId: string;
	/** The SOP Instance UID of the DICOMDIR. */
	readonly instanceUid: string;
	readonly implementationClassUid: string;
	readonly implementationVersionName: string;
}

export interface MadeDicomdir {
	/** The file as pieces. */
	readonly pieces: readonly Uint8Array[];
	/** What the objects lack, as sentences: keys that a record must have, other than the profile. */
	readonly remarks: readonly string[];
}

const ITEM_HEADER_BYTES = 8;
const SEQUENCE_HEADER_BYTES = 12;
const HEAD_BYTES = 132;
const SYNTAX = { transferSyntax: UID.LittleEndianExplicit } as const;

/** One record while the tree grows. */
interface Node {
	readonly record: DataSet;
	readonly children: Node[];
}

/** What is wrong with a file ID (PS3.10 8.2 and 8.5); undefined: nothing. */
export function fileIdProblem(fileId: readonly string[]): string | undefined {
	if (fileId.length === 0 || fileId.length > 8) return `${fileId.length} components, not 1 to 8`;
	const bad = fileId.find((component) => !/^[A-Z0-9_]{1,8}$/.test(component));
	return bad === undefined
		? undefined
		: `"${bad}" is not 1 to 8 capital letters, digits or underscores`;
}

class Directory {
	readonly roots: Node[] = [];
	readonly remarks: string[] = [];
	/** Records by their place in the tree. */
	private readonly known = new Map<string, Node>();

	add({ fileId, dataSet, transferSyntax }: DirectoryFile): void {
		const name = fileId.join('\\');
		const problem = fileIdProblem(fileId);
		if (problem !== undefined) throw new DataSetError('bad-value', `file ID ${name}: ${problem}`);
		if (transferSyntax !== UID.LittleEndianExplicit) {
			this.remarks.push(`${name}: transfer syntax ${transferSyntax} is not of profile STD-GEN-CD`);
		}
		const id = (keyword: string): string => dataSet.text(keyword) ?? '';
		const place = [id('PatientID'), id('StudyInstanceUID'), id('SeriesInstanceUID')];
		let level = this.roots;
		for (const [depth, kind] of [PATIENT, STUDY, SERIES].entries()) {
			const key = place.slice(0, depth + 1).join('\n');
			let node = this.known.get(key);
			if (node === undefined) {
				node = this.node(level, kind, dataSet, name);
				this.known.set(key, node);
			}
			level = node.children;
		}
		const { record } = this.node(level, recordKindOf(id('SOPClassUID')), dataSet, name);
		record.set('ReferencedFileID', [...fileId]);
		record.set('ReferencedSOPClassUIDInFile', id('SOPClassUID'));
		record.set('ReferencedSOPInstanceUIDInFile', id('SOPInstanceUID'));
		record.set('ReferencedTransferSyntaxUIDInFile', transferSyntax);
	}

	private node(level: Node[], kind: RecordKind, object: DataSet, name: string): Node {
		const record = new DataSet()
			.set('OffsetOfTheNextDirectoryRecord', 0)
			.set('RecordInUseFlag', 0xffff)
			.set('OffsetOfReferencedLowerLevelDirectoryEntity', 0)
			.set('DirectoryRecordType', kind.type);
		const characterSet = object.element('SpecificCharacterSet');
		if (characterSet !== undefined) record.add(characterSet);
		for (const keyword in kind.keys) this.copy(record, kind, keyword, object, name);
		const node = { record, children: [] };
		level.push(node);
		return node;
	}

	/** Keys are copied as bytes: the record has the character set of the object too. */
	private copy(
		record: DataSet,
		kind: RecordKind,
		keyword: string,
		object: DataSet,
		name: string,
	): void {
		const type = kind.keys[keyword];
		const element = object.element(keyword);
		const empty = element === undefined || (element.isPlain && object.text(keyword) === '');
		if (empty && type === 1) {
			this.remarks.push(`${name}: ${keyword} is needed for the ${kind.type} record and is empty`);
		}
		if (element !== undefined) record.add(element);
		else if (type !== 3) record.set(keyword, '');
	}
}

/** The records in the order of the file: each one before those below it. */
function inOrder(nodes: readonly Node[]): Node[] {
	return nodes.flatMap((node) => [node, ...inOrder(node.children)]);
}

/** Writes where the next record and the first one below are. */
function link(nodes: readonly Node[], offsets: ReadonlyMap<Node, number>): void {
	nodes.forEach((node, i) => {
		const at = (other: Node | undefined): number => (other ? offsets.get(other)! : 0);
		node.record.set('OffsetOfTheNextDirectoryRecord', at(nodes[i + 1]));
		node.record.set('OffsetOfReferencedLowerLevelDirectoryEntity', at(node.children[0]));
		link(node.children, offsets);
	});
}

/** The offset of each record's item in the file, when the first item is at `start`. */
function offsetsFrom(start: number, nodes: readonly Node[]): Map<Node, number> {
	const offsets = new Map<Node, number>();
	let at = start;
	for (const node of nodes) {
		offsets.set(node, at);
		at += ITEM_HEADER_BYTES + encodedLength(node.record.elements(), SYNTAX);
	}
	return offsets;
}

function headElements(fileSetId: string): DataSet {
	return DataSet.from({
		FileSetID: fileSetId,
		OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: 0,
		OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity: 0,
		FileSetConsistencyFlag: 0,
	});
}

/**
 * Makes the DICOMDIR of these files: PATIENT, STUDY and SERIES records and one for each object,
 * with the byte offsets between them. Explicit VR little endian, defined lengths. Throws
 * DataSetError for a file ID or file-set ID that media do not allow; what the objects lack is a
 * remark, and then written as an empty key.
 */
export function makeDicomdir(
	files: readonly DirectoryFile[],
	options: DicomdirOptions,
): MadeDicomdir {
	const { fileSetId, instanceUid } = options;
	if (!/^[A-Z0-9 _]{0,16}$/.test(fileSetId)) {
		throw new DataSetError('bad-value', `"${fileSetId}" is no file-set ID of 16 characters`);
	}
	const directory = new Directory();
	for (const file of files) directory.add(file);
	const nodes = inOrder(directory.roots);
	const dataSet = headElements(fileSetId);
	const meta = { ...options, ...SYNTAX };
	const fileMeta = makeFileMeta(dataSet, meta, UID.MediaStorageDirectoryStorage, instanceUid);
	const metaBytes = encodedLength(fileMeta.elements(), SYNTAX);
	// The group length itself takes 12 bytes, which it does not count.
	fileMeta.set('FileMetaInformationGroupLength', metaBytes - 12);
	const before = HEAD_BYTES + metaBytes + encodedLength(dataSet.elements(), SYNTAX);
	const offsets = offsetsFrom(before + SEQUENCE_HEADER_BYTES, nodes);
	link(directory.roots, offsets);
	const [first] = directory.roots;
	const last = directory.roots.at(-1);
	dataSet.set(
		'OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity',
		first ? offsets.get(first)! : 0,
	);
	dataSet.set(
		'OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity',
		last ? offsets.get(last)! : 0,
	);
	dataSet.set(
		'DirectoryRecordSequence',
		nodes.map((node) => node.record),
	);
	const pieces = encodePart10({ fileMeta, dataSet, transferSyntax: UID.LittleEndianExplicit });
	return { pieces, remarks: directory.remarks };
}
