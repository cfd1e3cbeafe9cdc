import type { FieldKnowledge } from '#lib/exam/lint/rule.ts';
import { FAMILY_NAMES } from '#lib/hospital/patient-names.ts';
import { DataSetError } from '#lib/protocol/dicom/dataset/data-set-error.ts';
import { entryOf, tagOf } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { parseEr7Text } from '#lib/protocol/hl7/parse-er7.ts';

const SYNTHETIC = new Set(FAMILY_NAMES.map((name) => name.toLowerCase()));

function tagOfKeyword(keyword: string): string | undefined {
	try {
		return tagOf(keyword).toString(16).toUpperCase().padStart(8, '0');
	} catch (error) {
		if (error instanceof DataSetError) return undefined;
		throw error;
	}
}

/** What the simulator's own parsers and dictionary know, for the rules of the bank. */
export const fieldKnowledge: FieldKnowledge = {
	hl7Mistakes: (text) => {
		const parsed = parseEr7Text(text);
		return 'error' in parsed ? [`not an HL7 message: ${parsed.error.text}`] : [];
	},
	tag: (tag) => {
		const entry = entryOf(Number.parseInt(tag, 16));
		if (!entry) return undefined;
		return { keyword: entry.keyword, vrs: entry.ambiguous?.split(' or ') ?? [entry.vr] };
	},
	tagOf: tagOfKeyword,
	syntheticName: (family) => SYNTHETIC.has(family.toLowerCase()),
};
