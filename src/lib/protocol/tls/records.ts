/** The record layer (RFC 5246 section 6) with AES-GCM protection (RFC 5288). */
import { gcm } from '@noble/ciphers/aes.js';
import { concatBytes } from '../x509/der.ts';
import { uint } from './byte-reader.ts';
import type { DirectionKeys } from './key-schedule.ts';

export const CONTENT = {
	change_cipher_spec: 20,
	alert: 21,
	handshake: 22,
	application_data: 23,
} as const;

const PLAINTEXT_BYTES_MAX = 16_384;
const CIPHERTEXT_BYTES_MAX = PLAINTEXT_BYTES_MAX + 2_048;
const HEADER_BYTES = 5;
const EXPLICIT_NONCE_BYTES = 8;
const TAG_BYTES = 16;
const MAJOR_VERSION = 3;

export interface TlsRecord {
	readonly type: number;
	readonly fragment: Uint8Array;
}

export type ReadRecord =
	| { readonly kind: 'record'; readonly record: TlsRecord }
	| { readonly kind: 'more' }
	| {
			readonly kind: 'bad';
			readonly fault: 'not-tls' | 'version' | 'overflow' | 'mac';
	  };

/** Protects or opens the records of one direction; counts them (RFC 5246 6.1). */
class Protection {
	readonly #keys: DirectionKeys;
	#sequence = 0;

	constructor(keys: DirectionKeys) {
		this.#keys = keys;
	}

	/** The explicit nonce is the sequence number, which never repeats. */
	seal(type: number, version: number, plaintext: Uint8Array): Uint8Array {
		const nonce = uint(this.#sequence, EXPLICIT_NONCE_BYTES);
		const data = this.#additionalData(type, version, plaintext.length);
		return concatBytes([nonce, this.#cipher(nonce, data).encrypt(plaintext)]);
	}

	open(type: number, version: number, fragment: Uint8Array): Uint8Array | undefined {
		const nonce = fragment.subarray(0, EXPLICIT_NONCE_BYTES);
		const sealed = fragment.subarray(EXPLICIT_NONCE_BYTES);
		const data = this.#additionalData(type, version, sealed.length - TAG_BYTES);
		try {
			return this.#cipher(nonce, data).decrypt(sealed);
		} catch {
			return undefined;
		}
	}

	#cipher(explicitNonce: Uint8Array, additionalData: Uint8Array) {
		return gcm(this.#keys.key, concatBytes([this.#keys.salt, explicitNonce]), additionalData);
	}

	#additionalData(type: number, version: number, length: number): Uint8Array {
		const sequence = uint(this.#sequence++, 8);
		return concatBytes([sequence, uint(type, 1), uint(version, 2), uint(length, 2)]);
	}
}

export class RecordWriter {
	#protection: Protection | undefined;

	protect(keys: DirectionKeys): void {
		this.#protection = new Protection(keys);
	}

	/** The records of a message, cut where they would be too long. */
	write(type: number, version: number, bytes: Uint8Array): Uint8Array[] {
		const records: Uint8Array[] = [];
		for (let at = 0; at < bytes.length; at += PLAINTEXT_BYTES_MAX) {
			const plaintext = bytes.subarray(at, at + PLAINTEXT_BYTES_MAX);
			const fragment = this.#protection?.seal(type, version, plaintext) ?? plaintext;
			records.push(
				concatBytes([uint(type, 1), uint(version, 2), uint(fragment.length, 2), fragment]),
			);
		}
		return records;
	}
}

/** Finds the records in a stream, however it is cut into chunks. */
export class RecordReader {
	#pending = new Uint8Array(0);
	#protection: Protection | undefined;
	/** Version that every record must have, once one is agreed on. */
	#version: number | undefined;
	#isFirst = true;

	feed(bytes: Uint8Array): void {
		this.#pending = concatBytes([this.#pending, bytes]) as Uint8Array<ArrayBuffer>;
	}

	/** The first bytes that have not become a record. */
	get pending(): Uint8Array {
		return this.#pending;
	}

	expectVersion(version: number): void {
		this.#version = version;
	}

	protect(keys: DirectionKeys): void {
		this.#protection = new Protection(keys);
	}

	next(): ReadRecord {
		const bytes = this.#pending;
		const [type = 0, major, minor] = bytes;
		// Two bytes tell what is no TLS, so that nobody waits for the rest of it.
		if (bytes.length >= 2 && this.#isFirst && !looksLikeTls(type, major ?? 0)) {
			return { kind: 'bad', fault: 'not-tls' };
		}
		if (bytes.length < HEADER_BYTES) return { kind: 'more' };
		const version = ((major ?? 0) << 8) | (minor ?? 0);
		if (major !== MAJOR_VERSION || (this.#version !== undefined && version !== this.#version)) {
			return { kind: 'bad', fault: 'version' };
		}
		const length = ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0);
		if (length > (this.#protection ? CIPHERTEXT_BYTES_MAX : PLAINTEXT_BYTES_MAX)) {
			return { kind: 'bad', fault: 'overflow' };
		}
		if (bytes.length < HEADER_BYTES + length) return { kind: 'more' };
		this.#isFirst = false;
		this.#pending = bytes.subarray(HEADER_BYTES + length);
		return this.#open(type, version, bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
	}

	#open(type: number, version: number, fragment: Uint8Array): ReadRecord {
		if (!this.#protection) return { kind: 'record', record: { type, fragment } };
		const tooSmall = fragment.length < EXPLICIT_NONCE_BYTES + TAG_BYTES;
		const opened = tooSmall ? undefined : this.#protection.open(type, version, fragment);
		if (!opened) return { kind: 'bad', fault: 'mac' };
		if (opened.length > PLAINTEXT_BYTES_MAX) return { kind: 'bad', fault: 'overflow' };
		return { kind: 'record', record: { type, fragment: opened } };
	}
}

function looksLikeTls(type: number, major: number): boolean {
	return (
		type >= CONTENT.change_cipher_spec &&
		type <= CONTENT.application_data &&
		major === MAJOR_VERSION
	);
}
