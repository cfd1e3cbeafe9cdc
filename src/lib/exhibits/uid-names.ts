import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** Names of PS3.6 table A-1, as people write them, of what the exhibits meet. */
const NAMES: Readonly<Record<string, string>> = {
	[UID.VerificationSOPClass]: 'Verification SOP Class',
	[UID.CTImageStorage]: 'CT Image Storage',
	[UID.EnhancedCTImageStorage]: 'Enhanced CT Image Storage',
	[UID.DigitalXRayImageStorageForPresentation]: 'Digital X-Ray Image Storage - For Presentation',
	[UID.DigitalMammographyXRayImageStorageForPresentation]:
		'Digital Mammography X-Ray Image Storage - For Presentation',
	[UID.BreastTomosynthesisImageStorage]: 'Breast Tomosynthesis Image Storage',
	[UID.XRayRadiationDoseSRStorage]: 'X-Ray Radiation Dose SR Storage',
	[UID.GrayscaleSoftcopyPresentationStateStorage]: 'Grayscale Softcopy Presentation State Storage',
	[UID.KeyObjectSelectionDocumentStorage]: 'Key Object Selection Document Storage',
	[UID.EncapsulatedPDFStorage]: 'Encapsulated PDF Storage',
	[UID.FINDStudyRootQueryRetrieveInformationModel]:
		'Study Root Query/Retrieve Information Model - FIND',
	[UID.MOVEStudyRootQueryRetrieveInformationModel]:
		'Study Root Query/Retrieve Information Model - MOVE',
	[UID.LittleEndianImplicit]: 'Implicit VR Little Endian',
	[UID.LittleEndianExplicit]: 'Explicit VR Little Endian',
	[UID.JPEGBaseline]: 'JPEG Baseline (Process 1)',
	[UID['JPEGExtended:Process2+4']]: 'JPEG Extended (Process 2 & 4)',
	[UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']]:
		'JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14, Selection Value 1)',
	[UID.JPEGLSLossless]: 'JPEG-LS Lossless Image Compression',
	[UID.JPEG2000LosslessOnly]: 'JPEG 2000 Image Compression (Lossless Only)',
	[UID.JPEG2000]: 'JPEG 2000 Image Compression',
	[UID.RLELossless]: 'RLE Lossless',
};

/** The name of a SOP class or transfer syntax; the UID itself where there is none here. */
export function nameOfUid(uid: string): string {
	return NAMES[uid] ?? uid;
}
