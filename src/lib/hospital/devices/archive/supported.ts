import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { SupportedSyntax } from '#lib/protocol/dicom/negotiation.ts';
import {
	STORAGE_CLASSES,
	STORAGE_SYNTAXES,
	UNCOMPRESSED_SYNTAXES,
} from '../../dicom/storage-classes.ts';
import type { ArchiveConfig } from './config.ts';
import { QUERY_RETRIEVE_CLASSES } from './information-model.ts';
import { FIND_OPTIONS } from './query.ts';
import { RETRIEVE_OPTIONS } from './retrieve.ts';

/**
 * Storage extended negotiation (PS3.4 B.3.1): level 2, everything is kept; no digital signatures; the last
 * value says whether elements may be coerced.
 */
const storageOptions = (coerces: boolean): number[] => [2, 0, 0, 0, coerces ? 1 : 0, 0];

const FIND_CLASSES: readonly string[] = [
	UID.FINDPatientRootQueryRetrieveInformationModel,
	UID.FINDStudyRootQueryRetrieveInformationModel,
];

/** What the archive accepts. The requestor of a C-GET is SCP of the storage classes. */
function supported(coerces: boolean, compressed: boolean): SupportedSyntax[] {
	return [
		...[UID.VerificationSOPClass, UID.StorageCommitmentPushModelSOPClass].map((abstractSyntax) => ({
			abstractSyntax,
			transferSyntaxes: UNCOMPRESSED_SYNTAXES,
		})),
		...QUERY_RETRIEVE_CLASSES.map((abstractSyntax): SupportedSyntax => ({
			abstractSyntax,
			transferSyntaxes: UNCOMPRESSED_SYNTAXES,
			extendedNegotiation: {
				rule: 'options-in-common',
				supported: FIND_CLASSES.includes(abstractSyntax) ? FIND_OPTIONS : RETRIEVE_OPTIONS,
			},
		})),
		...STORAGE_CLASSES.map((abstractSyntax): SupportedSyntax => ({
			abstractSyntax,
			transferSyntaxes: compressed ? STORAGE_SYNTAXES : UNCOMPRESSED_SYNTAXES,
			requestorMayBeScp: true,
			extendedNegotiation: { rule: 'own-values', values: storageOptions(coerces) },
		})),
	];
}

const SUPPORTED = [false, true].map((coerces) =>
	[false, true].map((compressed) => supported(coerces, compressed)),
);

/** The abstract syntaxes of an archive with this configuration. */
export function supportedBy(
	config: Pick<ArchiveConfig, 'coerceIssuer' | 'acceptCompressed' | 'storageClasses'>,
): readonly SupportedSyntax[] {
	const { coerceIssuer, acceptCompressed, storageClasses } = config;
	const all = SUPPORTED[Number(coerceIssuer)]?.[Number(acceptCompressed)] ?? [];
	if (!storageClasses) return all;
	return all.filter(
		({ abstractSyntax: uid }) => storageClasses.includes(uid) || !STORAGE_CLASSES.includes(uid),
	);
}
