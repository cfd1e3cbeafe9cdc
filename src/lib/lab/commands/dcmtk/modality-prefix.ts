import { UID } from '#lib/protocol/dicom/dataset/uids.ts';

/** The two letters by which DCMTK names the objects of a storage class, in its log and in file names. */
const PREFIXES: Readonly<Record<string, string>> = {
	[UID.CTImageStorage]: 'CT',
	[UID.MRImageStorage]: 'MR',
	[UID.ComputedRadiographyImageStorage]: 'CR',
	[UID.DigitalXRayImageStorageForPresentation]: 'DX',
	[UID.DigitalXRayImageStorageForProcessing]: 'DP',
	[UID.UltrasoundImageStorage]: 'US',
	[UID.SecondaryCaptureImageStorage]: 'SC',
};

export function modalityPrefix(sopClassUid: string): string {
	return PREFIXES[sopClassUid] ?? 'UN';
}

/** The storage classes that movescu accepts here. */
export const STORAGE_CLASSES: readonly string[] = Object.keys(PREFIXES);
