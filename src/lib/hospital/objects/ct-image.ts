/** CT Image IOD (PS3.3 A.3). */
import { milliseconds } from '#lib/kernel/time.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { newUid } from '../identifiers.ts';
import { phantom } from '../phantoms/ct-head.ts';
import type { AcquiredSeries, AcquisitionContext } from './acquisition-context.ts';
import { asDeviceWrites } from './device-text.ts';
import { imageAttributes, type SeriesDescription } from './image-attributes.ts';

const MAX_SLICES = 2_000;
const ROTATION_US = milliseconds(500);

/** Millimetres as a DS without binary noise. */
const roundedMm = (mm: number): number => Math.round(mm * 10_000) / 10_000;

/**
 * Image Plane (PS3.3 C.7.6.2) of an axial image, head first and supine: x to the patient's left, y to
 * the back, z to the head (C.7.6.2.1.1), the origin in the middle of the phantom.
 */
function imagePlane(sliceThicknessMm: number, zMm: number): Record<string, number | number[]> {
	const cornerX = (-(phantom.columns - 1) / 2) * phantom.pixelSpacingMm;
	const cornerY = (-(phantom.rows - 1) / 2) * phantom.pixelSpacingMm;
	return {
		PixelSpacing: [phantom.pixelSpacingMm, phantom.pixelSpacingMm],
		ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
		ImagePositionPatient: [cornerX, cornerY, zMm].map(roundedMm),
		SliceThickness: roundedMm(sliceThicknessMm),
		SliceLocation: roundedMm(zMm),
	};
}

/** CT Image (PS3.3 C.8.2.1), General Series' Patient Position and Frame of Reference (C.7.4.1). */
function ctImage(frameOfReferenceUid: string): Record<string, string | number | string[]> {
	return {
		ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
		PatientPosition: 'HFS',
		FrameOfReferenceUID: frameOfReferenceUid,
		PositionReferenceIndicator: '',
		AcquisitionNumber: 1,
		RescaleType: 'HU',
		KVP: 120,
		ScanOptions: 'AXIAL',
		DataCollectionDiameter: 500,
		ReconstructionDiameter: phantom.columns * phantom.pixelSpacingMm,
		GantryDetectorTilt: 0,
		RotationDirection: 'CW',
		ExposureTime: 500,
		XRayTubeCurrent: 300,
		Exposure: 150,
		FilterType: 'HEAD',
		ConvolutionKernel: 'BRAIN',
	};
}

/**
 * Scans a head from the base of the skull to the top. With more slices than the phantom has, they are
 * thinner and neighbours share their pixels. Throws RangeError unless 1 <= slices <= 2000.
 */
export function acquireCtSeries(
	context: AcquisitionContext,
	{ slices }: { slices: number },
): AcquiredSeries {
	if (!Number.isInteger(slices) || slices < 1 || slices > MAX_SLICES) {
		throw new RangeError(`${slices} slices, not 1..${MAX_SLICES}`);
	}
	const ctx = asDeviceWrites(context);
	const series: SeriesDescription = {
		sopClassUid: UID.CTImageStorage,
		seriesInstanceUid: newUid(ctx.random),
		modality: 'CT',
		seriesNumber: 2,
		description: 'Head axial',
		protocolName: 'Head routine',
		bodyPart: 'HEAD',
	};
	const frameOfReferenceUid = newUid(ctx.random);
	const thicknessMm = phantom.extentMm / slices;
	const instances = Array.from({ length: slices }, (_, index) => {
		const sopInstanceUid = newUid(ctx.random);
		const takenUs = ctx.startUs + index * ROTATION_US;
		const zMm = (index + 0.5) * thicknessMm - phantom.extentMm / 2;
		const slice = Math.floor(((index + 0.5) * phantom.slices) / slices);
		const identity = { sopInstanceUid, instanceNumber: index + 1, takenUs };
		const dataSet = DataSet.from({
			...imageAttributes(ctx, series, identity, phantom, slice),
			...ctImage(frameOfReferenceUid),
			...imagePlane(thicknessMm, zMm),
		});
		return { sopInstanceUid, dataSet };
	});
	const { seriesInstanceUid, modality, sopClassUid, description, protocolName } = series;
	return { seriesInstanceUid, modality, sopClassUid, description, protocolName, instances };
}
