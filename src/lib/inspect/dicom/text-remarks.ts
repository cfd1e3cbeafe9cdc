import { decodeText, delimitersOf } from '#lib/protocol/dicom/dataset/character-sets.ts';
import { guessCharacterSet } from '#lib/protocol/dicom/dataset/guess-character-set.ts';
import type { Remark } from '../remark.ts';

/** The text of a value as its label decodes it, and what is doubtful about it. */
export interface ReadText {
	readonly text: string;
	readonly remarks: readonly Remark[];
	/** How the same bytes read in the character set that they seem to be in. */
	readonly likely?: { readonly label: string; readonly text: string };
}

const CLAUSE = 'PS3.3 C.12.1.1.2';

/**
 * Reads text by the values of (0008,0005), and doubts the label where the bytes speak against it; see
 * {@link guessCharacterSet}.
 */
export function readText(bytes: Uint8Array, terms: readonly string[], vr: string): ReadText {
	const text = trimmed(decodeText(bytes, terms, delimitersOf(vr)));
	const { fits, likely } = guessCharacterSet(bytes, terms);
	if (fits) return { text, remarks: [] };
	const label = terms.filter(Boolean).join('\\');
	const said = label === '' ? 'no character set is stated' : `the label says ${label}`;
	if (!likely) {
		const remark = `There are bytes that do not fit: ${said}.`;
		return { text, remarks: [{ tone: 'bad', text: remark, clause: CLAUSE }] };
	}
	const meant = trimmed(likely.text);
	const remark = `Read as “${text}”, since ${said}; it should probably be “${meant}”. ${likely.reason}`;
	return {
		text,
		remarks: [{ tone: 'bad', text: remark, clause: CLAUSE }],
		likely: { label: likely.terms.join('\\') || 'the default repertoire', text: meant },
	};
}

function trimmed(text: string): string {
	return text.replace(/[ \0]+$/, '');
}
