/**
 * Byte text: a string with one character, U+0000 to U+00FF, per byte. ER7 is split and joined in
 * this form, so that bytes survive whatever their character set is said to be.
 */

const CHUNK_BYTES = 8192;

/** The bytes as byte text. */
export function byteTextOf(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
		text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
	}
	return text;
}

/** The bytes of byte text; of a character above U+00FF the low eight bits. */
export function bytesOfByteText(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
	return bytes;
}
