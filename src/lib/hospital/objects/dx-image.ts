/** Digital X-Ray Image IOD, For Presentation (PS3.3 A.26). */
import { DataSet, type DataSetValue } from '#lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { newUid } from '../identifiers.ts';
import { phantom } from '../phantoms/dx-chest.ts';
import type { AcquiredSeries, AcquisitionContext } from './acquisition-context.ts';
import { asDeviceWrites } from './device-text.ts';
import { codeItem, imageAttributes, type SeriesDescription } from './image-attributes.ts';

/** DX Anatomy Imaged, DX Image and DX Positioning (PS3.3 C.8.11.2, C.8.11.3, C.8.11.5). */
function anatomyAndView(): Record<string, DataSetValue> {
	return {
		PresentationIntentType: 'FOR PRESENTATION',
		ImageType: ['ORIGINAL', 'PRIMARY'],
		ImageLaterality: 'U',
		AnatomicRegionSequence: [codeItem('51185008', 'SCT', 'Chest')],
		ViewCodeSequence: [codeItem('272479007', 'SCT', 'postero-anterior')],
		ViewPosition: 'PA',
		// The rows run to the patient's left, the columns to the feet.
		PatientOrientation: ['L', 'F'],
		PositionerType: 'NONE',
		DistanceSourceToDetector: 1800,
	};
}

/** How pixel values relate to the rays: more is denser, after a logarithm (PS3.3 C.8.11.3). */
function intensity(): Record<string, DataSetValue> {
	return {
		PixelIntensityRelationship: 'LOG',
		PixelIntensityRelationshipSign: -1,
		RescaleType: 'US',
		PresentationLUTShape: 'IDENTITY',
	};
}

/** DX Detector and X-Ray Generation (PS3.3 C.8.11.4, C.8.11.8), Acquisition Context (C.7.6.14). */
function detectorAndExposure({ equipment }: AcquisitionContext): Record<string, DataSetValue> {
	return {
		DetectorType: 'SCINTILLATOR',
		DetectorID: equipment.serialNumber,
		ImagerPixelSpacing: [phantom.pixelSpacingMm, phantom.pixelSpacingMm],
		AcquisitionContextSequence: '',
		KVP: 125,
		XRayTubeCurrent: 320,
		ExposureTime: 6,
		Exposure: 2,
	};
}

/** Takes one chest radiograph from behind. */
export function acquireDxSeries(context: AcquisitionContext): AcquiredSeries {
	const ctx = asDeviceWrites(context);
	const series: SeriesDescription = {
		sopClassUid: UID.DigitalXRayImageStorageForPresentation,
		seriesInstanceUid: newUid(ctx.random),
		modality: 'DX',
		seriesNumber: 1,
		description: 'Chest PA',
		protocolName: 'Chest PA',
		bodyPart: 'CHEST',
	};
	const sopInstanceUid = newUid(ctx.random);
	const identity = { sopInstanceUid, instanceNumber: 1, takenUs: ctx.startUs };
	const dataSet = DataSet.from({
		...imageAttributes(ctx, series, identity, phantom, 0),
		...anatomyAndView(),
		...intensity(),
		...detectorAndExposure(ctx),
	});
	const { seriesInstanceUid, modality, sopClassUid, description, protocolName } = series;
	const instances = [{ sopInstanceUid, dataSet }];
	return { seriesInstanceUid, modality, sopClassUid, description, protocolName, instances };
}
