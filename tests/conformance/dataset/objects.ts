/** Synthetic objects that the tests of this folder write and other programs read. */
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { joinBytes } from '../../../src/lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';

function code(value: string, meaning: string): DataSet {
	return DataSet.from({
		CodeValue: value,
		CodingSchemeDesignator: '99TEST',
		CodeMeaning: meaning,
	});
}

/** A CT image with the usual modules, private elements and two levels of sequences. */
export function ctImage(): DataSet {
	return DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
		InstanceCreationDate: '20260309',
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: '2.25.1001.3',
		StudyDate: '20260309',
		ContentTime: '074012.250',
		AccessionNumber: 'A100234',
		Modality: 'CT',
		Manufacturer: 'Test Imaging',
		ReferringPhysicianName: 'Muster^Jörg^^Dr.',
		StudyDescription: 'CT Schädel',
		ProcedureCodeSequence: [code('CTHEAD', 'Schädel nativ')],
		ReferencedStudySequence: [
			DataSet.from({
				ReferencedSOPClassUID: UID.RETIRED_DetachedStudyManagementSOPClass,
				ReferencedSOPInstanceUID: '2.25.1001.9',
			}),
		],
		PatientName: 'Beispiel^Zoë',
		PatientID: 'P-000042',
		PatientBirthDate: '19610402',
		PatientSex: 'F',
		PatientAge: '064Y',
		PatientComments: 'line one\r\nline two \\ still one value',
		SliceThickness: '5.0',
		KVP: 120,
		DataCollectionDiameter: 500,
		ExposureTime: 1000,
		SpiralPitchFactor: 0.984375,
		StudyInstanceUID: '2.25.1001.1',
		SeriesInstanceUID: '2.25.1001.2',
		InstanceNumber: 17,
		ImagePositionPatient: [-124.755859375, -260.5, -13.25],
		ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
		SamplesPerPixel: 1,
		PhotometricInterpretation: 'MONOCHROME2',
		Rows: 64,
		Columns: 64,
		PixelSpacing: ['0.488281', '0.488281'],
		BitsAllocated: 16,
		BitsStored: 12,
		HighBit: 11,
		PixelRepresentation: 1,
		SmallestImagePixelValue: -1024,
		LargestImagePixelValue: 2047,
		WindowCenter: ['40', '600'],
		RescaleIntercept: -1024,
		LossyImageCompression: '00',
		RequestAttributesSequence: [
			DataSet.from({
				ScheduledProcedureStepDescription: 'Schädel',
				ScheduledProtocolCodeSequence: [code('P1', 'Überblick'), code('P2', 'Fenster')],
			}),
			new DataSet(),
		],
		PixelData: Uint8Array.from({ length: 64 * 64 * 2 }, (_, i) => (i * 7) & 0x0f),
	})
		.set(0x00290010, 'TEST MODULE')
		.set(0x00291001, 'secret', 'LO')
		.set(0x00291002, [1.5, -2.25], 'FD');
}

/** The object as a file. */
export function asFile(
	dataSet: DataSet,
	transferSyntax: string,
	sequences: 'defined' | 'undefined' = 'defined',
): Uint8Array {
	return joinBytes(
		writePart10(dataSet, {
			transferSyntax,
			sequences,
			implementationClassUid: '2.25.7000',
			implementationVersionName: 'PACSONCALL_TEST',
			sourceAeTitle: 'CT2',
		}),
	);
}
