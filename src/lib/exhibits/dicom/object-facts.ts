import type { ExhibitFacts, FactValue } from '#lib/exam/item/exhibit.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { nameOfUid } from '../uid-names.ts';
import type { MadeObject, ObjectParameters } from './make-object.ts';

const TEXTS = {
	patientName: 'PatientName',
	patientId: 'PatientID',
	accession: 'AccessionNumber',
	studyUid: 'StudyInstanceUID',
	seriesUid: 'SeriesInstanceUID',
	sopUid: 'SOPInstanceUID',
	sopClassUid: 'SOPClassUID',
	modality: 'Modality',
	photometric: 'PhotometricInterpretation',
	pixelSpacing: 'PixelSpacing',
} as const;

const NUMBERS = {
	rows: 'Rows',
	columns: 'Columns',
	bitsAllocated: 'BitsAllocated',
	bitsStored: 'BitsStored',
	samples: 'SamplesPerPixel',
	windowCenter: 'WindowCenter',
	windowWidth: 'WindowWidth',
	slope: 'RescaleSlope',
	intercept: 'RescaleIntercept',
	sliceThickness: 'SliceThickness',
	instanceNumber: 'InstanceNumber',
} as const;

const NUMERIC_VRS = new Set(['US', 'SS', 'UL', 'SL', 'UV', 'SV', 'FL', 'FD', 'DS', 'IS']);

/** What the object says of itself after the author's changes; what it does not say is no fact. */
export function objectFacts(
	{ fileMeta, dataSet }: MadeObject,
	{ set }: ObjectParameters,
): ExhibitFacts {
	const facts: ExhibitFacts = {};
	for (const [fact, keyword] of Object.entries(TEXTS)) {
		const value = dataSet.text(keyword);
		if (value !== undefined) facts[fact] = value;
	}
	for (const [fact, keyword] of Object.entries(NUMBERS)) {
		const value = dataSet.number(keyword);
		if (value !== undefined) facts[fact] = value;
	}
	const transferSyntaxUid = fileMeta.text('TransferSyntaxUID') ?? '';
	facts['transferSyntaxUid'] = transferSyntaxUid;
	facts['transferSyntax'] = nameOfUid(transferSyntaxUid);
	facts['sopClass'] = nameOfUid(dataSet.text('SOPClassUID') ?? '');
	facts['pixelBytes'] = dataSet.bytes('PixelData')?.length ?? 0;
	const first = Object.keys(set ?? {})[0];
	if (first !== undefined) facts['value'] = valueOf(dataSet, first);
	return facts;
}

/** A number where the value is a single number, text otherwise. */
function valueOf(dataSet: DataSet, keyword: string): FactValue {
	const text = dataSet.text(keyword) ?? '';
	const vr = entryOf(tagOf(keyword))?.vr ?? '';
	const number = NUMERIC_VRS.has(vr) && !text.includes('\\') ? dataSet.number(keyword) : undefined;
	return number ?? text;
}
