import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

const ROWS = 512;
const PIXEL_BYTES = ROWS * ROWS * 2;

/** A value as dcmjs's natural form has it: items of a sequence are plain objects too. */
export type NaturalValue = string | number | readonly (string | number)[] | readonly Natural[];
export interface Natural {
	readonly [keyword: string]: NaturalValue;
}

/** The header of a CT image, about 1 KB on the wire. */
export const CT_HEADER: Natural = {
	ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
	InstanceCreationDate: '20260309',
	InstanceCreationTime: '074012.250000',
	SOPClassUID: UID.CTImageStorage,
	SOPInstanceUID: '2.25.329800735698586629295641978511506172918',
	StudyDate: '20260309',
	SeriesDate: '20260309',
	AcquisitionDate: '20260309',
	ContentDate: '20260309',
	StudyTime: '073500',
	SeriesTime: '073655',
	AcquisitionTime: '074010',
	ContentTime: '074012.250000',
	AccessionNumber: 'A2603090001',
	Modality: 'CT',
	Manufacturer: 'Meridian Imaging',
	InstitutionName: 'Community Hospital',
	ReferringPhysicianName: 'Cirrus^Noemie',
	StationName: 'CT2',
	StudyDescription: 'CT head without contrast',
	SeriesDescription: 'Head axial',
	ManufacturerModelName: 'Aurora 64',
	ReferencedStudySequence: [
		{
			ReferencedSOPClassUID: UID.CTImageStorage,
			ReferencedSOPInstanceUID: '2.25.329800735698586629295641978511506172919',
		},
	],
	PatientName: 'Zephyr^Alma',
	PatientID: 'P-000042',
	PatientBirthDate: '19610402',
	PatientSex: 'F',
	PatientAge: '064Y',
	BodyPartExamined: 'HEAD',
	SliceThickness: '5.0',
	KVP: '120',
	DataCollectionDiameter: '500',
	DeviceSerialNumber: 'AU-10427',
	SoftwareVersions: '5.2.1',
	ProtocolName: 'Head routine',
	ExposureTime: '500',
	XRayTubeCurrent: '300',
	ConvolutionKernel: 'BRAIN',
	PatientPosition: 'HFS',
	StudyInstanceUID: '2.25.329800735698586629295641978511506172916',
	SeriesInstanceUID: '2.25.329800735698586629295641978511506172917',
	StudyID: 'P2603090001',
	SeriesNumber: '2',
	AcquisitionNumber: '1',
	InstanceNumber: '17',
	ImagePositionPatient: ['-124.755859', '-124.755859', '-13.25'],
	ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
	FrameOfReferenceUID: '2.25.329800735698586629295641978511506172915',
	SliceLocation: '-13.25',
	SamplesPerPixel: 1,
	PhotometricInterpretation: 'MONOCHROME2',
	Rows: ROWS,
	Columns: ROWS,
	PixelSpacing: ['0.488281', '0.488281'],
	BitsAllocated: 16,
	BitsStored: 12,
	HighBit: 11,
	PixelRepresentation: 0,
	WindowCenter: ['40', '600'],
	WindowWidth: ['80', '2800'],
	RescaleIntercept: '-1024',
	RescaleSlope: '1',
	RequestAttributesSequence: [
		{
			ScheduledProcedureStepDescription: 'CT head without contrast',
			ScheduledProcedureStepID: 'SPS2603090001',
			RequestedProcedureID: 'RP2603090001',
		},
	],
};

/** Our data set of the same values. */
export function dataSetOf(values: Natural): DataSet {
	const dataSet = new DataSet();
	for (const keyword in values) {
		const value = values[keyword]!;
		dataSet.set(keyword, isItems(value) ? value.map(dataSetOf) : value);
	}
	return dataSet;
}

function isItems(value: NaturalValue): value is readonly Natural[] {
	return Array.isArray(value) && typeof value[0] === 'object';
}

function ctDataSet(): DataSet {
	const pixels = Uint8Array.from({ length: PIXEL_BYTES }, (_, i) => (i % 2 === 0 ? i * 7 : i & 7));
	return dataSetOf(CT_HEADER).set('PixelData', pixels);
}

/** A CT image of 512x512x16, explicit VR little endian, as the pieces an encoder hands out. */
export const CT_PIECES: readonly Uint8Array[] = encodeDataSet(ctDataSet(), {
	transferSyntax: UID.LittleEndianExplicit,
});

export const CT_BYTES = CT_PIECES.reduce((sum, piece) => sum + piece.length, 0);
export const CT_SOP_INSTANCE = CT_HEADER['SOPInstanceUID'] as string;

/** The same image as a file. */
export function ctFile(): Uint8Array {
	return joinBytes(
		writePart10(ctDataSet(), {
			transferSyntax: UID.LittleEndianExplicit,
			implementationClassUid: '2.25.7001',
			implementationVersionName: 'PACSONCALL',
		}),
	);
}
