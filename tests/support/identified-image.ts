import { acquire, type AcquiringModality } from '#lib/hospital/objects/acquire.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { syntheticAcquisition } from './synthetic-acquisition.ts';

/** What must not survive, wherever it stands in a file. */
export interface Identity {
	name: string;
	id: string;
	text: string;
}

export const IDENTITY: Identity = {
	name: 'Quillfeather^Zebulon',
	id: 'MRN-7741-XQ',
	text: 'Wolverhampton Infirmary ward 9',
};

/** A phantom image that is full of somebody: known and private attributes, sequences within sequences. */
export function identifiedImage(
	modality: AcquiringModality = 'CT',
	{ name, id, text }: Identity = IDENTITY,
): DataSet {
	const [instance] = acquire(modality, syntheticAcquisition('identified')).instances;
	if (!instance) throw new Error('nothing was acquired');
	const { dataSet } = instance;
	const person = (): DataSet =>
		DataSet.from({ PatientName: name, PatientID: id, InstitutionName: text })
			.set(0x00111001, name, 'PN')
			.set(0x00110010, text);
	const nested = DataSet.from({
		CodeValue: '1',
		CodeMeaning: text,
		ReferencedPatientSequence: [person()],
	});
	dataSet
		.set('PatientName', name)
		.set('PatientID', id)
		.set('OtherPatientIDs', [id, `${id}-2`])
		.set('PatientComments', `${name} ${text}`)
		.set('InstitutionName', text)
		.set('ReferringPhysicianName', name)
		.set('PatientBirthDate', '19531117')
		.set('ImageComments', `${text} ${name}`)
		.set('ConvolutionKernel', id)
		.set('FilterType', id)
		.set('ProtocolName', name)
		.set('RequestAttributesSequence', [nested])
		.set('SourceImageSequence', [person()])
		.set(0x60003000, new TextEncoder().encode(`${name} on an overlay`), 'OW')
		.set(0x00091001, name, 'PN')
		.set(0x00090010, text)
		.set(0x00091002, [person()], 'SQ')
		.set(0x7fe11010, new TextEncoder().encode(`${id} ${text}`), 'OB');
	return dataSet;
}

/** An object as a file. */
export function asPart10(
	dataSet: DataSet,
	transferSyntax: string = UID.LittleEndianExplicit,
	sequences?: 'defined' | 'undefined',
): Uint8Array {
	return joinBytes(
		writePart10(dataSet, {
			transferSyntax,
			implementationClassUid: '2.25.7001',
			implementationVersionName: 'SOMEBODYS_CT',
			sourceAeTitle: 'SOMEBODY',
			...(sequences && { sequences }),
		}),
	);
}
