import type { ConversationProtocol } from './capture-report.ts';

/** So many bytes decide, if there are as many. */
export const SNIFF_BYTES = 18;

const PDU_HEADER_BYTES = 6;
const METHODS = /^(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|TRACE|CONNECT) |^HTTP\/1\.[01] /;

/** What a byte stream speaks, from how it begins; the port does not count. */
export function sniffProtocol(bytes: Uint8Array): Exclude<ConversationProtocol, 'none'> {
	const [first, second, third] = bytes;
	if (beginsAsPdu(bytes)) return 'dicom';
	if (first === 0x0b) return 'mllp';
	// A TLS record: handshake or alert, and version 3.x (RFC 8446 section 5.1).
	if ((first === 0x16 || first === 0x15) && second === 3 && (third ?? 9) <= 4) return 'tls';
	const text = String.fromCharCode(...bytes.subarray(0, SNIFF_BYTES));
	return METHODS.test(text) ? 'http' : 'other';
}

/** Whether bytes begin as one of the PDUs of PS3.8 section 9.3, with lengths that fit together. */
export function beginsAsPdu(bytes: Uint8Array): boolean {
	if (bytes.length < PDU_HEADER_BYTES + 4 || bytes[1] !== 0) return false;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const length = view.getUint32(2);
	switch (bytes[0]) {
		case 1:
		case 2:
			// Protocol version 1, and the fixed fields of 68 bytes.
			return length >= 68 && length < 1 << 20 && (view.getUint16(6) & 1) === 1;
		case 3:
		case 5:
		case 6:
		case 7:
			return length === 4;
		case 4: {
			const item = view.getUint32(6);
			if (bytes.length < PDU_HEADER_BYTES + 6) return false;
			return item >= 2 && item + 4 <= length && bytes[10]! % 2 === 1 && bytes[11]! <= 3;
		}
		default:
			return false;
	}
}
