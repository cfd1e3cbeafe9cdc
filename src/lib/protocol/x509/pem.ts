/** The textual encoding of certificates and keys (RFC 7468). */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LINE_CHARACTERS = 64;
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

export interface PemBlock {
	/** For example `CERTIFICATE`. */
	readonly label: string;
	readonly bytes: Uint8Array;
}

export function encodePem(label: string, bytes: Uint8Array): string {
	const text = toBase64(bytes);
	const lines: string[] = [];
	for (let at = 0; at < text.length; at += LINE_CHARACTERS) {
		lines.push(text.slice(at, at + LINE_CHARACTERS));
	}
	return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The blocks of a text in order; whatever stands between them is skipped. */
export function decodePem(text: string): PemBlock[] {
	return [...text.matchAll(BLOCK)].flatMap(([, label = '', body = '']) => {
		const bytes = fromBase64(body.replace(/\s/g, ''));
		return bytes ? [{ label, bytes }] : [];
	});
}

function toBase64(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += 3) {
		const [a = 0, b, c] = bytes.subarray(at, at + 3);
		const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
		text += ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63);
		text += b === undefined ? '=' : ALPHABET.charAt((bits >> 6) & 63);
		text += c === undefined ? '=' : ALPHABET.charAt(bits & 63);
	}
	return text;
}

function fromBase64(text: string): Uint8Array | undefined {
	if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	const bytes: number[] = [];
	for (let at = 0; at < text.length; at += 4) {
		let bits = 0;
		for (let i = 0; i < 4; i++)
			bits = (bits << 6) | Math.max(0, ALPHABET.indexOf(text.charAt(at + i)));
		bytes.push((bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
	}
	return Uint8Array.from(bytes.slice(0, bytes.length - padding));
}
