import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { DimseReport } from './capture-report.ts';

const PREAMBLE_BYTES = 128;
/** The UUID-derived root needs no registration (PS3.5 B.2); this one was drawn for this program. */
const IMPLEMENTATION_CLASS_UID = '2.25.199137246581903310418367154612038450811';

/**
 * The data set of a message as a DICOM file (PS3.10 7.1): File Meta Information, then the data set's bytes
 * exactly as they were sent. Implicit VR little endian is assumed where the negotiation is not in the
 * capture, since every node has to accept it (PS3.5 10.1).
 */
export function messageFile(message: DimseReport, data: Uint8Array): Uint8Array {
	const { command, transferSyntax = UID.LittleEndianImplicit } = message;
	const fileMeta = DataSet.from({
		FileMetaInformationGroupLength: 0,
		FileMetaInformationVersion: Uint8Array.of(0, 1),
		MediaStorageSOPClassUID: asSent(command.AffectedSOPClassUID ?? command.RequestedSOPClassUID),
		MediaStorageSOPInstanceUID: asSent(
			command.AffectedSOPInstanceUID ?? command.RequestedSOPInstanceUID,
		),
		TransferSyntaxUID: asSent(transferSyntax),
		ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
	});
	const head = new Uint8Array(PREAMBLE_BYTES + 4);
	head.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE_BYTES);
	const meta = encodeDataSet(fileMeta, {
		transferSyntax: UID.LittleEndianExplicit,
		groupLengths: 'correct',
	});
	return joinBytes([head, ...meta, data]);
}

/** The bytes of what a peer sent as a UID, which may be anything. */
function asSent(uid = ''): Uint8Array {
	return Uint8Array.from(uid, (character) => character.charCodeAt(0));
}
