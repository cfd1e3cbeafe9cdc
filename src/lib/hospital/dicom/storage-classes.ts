import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** Roots of composite Storage SOP classes: PS3.4 table B.5-1, and those of radiotherapy in another arc. */
const STORAGE_ROOTS = ['1.2.840.10008.5.1.4.1.1.', '1.2.840.10008.5.1.4.34.'];
/** Security screening (DICOS) and material testing (DICONDE) share the arc, but not the hospital. */
const NOT_MEDICAL = /^(?:DICOS|DICONDE|EddyCurrent)/;
/** Retired classes that old devices still send, and every archive still takes. */
const RETIRED = [
	UID.RETIRED_UltrasoundMultiframeImageStorage,
	UID.RETIRED_UltrasoundImageStorage,
	UID.RETIRED_NuclearMedicineImageStorage,
];

/** The Storage SOP classes of PS3.4 annex B that an archive of today takes. */
export const STORAGE_CLASSES: readonly string[] = [
	...Object.entries(UID)
		.filter(([name]) => /Storage(?:ForPresentation|ForProcessing)?$/.test(name))
		.filter(([name]) => !name.startsWith('RETIRED_') && !NOT_MEDICAL.test(name))
		.map(([, uid]) => uid)
		.filter((uid) => STORAGE_ROOTS.some((root) => uid.startsWith(root))),
	...RETIRED,
];

/** What a reading workstation of a radiology department shows. */
export const VIEWER_CLASSES: readonly string[] = [
	UID.CTImageStorage,
	UID.EnhancedCTImageStorage,
	UID.MRImageStorage,
	UID.EnhancedMRImageStorage,
	UID.ComputedRadiographyImageStorage,
	UID.DigitalXRayImageStorageForPresentation,
	UID.DigitalMammographyXRayImageStorageForPresentation,
	UID.BreastTomosynthesisImageStorage,
	UID.XRayAngiographicImageStorage,
	UID.XRayRadiofluoroscopicImageStorage,
	UID.UltrasoundImageStorage,
	UID.UltrasoundMultiframeImageStorage,
	UID.NuclearMedicineImageStorage,
	UID.PositronEmissionTomographyImageStorage,
	UID.SecondaryCaptureImageStorage,
	UID.MultiframeTrueColorSecondaryCaptureImageStorage,
	UID.MultiframeGrayscaleByteSecondaryCaptureImageStorage,
	UID.BasicTextSRStorage,
	UID.EnhancedSRStorage,
	UID.ComprehensiveSRStorage,
	UID.KeyObjectSelectionDocumentStorage,
	UID.GrayscaleSoftcopyPresentationStateStorage,
	UID.EncapsulatedPDFStorage,
];

/** Not compressed: what every node can read and write, the usual one first. */
export const UNCOMPRESSED_SYNTAXES: readonly string[] = [
	UID.LittleEndianExplicit,
	UID.LittleEndianImplicit,
	UID.BigEndianExplicit,
];

/** In order of preference where a context proposes several; the bytes are kept as they came. */
export const STORAGE_SYNTAXES: readonly string[] = [
	...UNCOMPRESSED_SYNTAXES,
	UID.DeflatedLittleEndianExplicit,
	UID['JPEGLossless:Non-hierarchical-1stOrderPrediction'],
	UID['JPEGLossless:Non-hierarchical:Process14'],
	UID.JPEGLSLossless,
	UID.JPEG2000LosslessOnly,
	UID.RLELossless,
	UID.JPEGBaseline,
	UID['JPEGExtended:Process2+4'],
	UID.JPEGLSLossy,
	UID.JPEG2000,
	UID['MPEG2MainProfile@MainLevel'],
	UID['MPEG2MainProfile@HighLevel'],
	UID['MPEG4HighProfile/Level4.1'],
	UID['MPEG4BDcompatibleHighProfile/Level4.1'],
	UID['HEVCMainProfile/Level5.1'],
	UID['HEVCMain10Profile/Level5.1'],
];
