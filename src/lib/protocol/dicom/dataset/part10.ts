/** DICOM files: preamble, File Meta Information and data set (PS3.10 section 7.1). */
import { DataSet } from './data-set.ts';
import {
	decodeDataSet,
	type DecodeError,
	type DecodeOptions,
	type DecodeRemark,
} from './decode-data-set.ts';
import { encodeDataSet } from './encode-data-set.ts';
import { UID } from './uids.ts';

export interface Part10Options {
	/** The transfer syntax of the data set. */
	readonly transferSyntax: string;
	readonly implementationClassUid: string;
	readonly implementationVersionName: string;
	/** The AE title of the application that wrote or sent the object. */
	readonly sourceAeTitle?: string;
	/** How to write sequences; see EncodeOptions. */
	readonly sequences?: 'defined' | 'undefined';
}

export type Part10Result =
	| {
			readonly ok: true;
			readonly fileMeta: DataSet;
			readonly transferSyntax: string;
			readonly dataSet: DataSet;
			readonly remarks: readonly DecodeRemark[];
	  }
	| { readonly ok: false; readonly error: DecodeError; readonly partial?: DataSet };

const PREAMBLE_BYTES = 128;
const META_START = PREAMBLE_BYTES + 4;
const DICM = [0x44, 0x49, 0x43, 0x4d];
const FIRST_TAG_AFTER_META = 0x00030000;

/**
 * Writes a file as pieces. The File Meta Information is explicit VR little endian and takes the SOP
 * class and instance from the data set. Throws DataSetError like `encodeDataSet`.
 */
export function writePart10(dataSet: DataSet, options: Part10Options): Uint8Array[] {
	const fileMeta = DataSet.from({
		FileMetaInformationGroupLength: 0,
		FileMetaInformationVersion: Uint8Array.of(0, 1),
		MediaStorageSOPClassUID: dataSet.text('SOPClassUID') ?? '',
		MediaStorageSOPInstanceUID: dataSet.text('SOPInstanceUID') ?? '',
		TransferSyntaxUID: options.transferSyntax,
		ImplementationClassUID: options.implementationClassUid,
		ImplementationVersionName: options.implementationVersionName,
	});
	if (options.sourceAeTitle !== undefined) {
		fileMeta.set('SourceApplicationEntityTitle', options.sourceAeTitle);
	}
	const head = new Uint8Array(META_START);
	head.set(DICM, PREAMBLE_BYTES);
	const { transferSyntax, sequences } = options;
	const meta = { transferSyntax: UID.LittleEndianExplicit, groupLengths: 'correct' } as const;
	return [
		head,
		...encodeDataSet(fileMeta, meta),
		...encodeDataSet(dataSet, sequences ? { transferSyntax, sequences } : { transferSyntax }),
	];
}

/** Reads the File Meta Information after the preamble, and finds where it ends. */
function readMeta(
	bytes: Uint8Array,
): { fileMeta: DataSet; end: number } | { error: DecodeError; partial?: DataSet } {
	const inner = bytes.subarray(META_START);
	const result = decodeDataSet(inner, {
		transferSyntax: UID.LittleEndianExplicit,
		stopAtTag: FIRST_TAG_AFTER_META,
	});
	if (!result.ok) {
		const error = { ...result.error, offset: result.error.offset + META_START };
		return { ...result, error };
	}
	return { fileMeta: result.dataSet, end: META_START + result.endOffset };
}

/**
 * Reads a file. Never throws: a missing preamble, missing transfer syntax, deflated data or broken
 * elements are errors with their offset in the file. The group length of the File Meta Information
 * is not trusted: it ends before the first element of another group.
 */
export function readPart10(
	bytes: Uint8Array,
	options: Omit<DecodeOptions, 'transferSyntax'> = {},
): Part10Result {
	if (!DICM.every((byte, i) => bytes[PREAMBLE_BYTES + i] === byte)) {
		return { ok: false, error: { offset: PREAMBLE_BYTES, message: 'no "DICM" at byte 128' } };
	}
	const meta = readMeta(bytes);
	if ('error' in meta) return { ok: false, ...meta };
	const { fileMeta, end } = meta;
	const transferSyntax = fileMeta.text('TransferSyntaxUID');
	if (transferSyntax === undefined || transferSyntax === '') {
		return { ok: false, error: { offset: end, message: 'the transfer syntax is missing' } };
	}
	const result = decodeDataSet(bytes.subarray(end), { ...options, transferSyntax });
	const moved = <T extends { readonly offset: number }>(one: T): T => ({
		...one,
		offset: one.offset + end,
	});
	if (!result.ok) return { ...result, error: moved(result.error) };
	const { dataSet, remarks } = result;
	return { ok: true, fileMeta, transferSyntax, dataSet, remarks: remarks.map(moved) };
}
