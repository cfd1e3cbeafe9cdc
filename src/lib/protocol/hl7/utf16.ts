/**
 * Messages in UTF-16, "UNICODE UTF-16" of table 0211. Delimiters and segment ids are two bytes there, so
 * such a message is read and kept as the UTF-8 of the same text, and written back in the units it came in.
 */
import { bytesOfByteText, byteTextOf } from './byte-text.ts';

/** The order of the two bytes of a unit. */
export type Utf16Order = 'big-endian' | 'little-endian';

/** The value of MSH-18 for UTF-16. */
export const UTF16_LABEL = 'UNICODE UTF-16';

const utf8Encoder = new TextEncoder();

/** The order in which a message is in UTF-16, by its byte order mark or first letters; else undefined. */
export function utf16OrderOf(input: string): Utf16Order | undefined {
	if (/^(?:\xfe\xff|\0M\0S)/.test(input)) return 'big-endian';
	return /^(?:\xff\xfe|M\0S\0)/.test(input) ? 'little-endian' : undefined;
}

/** UTF-8, as byte text, of UTF-16 bytes; undefined where these are not well formed. */
export function utf8OfUtf16(input: string, order: Utf16Order): string | undefined {
	const encoding = order === 'big-endian' ? 'utf-16be' : 'utf-16le';
	try {
		const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
		return byteTextOf(utf8Encoder.encode(decoder.decode(bytesOfByteText(input))));
	} catch {
		return undefined;
	}
}

/** UTF-16 bytes of UTF-8 as byte text. */
export function utf16OfUtf8(text: string, order: Utf16Order): Uint8Array {
	const units = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOfByteText(text));
	const bytes = new Uint8Array(2 * units.length);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < units.length; i += 1) {
		view.setUint16(2 * i, units.charCodeAt(i), order === 'little-endian');
	}
	return bytes;
}
