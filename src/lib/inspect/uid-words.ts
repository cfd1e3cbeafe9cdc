import { uidName } from '#lib/protocol/dicom/dataset/uids.ts';

/** Transfer syntaxes as PS3.6 table A-1 names them, where our short names turn the words around. */
const TRANSFER_SYNTAXES: Readonly<Record<string, string>> = {
	'1.2.840.10008.1.2': 'Implicit VR Little Endian',
	'1.2.840.10008.1.2.1': 'Explicit VR Little Endian',
	'1.2.840.10008.1.2.1.99': 'Deflated Explicit VR Little Endian',
	'1.2.840.10008.1.2.2': 'Explicit VR Big Endian',
};

/** A well-known UID in words, `CT Image Storage`; undefined for any other text. */
export function uidWords(uid: string): string | undefined {
	const known = TRANSFER_SYNTAXES[uid];
	if (known !== undefined) return known;
	return uidName(uid)
		?.replace(/^RETIRED_/, '')
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
		.replace(/\b(\d) (D|DUS)\b/g, '$1$2')
		.replace(/\bX Ray\b/g, 'X-Ray');
}

/** {@link uidWords}, or the UID itself where it is not known. */
export function uidText(uid: string): string {
	return uidWords(uid) ?? uid;
}
