import { formatDicomDate, formatDicomTime, type Micros } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { UNCOMPRESSED_SYNTAXES } from '../../dicom/storage-classes.ts';
import type { StoredInstance } from './study-store.ts';

/** A composite object as it comes in, by C-STORE or over the web. */
export interface ReceivedObject {
	/** The SOP class and instance that the sender names, outside of the data set. */
	sopClassUid: string;
	sopInstanceUid: string;
	transferSyntax: string;
	bytes: Uint8Array;
	callingAeTitle: string;
	receivedUs: Micros;
}

/** A status of C-STORE (PS3.4 table B.2-1) with what a person reads of it. */
export interface StoreStatus {
	status: number;
	comment: string;
	offendingElements?: number[];
}

export type Examined =
	{ ok: true; instance: StoredInstance; remarks: string[] } | ({ ok: false } & StoreStatus);

const UIDS = ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID'] as const;

/**
 * Reads an object and decides whether it can be kept (PS3.4 B.2.3): C000 when it cannot be understood, A900
 * when data set, SOP class and command do not agree or an identifying attribute is missing. A UID with a
 * component that begins with 0 is wrong (PS3.5 9.1), but too common to be turned away: it is kept with a
 * remark for the log.
 */
export function examineObject(object: ReceivedObject): Examined {
	const { bytes, transferSyntax } = object;
	const decoded = decodeDataSet(bytes, { transferSyntax });
	if (!decoded.ok) {
		const comment = `Cannot understand: ${decoded.error.message}`.slice(0, 64);
		return { ok: false, status: 0xc000, comment };
	}
	const { dataSet } = decoded;
	const remarks: string[] = [];
	for (const keyword of UIDS) {
		const uid = dataSet.text(keyword) ?? '';
		if (uid === '') return refuse(0xa900, `${keyword} missing`, keyword);
		const problem = problemOfUid(uid);
		if (problem === 'invalid') return refuse(0xc000, `${keyword} is no UID`, keyword);
		if (problem) remarks.push(`${keyword} ${uid} has a component with a leading zero`);
	}
	const named = { SOPClassUID: object.sopClassUid, SOPInstanceUID: object.sopInstanceUid };
	for (const [keyword, uid] of Object.entries(named)) {
		if (dataSet.text(keyword) !== uid) {
			return refuse(0xa900, `${keyword} is not the one of the command`, keyword);
		}
	}
	const instance: StoredInstance = {
		...object,
		seriesInstanceUid: dataSet.text('SeriesInstanceUID') ?? '',
		studyInstanceUid: dataSet.text('StudyInstanceUID') ?? '',
		dataSet,
	};
	return { ok: true, instance, remarks };
}

function refuse(status: number, comment: string, keyword: string): Examined {
	return { ok: false, status, comment, offendingElements: [tagOf(keyword)] };
}

/** PS3.5 9.1: numbers without leading zeros, separated by periods, 64 characters at most. */
function problemOfUid(uid: string): 'invalid' | 'leading-zero' | undefined {
	if (uid.length > 64 || !/^\d+(?:\.\d+)*$/.test(uid)) return 'invalid';
	return /(?:^|\.)0\d/.test(uid) ? 'leading-zero' : undefined;
}

/**
 * Whether two objects with one SOP Instance UID are the same: byte for byte, or element for element when only
 * the transfer syntax differs and both can be written in the same one.
 */
export function isSameObject(a: StoredInstance, b: StoredInstance): boolean {
	if (a.transferSyntax === b.transferSyntax) return equalBytes(a.bytes, b.bytes);
	const comparable = [...UNCOMPRESSED_SYNTAXES, UID.DeflatedLittleEndianExplicit];
	if (![a, b].every((one) => comparable.includes(one.transferSyntax))) return false;
	return equalBytes(plain(a.dataSet), plain(b.dataSet));
}

function plain(dataSet: DataSet): Uint8Array {
	return joinBytes(
		encodeDataSet(dataSet, { transferSyntax: UID.LittleEndianImplicit, sequences: 'defined' }),
	);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * The object with its issuer of the patient ID set, and what was there before in the Original Attributes
 * Sequence (PS3.3 C.12.1); undefined when nothing has to change. Written again in its own transfer syntax.
 */
export function withIssuer(
	instance: StoredInstance,
	issuer: string,
	coercion: { aeTitle: string; clockUs: Micros },
): StoredInstance | undefined {
	const { dataSet, transferSyntax } = instance;
	const before = dataSet.text('IssuerOfPatientID') ?? '';
	if (before === issuer) return undefined;
	// Bytes that the character set does not explain cannot be written again.
	const readable = before.includes('\ufffd') ? '' : before;
	const original = DataSet.from({
		AttributeModificationDateTime:
			formatDicomDate(coercion.clockUs) + formatDicomTime(coercion.clockUs),
		ModifyingSystem: coercion.aeTitle,
		SourceOfPreviousValues: '',
		ReasonForTheAttributeModification: 'COERCE',
		ModifiedAttributesSequence: [DataSet.from({ IssuerOfPatientID: readable })],
	});
	dataSet.set('IssuerOfPatientID', issuer);
	dataSet.set('OriginalAttributesSequence', [
		...dataSet.items('OriginalAttributesSequence'),
		original,
	]);
	return { ...instance, bytes: joinBytes(encodeDataSet(dataSet, { transferSyntax })) };
}
