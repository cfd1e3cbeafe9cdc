/** Base64 (RFC 4648 section 4), as InlineBinary values need it. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const PADDING = 0x3d;
const VALUES = new Map([...CODES].map((code, value) => [code, value]));
const asciiDecoder = new TextDecoder();

/** With padding and without line breaks. */
export function toBase64(bytes: Uint8Array): string {
	const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
	for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
		const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		// Two letters for one byte, three for two, four for three; the rest stays padding.
		const letters = Math.min(4, bytes.length - i + 1);
		for (let n = 0; n < letters; n++) text[at + n] = CODES[(word >> (18 - 6 * n)) & 63] ?? 0;
	}
	return asciiDecoder.decode(text);
}

/** The bytes; undefined for other characters, a wrong length or bits set in the padding (RFC 4648 3.5). */
export function fromBase64(text: string): Uint8Array | undefined {
	if (text.length % 4 !== 0) return undefined;
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	const bytes = new Uint8Array((text.length / 4) * 3 - padding);
	const letters = text.length - padding;
	let word = 0;
	let bits = 0;
	let at = 0;
	for (let i = 0; i < letters; i++) {
		const value = VALUES.get(text.charCodeAt(i));
		if (value === undefined) return undefined;
		word = ((word << 6) | value) & 0xffff;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		bytes[at++] = word >> bits;
	}
	return (word & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
