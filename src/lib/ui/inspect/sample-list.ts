export type SampleId =
	'dicom-character-set' | 'hl7-missing-field' | 'capture-rejected' | 'capture-store-failure';

/** What the samples are, for whoever chooses one. */
export const SAMPLES: readonly { id: SampleId; kind: string; title: string }[] = [
	{
		id: 'dicom-character-set',
		kind: 'DICOM',
		title: 'A CT image with a wrong character set label',
	},
	{ id: 'hl7-missing-field', kind: 'HL7', title: 'An order without a patient identifier' },
	{ id: 'capture-rejected', kind: 'Capture', title: 'An association that is rejected' },
	{ id: 'capture-store-failure', kind: 'Capture', title: 'An archive that runs out of space' },
];
