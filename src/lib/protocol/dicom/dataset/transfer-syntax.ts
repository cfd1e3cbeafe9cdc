import { UID } from './uids.ts';

/** How a transfer syntax writes elements (PS3.5 annex A). */
export interface Encoding {
	readonly explicit: boolean;
	readonly bigEndian: boolean;
	/** The whole data set is compressed (PS3.5 A.5). */
	readonly deflated: boolean;
}

const IMPLICIT: Encoding = { explicit: false, bigEndian: false, deflated: false };
const EXPLICIT: Encoding = { explicit: true, bigEndian: false, deflated: false };
const EXPLICIT_BIG: Encoding = { explicit: true, bigEndian: true, deflated: false };
const DEFLATED: Encoding = { explicit: true, bigEndian: false, deflated: true };

/**
 * The encoding of a transfer syntax. All encapsulated ones, and unknown ones, are explicit VR little
 * endian (PS3.5 A.4).
 */
export function encodingOf(transferSyntax: string): Encoding {
	switch (transferSyntax) {
		case UID.LittleEndianImplicit:
			return IMPLICIT;
		case UID.BigEndianExplicit:
			return EXPLICIT_BIG;
		case UID.DeflatedLittleEndianExplicit:
		case UID.JPIPReferencedDeflate:
			return DEFLATED;
		default:
			return EXPLICIT;
	}
}

/** A copy with the bytes of each unit in reverse order; bytes after the last whole unit stay. */
export function swapBytes(bytes: Uint8Array, unitBytes: number): Uint8Array {
	const swapped = bytes.slice();
	for (let at = 0; at + unitBytes <= swapped.length; at += unitBytes) {
		swapped.subarray(at, at + unitBytes).reverse();
	}
	return swapped;
}

/** Names as DCMTK prints them in its logs and dumps. */
const NAMES: Readonly<Record<string, string>> = {
	[UID.LittleEndianImplicit]: 'Little Endian Implicit',
	[UID.LittleEndianExplicit]: 'Little Endian Explicit',
	[UID.BigEndianExplicit]: 'Big Endian Explicit',
	[UID.DeflatedLittleEndianExplicit]: 'Deflated Explicit VR Little Endian',
	[UID.JPEGBaseline]: 'JPEG Baseline',
	[UID['JPEGExtended:Process2+4']]: 'JPEG Extended, Process 2+4',
	[UID['JPEGLossless:Non-hierarchical:Process14']]: 'JPEG Lossless, Non-hierarchical, Process 14',
	[UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']]:
		'JPEG Lossless, Non-hierarchical, 1st Order Prediction',
	[UID.JPEGLSLossless]: 'JPEG-LS Lossless',
	[UID.JPEGLSLossy]: 'JPEG-LS Lossy (Near-lossless)',
	[UID.JPEG2000LosslessOnly]: 'JPEG 2000 (Lossless only)',
	[UID.JPEG2000]: 'JPEG 2000 (Lossless or Lossy)',
	[UID.RLELossless]: 'RLE Lossless',
	[UID['MPEG2MainProfile@MainLevel']]: 'MPEG2 Main Profile @ Main Level',
	[UID['MPEG2MainProfile@HighLevel']]: 'MPEG2 Main Profile @ High Level',
	[UID['MPEG4HighProfile/Level4.1']]: 'MPEG-4 AVC/H.264 High Profile / Level 4.1',
	[UID['HEVCMainProfile/Level5.1']]: 'HEVC/H.265 Main Profile / Level 5.1',
	[UID['HEVCMain10Profile/Level5.1']]: 'HEVC/H.265 Main 10 Profile / Level 5.1',
};

/** The name DCMTK prints for a transfer syntax, for example "Little Endian Explicit". */
export function transferSyntaxName(transferSyntax: string): string {
	return NAMES[transferSyntax] ?? 'Unknown Transfer Syntax';
}
