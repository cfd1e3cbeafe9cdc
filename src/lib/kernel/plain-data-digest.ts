import { murmur3 } from './murmur3.ts';
import { Sha256, toHex } from './sha256.ts';

/** Bytes up to here are written out; a hash of them would not be shorter. */
const SHORT_BYTES = 16;

/**
 * SHA-256, in hexadecimal, over the canonical form of plain data: objects by their sorted keys, arrays,
 * bytes, texts, numbers, booleans, null; `undefined` counts as null. Everything is type-tagged and
 * length-prefixed, so that no two different values look alike. Nested parts and long bytes enter by a
 * 128-bit hash of their own. Throws a TypeError for anything else, such as a function.
 */
export class PlainDataDigest {
	#hash = new Sha256();
	#encoder = new TextEncoder();
	#form = new CanonicalForm();
	#text = '';

	add(item: unknown): void {
		this.#text += this.#form.written(item);
		if (this.#text.length >= 8_192) this.#flush();
	}

	/** The digest of everything added. Nothing may be added afterwards. */
	finish(): string {
		this.#flush();
		return toHex(this.#hash.digest());
	}

	#flush(): void {
		this.#hash.update(this.#encoder.encode(this.#text));
		this.#text = '';
	}
}

/**
 * Writes values as text. What is nested stands there as its own hash, which is remembered: events share
 * their addresses, paths and payloads, and those are then hashed once and not for every event. Whether
 * two values share a part or have equal ones makes no difference to the text.
 */
class CanonicalForm {
	#encoder = new TextEncoder();
	#objects = new Map<object, string>();
	/** By buffer, and in it by offset and length: payloads travel as many views on the same bytes. */
	#bytes = new Map<ArrayBufferLike, Map<string, string>>();

	/** The value in full, its parts by their hashes. */
	written(value: unknown): string {
		if (value instanceof Uint8Array) return this.#writtenBytes(value);
		if (Array.isArray(value)) {
			let text = `[${value.length}:`;
			for (const item of value) text += this.#part(item);
			return text;
		}
		if (typeof value === 'object' && value !== null) {
			const keys = Object.keys(value).sort();
			let text = `{${keys.length}:`;
			for (const key of keys) {
				text += `${key.length}:${key}${this.#part((value as Record<string, unknown>)[key])}`;
			}
			return text;
		}
		return writtenScalar(value);
	}

	#part(value: unknown): string {
		if (typeof value !== 'object' || value === null) return writtenScalar(value);
		if (value instanceof Uint8Array) return this.#writtenBytes(value);
		let part = this.#objects.get(value);
		if (part === undefined) {
			part = `#${hashText(this.#encoder.encode(this.written(value)))}`;
			this.#objects.set(value, part);
		}
		return part;
	}

	#writtenBytes(bytes: Uint8Array): string {
		if (bytes.length <= SHORT_BYTES) return `b${bytes.length}:${toHex(bytes)}`;
		let views = this.#bytes.get(bytes.buffer);
		if (!views) this.#bytes.set(bytes.buffer, (views = new Map<string, string>()));
		const view = `${bytes.byteOffset}+${bytes.length}`;
		let hash = views.get(view);
		if (hash === undefined) views.set(view, (hash = hashText(bytes)));
		return `b${bytes.length}#${hash}`;
	}
}

function hashText(bytes: Uint8Array): string {
	let text = '';
	for (const word of murmur3(bytes)) text += word.toString(36).padStart(7, '0');
	return text;
}

function writtenScalar(value: unknown): string {
	switch (typeof value) {
		case 'string':
			return `s${value.length}:${value}`;
		case 'number':
		case 'boolean':
			return `${value};`;
		case 'undefined':
			return 'n;';
		default:
			if (value === null) return 'n;';
			throw new TypeError(`a trace holds plain data, not ${typeof value}`);
	}
}
