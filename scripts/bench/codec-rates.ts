// @ts-expect-error dcmjs ships no types
import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { CT_HEADER, dataSetOf } from './ct-object.ts';
import type { Group } from './measure.ts';

const OPTIONS = { transferSyntax: UID.LittleEndianExplicit };
const HEADER = joinBytes(encodeDataSet(dataSetOf(CT_HEADER), OPTIONS));
const INSTANCE = CT_HEADER['SOPInstanceUID'];

function repeat(count: number, once: () => void): number {
	for (let i = 0; i < count; i++) once();
	return count;
}

function expectInstance(value: unknown): void {
	if (value !== INSTANCE) throw new Error(`read ${String(value)}`);
}

/** Each reader reads the whole header and is asked for five values. */
function readOurs(): void {
	const decoded = decodeDataSet(HEADER, OPTIONS);
	if (!decoded.ok) throw new Error(decoded.error.message);
	const { dataSet } = decoded;
	dataSet.text('PatientID');
	dataSet.text('Modality');
	dataSet.text('StudyInstanceUID');
	dataSet.text('SeriesInstanceUID');
	expectInstance(dataSet.text('SOPInstanceUID'));
}

function readDicomParser(): void {
	const parsed = dicomParser.parseDicom(HEADER, { TransferSyntaxUID: UID.LittleEndianExplicit });
	parsed.string('x00100020');
	parsed.string('x00080060');
	parsed.string('x0020000d');
	parsed.string('x0020000e');
	expectInstance(parsed.string('x00080018'));
}

const HEADER_COPY = HEADER.slice().buffer;

/** dcmjs decodes all values while reading. */
function readDcmjs(): void {
	const stream = new dcmjs.data.ReadBufferStream(HEADER_COPY, true);
	const read = dcmjs.data.DicomMessage._read(stream, UID.LittleEndianExplicit, {});
	expectInstance(read['00080018'].Value[0]);
}

/** Both writers start from the same plain values by keyword. */
function writeOurs(): void {
	const bytes = joinBytes(encodeDataSet(dataSetOf(CT_HEADER), OPTIONS));
	if (bytes.length !== HEADER.length) throw new Error(`wrote ${bytes.length} bytes`);
}

function writeDcmjs(): void {
	const elements = dcmjs.data.DicomMetaDictionary.denaturalizeDataset(CT_HEADER);
	const stream = new dcmjs.data.WriteBufferStream(4096, true);
	dcmjs.data.DicomMessage.write(elements, stream, UID.LittleEndianExplicit, {});
	if (stream.size < HEADER.length / 2) throw new Error(`dcmjs wrote ${stream.size} bytes`);
}

export const codecGroup: Group = {
	title: `Data set codec (headers of ${HEADER.length} bytes, explicit VR little endian)`,
	rounds: [5, 3],
	// Long enough that compiling again, after the collection before each turn, is a small part of it.
	contestants: [
		{ id: 'read-ours', title: 'read and get 5 values: ours', run: () => repeat(60_000, readOurs) },
		{
			id: 'read-dicom-parser',
			title: 'read and get 5 values: dicom-parser',
			run: () => repeat(15_000, readDicomParser),
		},
		{ id: 'read-dcmjs', title: 'read: dcmjs', run: () => repeat(500, readDcmjs) },
		{
			id: 'write-ours',
			title: 'write from plain values: ours',
			run: () => repeat(30_000, writeOurs),
		},
		{
			id: 'write-dcmjs',
			title: 'write from plain values: dcmjs',
			run: () => repeat(1_000, writeDcmjs),
		},
	],
};
