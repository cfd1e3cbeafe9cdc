/** Secrets and keys of a connection (RFC 5246 sections 5, 6.3 and 8.1, RFC 7627 section 4). */
import { hmac } from '@noble/hashes/hmac.js';
import { asciiBytes, concatBytes } from '../x509/der.ts';
import { HASHES, type HashName } from '../x509/digest.ts';
import type { CipherSuite } from './cipher-suites.ts';

const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;
/** The fixed part of the nonce (RFC 5288 section 3). */
const SALT_BYTES = 4;

/** Keys of one direction. */
export interface DirectionKeys {
	readonly key: Uint8Array;
	readonly salt: Uint8Array;
}

export function transcriptHash(hash: HashName, messages: readonly Uint8Array[]): Uint8Array {
	return HASHES[hash](concatBytes(messages));
}

/** The pseudo-random function (RFC 5246 section 5). */
export function prf(
	hash: HashName,
	secret: Uint8Array,
	label: string,
	seed: Uint8Array,
	count: number,
): Uint8Array {
	const labelled = concatBytes([asciiBytes(label), seed]);
	const blocks: Uint8Array[] = [];
	let a = labelled;
	for (let made = 0; made < count;) {
		a = hmac(HASHES[hash], secret, a);
		const block = hmac(HASHES[hash], secret, concatBytes([a, labelled]));
		blocks.push(block);
		made += block.length;
	}
	return concatBytes(blocks).subarray(0, count);
}

export interface Randoms {
	readonly client: Uint8Array;
	readonly server: Uint8Array;
}

/** With a session hash the extended master secret, without the old one. */
export function masterSecret(
	hash: HashName,
	preMaster: Uint8Array,
	seed: { sessionHash: Uint8Array } | Randoms,
): Uint8Array {
	return 'sessionHash' in seed
		? prf(hash, preMaster, 'extended master secret', seed.sessionHash, MASTER_SECRET_BYTES)
		: prf(
				hash,
				preMaster,
				'master secret',
				concatBytes([seed.client, seed.server]),
				MASTER_SECRET_BYTES,
			);
}

export function connectionKeys(
	suite: CipherSuite,
	master: Uint8Array,
	randoms: Randoms,
): { client: DirectionKeys; server: DirectionKeys } {
	const { keyBytes, hash } = suite;
	const seed = concatBytes([randoms.server, randoms.client]);
	const block = prf(hash, master, 'key expansion', seed, 2 * (keyBytes + SALT_BYTES));
	const salts = block.subarray(2 * keyBytes);
	return {
		client: { key: block.subarray(0, keyBytes), salt: salts.subarray(0, SALT_BYTES) },
		server: { key: block.subarray(keyBytes, 2 * keyBytes), salt: salts.subarray(SALT_BYTES) },
	};
}

/** The content of a Finished message (RFC 5246 7.4.9). */
export function verifyData(
	hash: HashName,
	master: Uint8Array,
	sender: 'client' | 'server',
	messages: readonly Uint8Array[],
): Uint8Array {
	const digest = transcriptHash(hash, messages);
	return prf(hash, master, `${sender} finished`, digest, VERIFY_DATA_BYTES);
}

/** `CLIENT_RANDOM ...`: a line of the key log file that Wireshark reads. */
export function keyLogLine(clientRandom: Uint8Array, master: Uint8Array): string {
	const hex = (bytes: Uint8Array): string =>
		Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `CLIENT_RANDOM ${hex(clientRandom)} ${hex(master)}`;
}
