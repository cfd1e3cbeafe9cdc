/**
 * What an image that comes from outside may bring along: how its pixels are to be read, where they lie in
 * space and with what technique they were made. A list of what is kept, never of what is removed (the idea of
 * PS3.15 annex E): an attribute that is not here is gone, a private one always. Nobody's text is kept:
 * every value is a number or one of the terms that the standard or this list names.
 */

/** `number`: only numbers. A list: only these terms, others are left out. */
type Rule = 'number' | readonly string[];

const numbers = (keywords: string): Record<string, Rule> =>
	Object.fromEntries(
		keywords
			.trim()
			.split(/\s+/)
			.map((keyword) => [keyword, 'number' as const]),
	);

/** Image Pixel and its compression (PS3.3 C.7.6.3, C.7.6.1.1.5). */
const PIXELS: Record<string, Rule> = {
	...numbers(`SamplesPerPixel PlanarConfiguration Rows Columns PixelAspectRatio BitsAllocated BitsStored
		HighBit PixelRepresentation SmallestImagePixelValue LargestImagePixelValue PixelPaddingValue
		PixelPaddingRangeLimit LossyImageCompressionRatio`),
	PhotometricInterpretation: [
		'MONOCHROME1',
		'MONOCHROME2',
		'RGB',
		'YBR_FULL',
		'YBR_FULL_422',
		'YBR_ICT',
		'YBR_RCT',
	],
	LossyImageCompression: ['00', '01'],
	LossyImageCompressionMethod: ['ISO_10918_1', 'ISO_14495_1', 'ISO_15444_1'],
	BurnedInAnnotation: ['NO'],
};

/** Modality LUT and VOI LUT (C.11.1, C.11.2) as far as they are no sequences. */
const VALUES: Record<string, Rule> = {
	...numbers('RescaleIntercept RescaleSlope WindowCenter WindowWidth'),
	RescaleType: ['HU', 'US', 'OD'],
	VOILUTFunction: ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'],
	PresentationLUTShape: ['IDENTITY', 'INVERSE'],
};

const LETTERS = ['A', 'P', 'R', 'L', 'H', 'F'];
const DIRECTIONS = LETTERS.flatMap((a) => [
	a,
	...LETTERS.flatMap((b) => [a + b, ...LETTERS.map((c) => a + b + c)]),
]);

/** Image Plane, and what says which part of the body lies how (C.7.6.2, C.7.6.1, C.7.3.1). */
const GEOMETRY: Record<string, Rule> = {
	...numbers(`InstanceNumber AcquisitionNumber PixelSpacing ImagerPixelSpacing
		NominalScannedPixelSpacing ImagePositionPatient ImageOrientationPatient SliceThickness
		SpacingBetweenSlices SliceLocation`),
	PixelSpacingCalibrationType: ['GEOMETRY', 'FIDUCIAL'],
	PatientPosition: ['HFS', 'HFP', 'HFDR', 'HFDL', 'FFS', 'FFP', 'FFDR', 'FFDL'],
	PatientOrientation: DIRECTIONS,
	Laterality: ['R', 'L'],
	ImageLaterality: ['R', 'L', 'U', 'B'],
	ViewPosition: ['AP', 'PA', 'LL', 'RL', 'RLD', 'LLD', 'RLO', 'LLO'],
	BodyPartExamined: [
		...['ABDOMEN', 'ANKLE', 'ARM', 'BREAST', 'CHEST', 'CLAVICLE', 'COCCYX', 'CSPINE', 'ELBOW'],
		...['EXTREMITY', 'FOOT', 'HAND', 'HEAD', 'HIP', 'JAW', 'KNEE', 'LEG', 'LSPINE', 'NECK'],
		...['PELVIS', 'SHOULDER', 'SKULL', 'SSPINE', 'TSPINE', 'WRIST'],
	],
};

/** CT Image and X-ray technique (C.8.2.1, C.8.7.2, C.8.11.8). */
const X_RAYS: Record<string, Rule> = {
	...numbers(`KVP DataCollectionDiameter ReconstructionDiameter DistanceSourceToDetector
		DistanceSourceToPatient GantryDetectorTilt TableHeight ExposureTime XRayTubeCurrent Exposure
		ExposureInuAs GeneratorPower FocalSpots SpiralPitchFactor TableSpeed TableFeedPerRotation
		SingleCollimationWidth TotalCollimationWidth RevolutionTime CTDIvol PixelIntensityRelationshipSign
		EstimatedRadiographicMagnificationFactor ExposureIndex TargetExposureIndex DeviationIndex
		Sensitivity RelativeXRayExposure PositionerPrimaryAngle PositionerSecondaryAngle`),
	RotationDirection: ['CW', 'CC'],
	PresentationIntentType: ['FOR PRESENTATION', 'FOR PROCESSING'],
	PixelIntensityRelationship: ['LIN', 'LOG'],
	DetectorType: ['DIRECT', 'SCINTILLATOR', 'STORAGE', 'FILM'],
	PositionerType: ['CARM', 'COLUMN', 'MAMMOGRAPHIC', 'PANORAMIC', 'CEPHALOSTAT', 'RIGID', 'NONE'],
	ConversionType: ['DV', 'DI', 'DF', 'WSD', 'SD', 'SI', 'DRW', 'SYN'],
};

/** MR Image (C.8.3.1). */
const RESONANCE: Record<string, Rule> = {
	...numbers(`RepetitionTime EchoTime EchoNumbers EchoTrainLength InversionTime TriggerTime FlipAngle
		NumberOfAverages ImagingFrequency MagneticFieldStrength NumberOfPhaseEncodingSteps
		PercentSampling PercentPhaseFieldOfView PixelBandwidth AcquisitionMatrix SAR dBdt`),
	ScanningSequence: ['SE', 'IR', 'GR', 'EP', 'RM'],
	SequenceVariant: ['SK', 'MTC', 'SS', 'TRSS', 'SP', 'MP', 'OSP', 'NONE'],
	ScanOptions: ['PER', 'RG', 'CG', 'PPG', 'FC', 'PFF', 'PFP', 'SP', 'FS', 'AXIAL', 'HELICAL'],
	MRAcquisitionType: ['2D', '3D'],
	AngioFlag: ['Y', 'N'],
	VariableFlipAngleFlag: ['Y', 'N'],
	InPlanePhaseEncodingDirection: ['ROW', 'COL'],
};

/** Every attribute that is kept as it is, by keyword. Image Type, LUT sequences and pixel data have rules of their own. */
export const KEPT_ATTRIBUTES: Readonly<Record<string, Rule>> = {
	...PIXELS,
	...VALUES,
	...GEOMETRY,
	...X_RAYS,
	...RESONANCE,
};

/** The terms of Image Type by its position; the third is `OTHER` in MR when it is none of these (C.8.3.1.1.1). */
export const IMAGE_TYPE_TERMS: readonly (readonly string[])[] = [
	['ORIGINAL', 'DERIVED'],
	['PRIMARY', 'SECONDARY'],
	[
		...['AXIAL', 'LOCALIZER', 'DENSITY MAP', 'DIFFUSION MAP', 'IMAGE ADDED', 'MODULUS SUBTRACT'],
		...['MPR', 'PHASE MAP', 'PHASE SUBTRACT', 'PROJECTION IMAGE', 'T1 MAP', 'T2 MAP'],
		...['VELOCITY MAP', 'OTHER'],
	],
];
