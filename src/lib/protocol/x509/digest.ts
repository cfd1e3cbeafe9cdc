import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

/** The hash functions that signatures and TLS 1.2 use here (FIPS 180-4), by name. */
export const HASHES = { sha256, sha384, sha512 } as const;

export type HashName = keyof typeof HASHES;
