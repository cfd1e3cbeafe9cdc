const ALPHABET = new TextEncoder().encode(
	'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const PADDING = 0x3d;

/** Base64 with padding (RFC 4648 section 4). */
export function base64(bytes: Uint8Array): string {
	const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
	for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
		const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		// Two letters for one byte, three for two, four for three; the rest stays padding.
		const letters = Math.min(4, bytes.length - i + 1);
		for (let n = 0; n < letters; n++) text[at + n] = ALPHABET[(word >> (18 - 6 * n)) & 63] ?? 0;
	}
	return new TextDecoder().decode(text);
}
