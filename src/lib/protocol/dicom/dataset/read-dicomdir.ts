/** Reading a DICOMDIR as the tree its offsets make (PS3.3 annex F), whatever they point at. */
import type { DataSet } from './data-set.ts';
import type { DecodeError, DecodeOptions } from './decode-data-set.ts';
import { type Part10File, readPart10 } from './part10.ts';
import { UID } from './uids.ts';

export interface DirectoryRecord {
	/** PATIENT, STUDY, SERIES, IMAGE and others. */
	readonly type: string;
	/** The keys of the record. */
	readonly record: DataSet;
	/** Where the record is in the file. */
	readonly offset: number;
	/** The file it refers to, when it does. */
	readonly fileId: readonly string[] | undefined;
	readonly children: readonly DirectoryRecord[];
}

/** Something wrong in the directory that does not keep the rest from being read. */
export interface DirectoryRemark {
	/** The record that is wrong; 0 for the directory itself. */
	readonly offset: number;
	readonly text: string;
	readonly clause: string;
}

export type DicomdirResult =
	| {
			readonly ok: true;
			readonly file: Required<Part10File>;
			readonly fileSetId: string;
			readonly roots: readonly DirectoryRecord[];
			readonly remarks: readonly DirectoryRemark[];
	  }
	| { readonly ok: false; readonly error: DecodeError };

/** PATIENT, STUDY, SERIES and a leaf are four; more than this is no real directory. */
const DEEPEST = 16;

class Tree {
	readonly remarks: DirectoryRemark[] = [];
	private readonly items: ReadonlyMap<number, DataSet>;
	private readonly visited = new Set<number>();

	constructor(items: ReadonlyMap<number, DataSet>) {
		this.items = items;
	}

	remark(offset: number, text: string, clause = 'PS3.3 F.3.2.2'): void {
		this.remarks.push({ offset, text, clause });
	}

	/** The records from `start` on, each leading to the next; `from` is the record that leads here. */
	entity(start: number, from: number, depth: number): DirectoryRecord[] {
		const records: DirectoryRecord[] = [];
		let offset = start;
		let before = from;
		while (offset !== 0) {
			const record = this.items.get(offset);
			if (record === undefined || this.visited.has(offset)) {
				const what = record === undefined ? 'where no record begins' : 'a record seen before';
				this.remark(before, `leads to ${offset}, ${what}`);
				break;
			}
			this.visited.add(offset);
			const inUse = record.number('RecordInUseFlag') !== 0;
			const children = this.lower(record, offset, depth);
			if (inUse) records.push(makeRecord(record, offset, children));
			before = offset;
			offset = record.number('OffsetOfTheNextDirectoryRecord') ?? 0;
		}
		return records;
	}

	private lower(record: DataSet, offset: number, depth: number): DirectoryRecord[] {
		const start = record.number('OffsetOfReferencedLowerLevelDirectoryEntity') ?? 0;
		if (start === 0) return [];
		if (depth < DEEPEST) return this.entity(start, offset, depth + 1);
		this.remark(offset, `is ${DEEPEST} levels deep and leads still lower`);
		return [];
	}

	/** Records that no other one leads to. */
	unreached(): void {
		for (const offset of this.items.keys()) {
			if (!this.visited.has(offset)) this.remark(offset, 'no record leads here');
		}
	}
}

function makeRecord(
	record: DataSet,
	offset: number,
	children: readonly DirectoryRecord[],
): DirectoryRecord {
	const fileId = record.texts('ReferencedFileID');
	return {
		type: record.text('DirectoryRecordType') ?? '',
		record,
		offset,
		fileId: fileId.length === 0 ? undefined : fileId,
		children,
	};
}

/**
 * Reads a DICOMDIR. Never throws and never hangs: a file that is none is an error; offsets that lead
 * nowhere, in a circle or past records are remarks, and the rest is still read. Records that are not
 * in use are left out.
 */
export function readDicomdir(
	bytes: Uint8Array,
	options: Omit<DecodeOptions, 'transferSyntax'> = {},
): DicomdirResult {
	const file = readPart10(bytes, options);
	if (!file.ok) return { ok: false, error: file.error };
	const { dataSet, fileMeta, transferSyntax, dataSetOffset } = file;
	if (!dataSet.has('DirectoryRecordSequence')) {
		const message = 'no Directory Record Sequence (0004,1220): this is no DICOMDIR';
		return { ok: false, error: { offset: dataSetOffset, message } };
	}
	const items = dataSet.items('DirectoryRecordSequence');
	const tree = new Tree(new Map(items.map((item) => [dataSetOffset + (item.offset ?? 0), item])));
	if (fileMeta.text('MediaStorageSOPClassUID') !== UID.MediaStorageDirectoryStorage) {
		tree.remark(0, 'the SOP class is not Media Storage Directory Storage', 'PS3.10 8.6');
	}
	if (transferSyntax !== UID.LittleEndianExplicit) {
		tree.remark(0, 'the transfer syntax is not explicit VR little endian', 'PS3.10 8.6');
	}
	if ((dataSet.number('FileSetConsistencyFlag') ?? 0) !== 0) {
		tree.remark(0, 'the file-set is marked as inconsistent', 'PS3.3 F.3.2.2');
	}
	const first = dataSet.number('OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity') ?? 0;
	const last = dataSet.number('OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity') ?? 0;
	const roots = tree.entity(first, 0, 1);
	tree.unreached();
	const end = roots.at(-1)?.offset ?? 0;
	if (end !== last) tree.remark(0, `the last root record is at ${end}, not at ${last}`);
	const fileSetId = dataSet.text('FileSetID') ?? '';
	return { ok: true, file, fileSetId, roots, remarks: tree.remarks };
}
