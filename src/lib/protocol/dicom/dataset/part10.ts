/** DICOM files: preamble, File Meta Information and data set (PS3.10 section 7.1). */
import { DataSet } from './data-set.ts';
import { decodeDataSet, type DecodeError, type DecodeOptions } from './decode-data-set.ts';
import type { DecodeRemark } from './decode-remarks.ts';
import { encodeDataSet, type EncodeOptions } from './encode-data-set.ts';
import type { EncodingFault } from './encoding-faults.ts';
import { encodingOf } from './transfer-syntax.ts';
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
	/** Mistakes to be made on purpose in the data set. */
	readonly faults?: readonly EncodingFault[];
}

/** A file as its parts. */
export interface Part10File {
	/** 128 bytes that an application may use; zeros unless given. */
	readonly preamble?: Uint8Array;
	readonly fileMeta: DataSet;
	readonly transferSyntax: string;
	readonly dataSet: DataSet;
}

/** What is wrong in a file but does not stop a reader that is not strict. */
export type Part10Remark =
	| DecodeRemark
	| {
			readonly offset: number;
			readonly tag: number;
			readonly kind: 'wrong-group-length' | 'no-group-length';
			readonly clause: string;
	  };

export type Part10Result =
	| (Required<Part10File> & {
			readonly ok: true;
			/** Offsets are those in the file, and behind a deflated transfer syntax those inflated. */
			readonly remarks: readonly Part10Remark[];
			/** Where the data set begins in the file. */
			readonly dataSetOffset: number;
	  })
	| { readonly ok: false; readonly error: DecodeError; readonly partial?: DataSet };

const PREAMBLE_BYTES = 128;
const META_START = PREAMBLE_BYTES + 4;
const DICM = [0x44, 0x49, 0x43, 0x4d];

const GROUP_LENGTH = 0x00020000;
/** The group length element itself, which it does not count. */
const GROUP_LENGTH_BYTES = 12;
const META_SYNTAX = { transferSyntax: UID.LittleEndianExplicit } as const;

/** The options with those that are not given left out. */
function encodeOptions({ transferSyntax, sequences, faults }: Part10Options): EncodeOptions {
	return { transferSyntax, ...(sequences && { sequences }), ...(faults && { faults }) };
}

/** The preamble and prefix at the start of a file. */
function headOf(preamble?: Uint8Array): Uint8Array {
	const head = new Uint8Array(META_START);
	if (preamble !== undefined) head.set(preamble.subarray(0, PREAMBLE_BYTES));
	head.set(DICM, PREAMBLE_BYTES);
	return head;
}

/**
 * The File Meta Information of an object. The SOP class and instance are those of the data set,
 * unless given, which a DICOMDIR needs. Its group length is to be computed when it is written.
 */
export function makeFileMeta(
	dataSet: DataSet,
	options: Part10Options,
	sopClassUid = dataSet.text('SOPClassUID') ?? '',
	sopInstanceUid = dataSet.text('SOPInstanceUID') ?? '',
): DataSet {
	const fileMeta = DataSet.from({
		FileMetaInformationGroupLength: 0,
		FileMetaInformationVersion: Uint8Array.of(0, 1),
		MediaStorageSOPClassUID: sopClassUid,
		MediaStorageSOPInstanceUID: sopInstanceUid,
		TransferSyntaxUID: options.transferSyntax,
		ImplementationClassUID: options.implementationClassUid,
		ImplementationVersionName: options.implementationVersionName,
	});
	if (options.sourceAeTitle !== undefined) {
		fileMeta.set('SourceApplicationEntityTitle', options.sourceAeTitle);
	}
	return fileMeta;
}

/**
 * Writes a file as pieces. The File Meta Information is explicit VR little endian and takes the SOP
 * class and instance from the data set. Throws DataSetError like `encodeDataSet`.
 */
export function writePart10(dataSet: DataSet, options: Part10Options): Uint8Array[] {
	const fileMeta = makeFileMeta(dataSet, options);
	return [
		headOf(),
		...encodeDataSet(fileMeta, { ...META_SYNTAX, groupLengths: 'correct' }),
		...encodeDataSet(dataSet, encodeOptions(options)),
	];
}

/**
 * Writes the parts of a file as they are, group length included: a file that was read without a
 * remark comes out byte for byte, but for the compression of a deflated one.
 */
export function encodePart10(file: Part10File): Uint8Array[] {
	const { transferSyntax } = file;
	return [
		headOf(file.preamble),
		...encodeDataSet(file.fileMeta, META_SYNTAX),
		...encodeDataSet(file.dataSet, { transferSyntax }),
	];
}

type Meta =
	| { fileMeta: DataSet; end: number; remarks: Part10Remark[] }
	| { error: DecodeError; partial?: DataSet };

/** Reads the File Meta Information after the preamble, and finds where it ends. */
function readMeta(bytes: Uint8Array, strict: boolean): Meta {
	const inner = bytes.subarray(META_START);
	const result = decodeDataSet(inner, { ...META_SYNTAX, strict, onlyGroup: 0x0002 });
	const toFile = moveBy(META_START);
	if (!result.ok) return { ...result, error: toFile(result.error) };
	const { dataSet, endOffset } = result;
	const remarks: Part10Remark[] = result.remarks.map(toFile);
	const stated = dataSet.number(GROUP_LENGTH);
	if (stated !== endOffset - GROUP_LENGTH_BYTES) {
		const kind = stated === undefined ? 'no-group-length' : 'wrong-group-length';
		const remark = { offset: META_START, tag: GROUP_LENGTH, kind, clause: 'PS3.10 7.1' } as const;
		if (strict) {
			const message = `strict: ${kind.replaceAll('-', ' ')}`;
			return { error: { offset: META_START, tag: GROUP_LENGTH, message }, partial: dataSet };
		}
		remarks.push(remark);
	}
	return { fileMeta: dataSet, end: META_START + endOffset, remarks };
}

function moveBy(bytes: number): <T extends { readonly offset: number }>(one: T) => T {
	return (one) => ({ ...one, offset: one.offset + bytes });
}

/**
 * Reads a file. Never throws: a missing preamble, missing transfer syntax or broken elements are
 * errors with their offset in the file. The group length of the File Meta Information is not
 * trusted: it ends before the first element of another group.
 */
export function readPart10(
	bytes: Uint8Array,
	options: Omit<DecodeOptions, 'transferSyntax'> = {},
): Part10Result {
	if (!DICM.every((byte, i) => bytes[PREAMBLE_BYTES + i] === byte)) {
		return { ok: false, error: { offset: PREAMBLE_BYTES, message: 'no "DICM" at byte 128' } };
	}
	const meta = readMeta(bytes, options.strict ?? false);
	if ('error' in meta) return { ok: false, ...meta };
	const { fileMeta, end } = meta;
	const transferSyntax = fileMeta.text('TransferSyntaxUID');
	if (transferSyntax === undefined || transferSyntax === '') {
		return { ok: false, error: { offset: end, message: 'the transfer syntax is missing' } };
	}
	const result = decodeDataSet(bytes.subarray(end), { ...options, transferSyntax });
	const toFile = moveBy(encodingOf(transferSyntax).deflated ? 0 : end);
	if (!result.ok) return { ...result, error: toFile(result.error) };
	const { dataSet } = result;
	const remarks = [...meta.remarks, ...result.remarks.map(toFile)];
	const preamble = bytes.subarray(0, PREAMBLE_BYTES);
	return { ok: true, preamble, fileMeta, transferSyntax, dataSet, remarks, dataSetOffset: end };
}
