import type { Element } from 'dicom-parser';
import { entryOf, formatTag } from '#lib/protocol/dicom/dataset/dictionary.ts';
import { swapBytes } from '#lib/protocol/dicom/dataset/transfer-syntax.ts';
import { numbersOfBytes } from '#lib/protocol/dicom/dataset/values.ts';
import { vrOfCode } from '#lib/protocol/dicom/dataset/vr.ts';
import { readText, type ReadText } from '#lib/inspect/dicom/text-remarks.ts';

/** Of a value as it is shown in full. */
const LONGEST_TEXT_BYTES = 64 * 1024;
const MOST_NUMBERS = 1_024;
const HEX_BYTES = 64;

/** The tag that dicom-parser writes `x00100010`. */
export function tagNumber(element: Pick<Element, 'tag'>): number {
	return Number.parseInt(element.tag.slice(1), 16);
}

/** The VR of an element: as stated, or as the dictionary has it where the file leaves it out. */
export function vrOf(element: Element): string {
	if (element.vr !== undefined && element.vr !== '') return element.vr;
	if (element.items !== undefined) return 'SQ';
	const tag = tagNumber(element);
	const isCreator = (tag >>> 16) % 2 === 1 && (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;
	return entryOf(tag)?.vr ?? (isCreator ? 'LO' : 'UN');
}

/** A value for people, by its VR. Numbers come from little endian order unless told otherwise. */
export function valueText(
	bytes: Uint8Array,
	vrCode: string,
	terms: readonly string[],
	bigEndian: boolean,
): ReadText {
	const vr = vrOfCode(vrCode);
	switch (vr?.kind) {
		case 'text':
		case 'decimal':
		case 'charset-text': {
			const isLabelled = vr.kind === 'charset-text';
			const read = readText(bytes.subarray(0, LONGEST_TEXT_BYTES), isLabelled ? terms : [], vrCode);
			return isLabelled ? read : { text: read.text, remarks: [] };
		}
		case 'uint':
		case 'int':
		case 'float':
		case 'tag': {
			const unit = vr.kind === 'tag' ? 2 : vr.unitBytes;
			const first = bytes.subarray(0, MOST_NUMBERS * (vr.kind === 'tag' ? 4 : unit));
			const numbers = numbersOfBytes(bigEndian ? swapBytes(first, unit) : first, vr);
			const texts = vr.kind === 'tag' ? numbers.map(formatTag) : numbers.map(String);
			const more = first.length < bytes.length ? ' …' : '';
			return { text: texts.join('\\') + more, remarks: [] };
		}
		default:
			return { text: bytes.length === 0 ? '' : hexText(bytes), remarks: [] };
	}
}

/** Text for one line: control characters as their Unicode pictures, which 80 to 9F do not have. */
export function visibleText(text: string): string {
	return text.replace(/\p{Cc}/gu, (control) => {
		const code = control.charCodeAt(0);
		if (code >= 0x80) return '\ufffd';
		return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
	});
}

/** The first bytes in hexadecimal, and how many there are. */
export function hexText(bytes: Uint8Array): string {
	const shown = [...bytes.subarray(0, HEX_BYTES)].map((byte) => byte.toString(16).padStart(2, '0'));
	return shown.join(' ') + (bytes.length > HEX_BYTES ? ` … (${bytes.length} bytes)` : '');
}
