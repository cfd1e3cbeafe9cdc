/** The DICOM JSON Model (PS3.18 annex F) as plain data. */

/** A data set: attributes by tag in eight upper-case hexadecimal digits, in ascending order (F.2.2). */
export interface JsonDataSet {
	[tag: string]: JsonAttribute;
}

/** At most one of the three beside `vr`; none for an attribute without a value. */
export interface JsonAttribute {
	vr: string;
	Value?: JsonValue[];
	BulkDataURI?: string;
	InlineBinary?: string;
}

/** null stands for an empty value among others (F.2.5). */
export type JsonValue = string | number | JsonPersonName | JsonDataSet | null;

/** The component groups that are not empty (F.2.2). */
export interface JsonPersonName {
	Alphabetic?: string;
	Ideographic?: string;
	Phonetic?: string;
}

/** The groups in the order of PS3.5 6.2.1.1. */
export const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/** VRs whose values are octets and never an array of numbers (F.2.7). */
export const BINARY_VRS: ReadonlySet<string> = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/** The name of an attribute in JSON. */
export function jsonTag(tag: number): string {
	return (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
}
