import type { DataElement, DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';

/** Shorter texts stand in any large file by chance. */
const BYTES_MIN = 5;
const TEXTS_MAX = 200;
const TEXT_VRS = new Set(['PN', 'LO', 'SH', 'DA', 'ST', 'LT', 'UT', 'UC']);

/**
 * The bytes of what names a patient in an object: every person's name, whole and in its components, and the
 * texts of the Patient module (group 0010), in sequences and private elements as well.
 */
export function identityTexts(object: DataSet): Buffer[] {
	const texts = new Set<string>();
	collect(object, texts);
	return [...texts].map((text) => Buffer.from(text, 'latin1'));
}

function collect(object: DataSet, texts: Set<string>): void {
	for (const element of object.elements()) {
		for (const item of element.items ?? []) collect(item, texts);
		const names = element.vr === 'PN';
		if (!names && (element.tag >>> 16 !== 0x0010 || !TEXT_VRS.has(element.vr))) continue;
		for (const text of textsOf(element, names)) {
			if (text.length >= BYTES_MIN && texts.size < TEXTS_MAX) texts.add(text);
		}
	}
}

/** Bytes as Latin-1, whatever they are: they are only compared. */
function textsOf(element: DataElement, names: boolean): string[] {
	const values = Buffer.from(element.bytes).toString('latin1').split('\\');
	const parts = names ? values.flatMap((value) => [value, ...value.split(/[\^=]/)]) : values;
	return parts.map((part) => part.replace(/^[\0 ]+|[\0 ]+$/g, ''));
}
