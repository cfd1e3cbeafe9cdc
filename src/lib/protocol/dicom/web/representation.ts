/** Which form of stored objects a client gets (PS3.18 8.7.3 to 8.7.5): media type and transfer syntax. */
import { UID } from '../dataset/uids.ts';
import { parseAccept, type AcceptedType } from '../../http/media-type.ts';
import type { HttpProblem } from '../../http/message.ts';

export interface Representation {
	/** The media type of a part, or of the whole when it is the only one. */
	readonly mediaType: string;
	readonly multipart: boolean;
	/** A UID, `*` for as it is stored, or undefined for the default of the media type. */
	readonly transferSyntax: string | undefined;
}

const MULTIPART = new Set(['multipart/related', 'multipart/*', '*/*']);
/** Transfer syntaxes without compression: between them only elements are written differently. */
const NATIVE: ReadonlySet<string> = new Set([
	UID.LittleEndianImplicit,
	UID.LittleEndianExplicit,
	UID.BigEndianExplicit,
	UID.DeflatedLittleEndianExplicit,
]);
const LOSSY: ReadonlySet<string> = new Set([
	UID.JPEGBaseline,
	UID['JPEGExtended:Process2+4'],
	UID.JPEGLSLossy,
	UID.JPEG2000,
	UID['MPEG2MainProfile@MainLevel'],
	UID['MPEG2MainProfile@HighLevel'],
	UID['MPEG4HighProfile/Level4.1'],
	UID['HEVCMainProfile/Level5.1'],
	UID['HEVCMain10Profile/Level5.1'],
]);

/**
 * The representations a client accepts, the best liked first. `mediaTypes` are those of the resource, the
 * default first; `single` says whether the resource is one thing that may come without multipart.
 */
export function acceptedRepresentations(
	accept: string | undefined,
	mediaTypes: readonly string[],
	single: boolean,
): Representation[] | HttpProblem {
	const accepted = parseAccept(accept ?? '*/*');
	if (!accepted) return { status: 400, text: 'The Accept field is no list of media types.' };
	return accepted
		.filter(({ weight }) => weight > 0)
		.flatMap((range) => representationsOf(range, mediaTypes, single));
}

function representationsOf(
	{ essence, parameters }: AcceptedType,
	mediaTypes: readonly string[],
	single: boolean,
): Representation[] {
	const transferSyntax = parameters.get('transfer-syntax');
	const type = parameters.get('type')?.toLowerCase();
	if (MULTIPART.has(essence)) {
		return mediaTypes
			.filter((mediaType) => type === undefined || type === '*/*' || type === mediaType)
			.map((mediaType) => ({ mediaType, multipart: true, transferSyntax }));
	}
	if (!single || !mediaTypes.includes(essence)) return [];
	return [{ mediaType: essence, multipart: false, transferSyntax }];
}

/**
 * The transfer syntax in which an object is sent, or undefined when it cannot be. Web services use neither
 * implicit VR nor big endian (8.7.3); nothing is decompressed here, so that an object compressed without
 * loss is sent only to who accepts that, and one compressed with loss also to who did not say (8.7.3).
 */
export function sentTransferSyntax(stored: string, wanted: string | undefined): string | undefined {
	if (wanted === '*' || wanted === undefined) {
		if (NATIVE.has(stored)) return UID.LittleEndianExplicit;
		return wanted === '*' || LOSSY.has(stored) ? stored : undefined;
	}
	if (wanted === UID.LittleEndianExplicit) return NATIVE.has(stored) ? wanted : undefined;
	return wanted === stored && !NATIVE.has(stored) ? stored : undefined;
}
