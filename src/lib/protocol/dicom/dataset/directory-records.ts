/** Directory records of a DICOMDIR: their kinds and what they take from an object (PS3.3 F.5). */
import { UID } from './uids.ts';

/** A record type and the keys it copies; 1 needs a value, 2 may be empty, 3 is copied if there. */
export interface RecordKind {
	readonly type: string;
	readonly keys: Readonly<Record<string, 1 | 2 | 3>>;
}

export const PATIENT: RecordKind = {
	type: 'PATIENT',
	keys: { PatientName: 2, PatientID: 1, IssuerOfPatientID: 3, PatientBirthDate: 3, PatientSex: 3 },
};

export const STUDY: RecordKind = {
	type: 'STUDY',
	keys: {
		StudyDate: 1,
		StudyTime: 1,
		AccessionNumber: 2,
		StudyDescription: 2,
		StudyInstanceUID: 1,
		StudyID: 1,
	},
};

export const SERIES: RecordKind = {
	type: 'SERIES',
	keys: { Modality: 1, SeriesDescription: 3, SeriesInstanceUID: 1, SeriesNumber: 1 },
};

const IMAGE: RecordKind = { type: 'IMAGE', keys: { InstanceNumber: 1, ImageType: 3 } };

const SR_DOCUMENT: RecordKind = {
	type: 'SR DOCUMENT',
	keys: {
		ContentDate: 1,
		ContentTime: 1,
		InstanceNumber: 1,
		VerificationDateTime: 3,
		ConceptNameCodeSequence: 1,
		CompletionFlag: 1,
		VerificationFlag: 1,
	},
};

const KEY_OBJECT: RecordKind = {
	type: 'KEY OBJECT DOC',
	keys: { ContentDate: 1, ContentTime: 1, InstanceNumber: 1, ConceptNameCodeSequence: 1 },
};

const PRESENTATION: RecordKind = {
	type: 'PRESENTATION',
	keys: {
		ReferencedSeriesSequence: 3,
		InstanceNumber: 1,
		ContentLabel: 1,
		ContentDescription: 2,
		ContentCreatorName: 2,
		PresentationCreationDate: 1,
		PresentationCreationTime: 1,
	},
};

const ENCAPSULATED_DOCUMENT: RecordKind = {
	type: 'ENCAP DOC',
	keys: {
		ContentDate: 2,
		ContentTime: 2,
		InstanceNumber: 1,
		ConceptNameCodeSequence: 2,
		DocumentTitle: 2,
		MIMETypeOfEncapsulatedDocument: 1,
	},
};

const BY_SOP_CLASS: ReadonlyMap<string, RecordKind> = new Map([
	[UID.BasicTextSRStorage, SR_DOCUMENT],
	[UID.EnhancedSRStorage, SR_DOCUMENT],
	[UID.ComprehensiveSRStorage, SR_DOCUMENT],
	[UID.Comprehensive3DSRStorage, SR_DOCUMENT],
	[UID.MammographyCADSRStorage, SR_DOCUMENT],
	[UID.ChestCADSRStorage, SR_DOCUMENT],
	[UID.XRayRadiationDoseSRStorage, SR_DOCUMENT],
	[UID.RadiopharmaceuticalRadiationDoseSRStorage, SR_DOCUMENT],
	[UID.KeyObjectSelectionDocumentStorage, KEY_OBJECT],
	[UID.GrayscaleSoftcopyPresentationStateStorage, PRESENTATION],
	[UID.ColorSoftcopyPresentationStateStorage, PRESENTATION],
	[UID.EncapsulatedPDFStorage, ENCAPSULATED_DOCUMENT],
]);

/** The kind of record for an object of this SOP class; images for all that have no kind of their own. */
export function recordKindOf(sopClassUid: string): RecordKind {
	return BY_SOP_CLASS.get(sopClassUid) ?? IMAGE;
}
