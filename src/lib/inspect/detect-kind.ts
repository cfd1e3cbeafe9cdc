import { isCapture } from '#lib/protocol/wire/read-capture.ts';

/** What a file is, by its content. A DICOM data set may come without the preamble of a file. */
export type FileKind = 'capture' | 'dicom-file' | 'dicom-data-set' | 'hl7' | 'unknown';

const PREAMBLE_BYTES = 128;
const VT = 0x0b;
/** What may stand before MSH: a byte order mark, blanks, the start of an MLLP block. */
const HL7_LEAD = /^(?:\xef\xbb\xbf)?[\0\t\r\n \x0b]*(?:MSH|FHS|BHS)[^\w\r\n]/; // eslint-disable-line no-control-regex

/** Tells what a file is from its first bytes; its name does not count. */
export function detectKind(bytes: Uint8Array): FileKind {
	if (isCapture(bytes)) return 'capture';
	if (ascii(bytes, PREAMBLE_BYTES, 4) === 'DICM') return 'dicom-file';
	if (bytes[0] === VT || HL7_LEAD.test(ascii(bytes, 0, 64))) return 'hl7';
	return beginsAsDataSet(bytes) ? 'dicom-data-set' : 'unknown';
}

/** Whether the first element is of group 0002 or 0008, with a length that fits, as data sets begin. */
function beginsAsDataSet(bytes: Uint8Array): boolean {
	if (bytes.length < 16) return false;
	const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
	const group = view.getUint16(0, true);
	if (group !== 0x0002 && group !== 0x0008) return false;
	const explicit = /^[A-Z]{2}$/.test(ascii(bytes, 4, 2));
	const length = explicit ? view.getUint16(6, true) : view.getUint32(4, true);
	return length <= 256;
}

function ascii(bytes: Uint8Array, at: number, count: number): string {
	let text = '';
	for (const byte of bytes.subarray(at, at + count)) text += String.fromCharCode(byte);
	return text;
}
