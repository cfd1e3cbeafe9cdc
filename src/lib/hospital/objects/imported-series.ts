/** Images that were brought in from elsewhere get the identity of an examination. */
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { newUid } from '../identifiers.ts';
import type { AcquiredSeries, AcquisitionContext } from './acquisition-context.ts';
import { asDeviceWrites } from './device-text.ts';
import { modalityOfDonor } from './donor-image.ts';
import { codeItem, identityAttributes, type SeriesDescription } from './image-attributes.ts';

/** A donor as `donorImage` makes it, and the transfer syntax that its pixel data are in. */
export interface ImportedImage {
	readonly donor: DataSet;
	readonly transferSyntax: string;
}

export interface ImportedSeries extends AcquiredSeries {
	readonly instances: readonly {
		readonly sopInstanceUid: string;
		readonly dataSet: DataSet;
		/** The transfer syntax of compressed pixel data; absent where they are not compressed. */
		readonly compressedIn?: string;
	}[];
}

/** Attributes of type 2 that the IODs ask for and files often lack: present, without a value. */
const TYPE_2: Readonly<Record<string, readonly string[]>> = {
	[UID.CTImageStorage]: [
		'KVP',
		'AcquisitionNumber',
		'SliceThickness',
		'PositionReferenceIndicator',
	],
	[UID.MRImageStorage]: [
		...['ScanOptions', 'MRAcquisitionType', 'EchoTime', 'EchoTrainLength', 'SliceThickness'],
		'PositionReferenceIndicator',
	],
	[UID.ComputedRadiographyImageStorage]: ['BodyPartExamined', 'ViewPosition'],
	[UID.DigitalXRayImageStorageForPresentation]: [
		...['AnatomicRegionSequence', 'AcquisitionContextSequence', 'DetectorType'],
	],
	[UID.DigitalXRayImageStorageForProcessing]: [
		...['AnatomicRegionSequence', 'AcquisitionContextSequence', 'DetectorType'],
	],
};

/**
 * In DX images a code says which region and view the older term means, and the term alone would say that the
 * code is not known (PS3.3 C.8.11.2, C.8.11.5). Terms without a code here are left out.
 */
const DX_CODES = [
	['BodyPartExamined', 'AnatomicRegionSequence', 'CHEST', '51185008', 'Chest'],
	['ViewPosition', 'ViewCodeSequence', 'PA', '272479007', 'postero-anterior'],
] as const;

const COMMENT = 'Brought in from media; the identity is synthetic';
const METHOD = 'All but listed image attributes removed';

/**
 * One series of these images, in the order of their instance numbers: patient, order and equipment of the
 * context, new UIDs from its stream, one frame of reference for those that have one. All images must be of one
 * SOP class. Throws RangeError when there is none.
 */
export function importSeries(
	context: AcquisitionContext,
	images: readonly ImportedImage[],
	{ seriesNumber, protocolName }: { seriesNumber: number; protocolName: string },
): ImportedSeries {
	const [first] = images;
	if (!first) throw new RangeError('a series has at least one image');
	const ctx = asDeviceWrites(context);
	const sopClassUid = first.donor.text('SOPClassUID') ?? '';
	const series: SeriesDescription = {
		sopClassUid,
		seriesInstanceUid: newUid(ctx.random),
		modality: modalityOfDonor(sopClassUid) ?? 'OT',
		seriesNumber,
		description: 'Imported images',
		protocolName,
	};
	const frameOfReferenceUid = newUid(ctx.random);
	const inOrder = [...images].sort((a, b) => numberOf(a) - numberOf(b));
	const instances = inOrder.map(({ donor, transferSyntax }, index) => {
		const sopInstanceUid = newUid(ctx.random);
		const identity = { sopInstanceUid, instanceNumber: index + 1, takenUs: ctx.startUs };
		const dataSet = DataSet.from({
			...identityAttributes(ctx, series, identity),
			ImageComments: COMMENT,
			PatientIdentityRemoved: 'YES',
			DeidentificationMethod: METHOD,
		});
		for (const element of donor.elements()) dataSet.add(element);
		if (donor.has('FrameOfReferenceUID')) dataSet.set('FrameOfReferenceUID', frameOfReferenceUid);
		if (series.modality === 'DX') setCodes(dataSet);
		for (const keyword of TYPE_2[sopClassUid] ?? []) {
			if (!dataSet.has(keyword)) dataSet.set(keyword, '');
		}
		const compressed = dataSet.element('PixelData')?.fragments !== undefined;
		return { sopInstanceUid, dataSet, ...(compressed && { compressedIn: transferSyntax }) };
	});
	const { seriesInstanceUid, modality, description } = series;
	return { seriesInstanceUid, modality, sopClassUid, description, protocolName, instances };
}

function setCodes(dataSet: DataSet): void {
	for (const [keyword, sequence, term, code, meaning] of DX_CODES) {
		if (dataSet.text(keyword) === term) dataSet.set(sequence, [codeItem(code, 'SCT', meaning)]);
		else dataSet.delete(keyword);
	}
}

/** Images without a number come last. */
function numberOf({ donor }: ImportedImage): number {
	return donor.number('InstanceNumber') ?? Number.MAX_SAFE_INTEGER;
}
