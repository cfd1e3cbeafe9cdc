/** Delimiters (HL7 v2.5.1 section 2.5.4) and splitting at them. */
import type { ByteLayout } from './character-sets.ts';

/** One byte each; '' for one that MSH-2 does not declare. */
export interface Er7Delimiters {
	readonly field: string;
	readonly component: string;
	readonly repetition: string;
	readonly escape: string;
	readonly subcomponent: string;
	/** The fifth character of MSH-2, from v2.7 on. */
	readonly truncation: string;
}

/** The delimiters that nearly everyone uses, without the truncation character. */
export const STANDARD_DELIMITERS: Er7Delimiters = {
	field: '|',
	component: '^',
	repetition: '~',
	escape: '\\',
	subcomponent: '&',
	truncation: '',
};

/** The delimiters declared by MSH-1 and MSH-2. */
export function delimitersFrom(field: string, encodingCharacters: string): Er7Delimiters {
	const [component = '', repetition = '', escape = '', subcomponent = '', truncation = ''] =
		encodingCharacters.split('');
	return { field, component, repetition, escape, subcomponent, truncation };
}

/** Whether two delimiters are the same, or one is a letter, digit, blank or quotation mark. */
export function areAmbiguous(delimiters: Er7Delimiters): boolean {
	const declared = Object.values(delimiters).filter((delimiter) => delimiter !== '');
	return new Set(declared).size < declared.length || /[A-Za-z0-9 "]/.test(declared.join(''));
}

/** MSH-2 for these delimiters. */
export function encodingCharactersOf(delimiters: Er7Delimiters): string {
	const { component, repetition, escape, subcomponent, truncation } = delimiters;
	return component + repetition + escape + subcomponent + truncation;
}

const TWO_BYTE_PART = /\x1b\$(?:[@B]|\([@BD])[^]*?(?=\x1b\([BJ]|$)/g; // eslint-disable-line no-control-regex
const TWO_BYTE_CHARACTER = /[\x81-\xfe][^]/g;

/** Byte text of the same length in which no byte of a character can be taken for a delimiter. */
export function maskCharacters(raw: string, layout: ByteLayout): string {
	if (layout === 'single-byte') return raw;
	const pattern = layout === 'double-byte' ? TWO_BYTE_CHARACTER : TWO_BYTE_PART;
	return raw.replace(pattern, (part) => '\xff'.repeat(part.length));
}

/** The parts of byte text between delimiters; one part when the delimiter is not declared. */
export function splitAt(raw: string, delimiter: string, layout: ByteLayout): string[] {
	if (delimiter === '') return [raw];
	if (layout === 'single-byte') return raw.split(delimiter);
	const parts: string[] = [];
	let start = 0;
	for (const part of maskCharacters(raw, layout).split(delimiter)) {
		parts.push(raw.slice(start, start + part.length));
		start += part.length + 1;
	}
	return parts;
}
