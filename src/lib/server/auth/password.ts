import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** Argon2id with 19 MiB and 2 passes: the first choice of the OWASP password storage cheat sheet. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a stored hash may ask for, so that a damaged row can neither exhaust the server nor throw. */
const MEMORY_KIB_MAX = 262_144;
const PASSES_MAX = 16;
const PARALLELISM_MAX = 16;
/** RFC 9106, section 3.1: memory is at least this many KiB for each lane. */
const MEMORY_KIB_PER_LANE = 8;

const PHC =
	/^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Belongs to no password; checked when there is no user, so that both answers take the same time. */
const NOBODY = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function base64(bytes: Buffer): string {
	return bytes.toString('base64').replace(/=+$/, '');
}

/** The Argon2id hash of a password with a fresh salt, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
	const nonce = randomBytes(SALT_BYTES);
	const hash = await derive('argon2id', {
		message: password.normalize('NFKC'),
		nonce,
		parallelism: PARALLELISM,
		tagLength: HASH_BYTES,
		memory: MEMORY_KIB,
		passes: PASSES,
	});
	return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${base64(nonce)}$${base64(hash)}`;
}

/**
 * Whether the password belongs to the hash, compared in constant time. Without a hash (no such user, or
 * one without a password) it does the same work and says no. An unreadable hash matches nothing.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
	const match = PHC.exec(stored ?? NOBODY);
	if (!match) return false;
	const [memory = 0, passes = 0, parallelism = 0] = match.slice(1, 4).map(Number);
	const [salt = '', hash = ''] = match.slice(4);
	if (parallelism < 1 || parallelism > PARALLELISM_MAX || passes < 1 || passes > PASSES_MAX) {
		return false;
	}
	if (memory < MEMORY_KIB_PER_LANE * parallelism || memory > MEMORY_KIB_MAX) return false;
	const expected = Buffer.from(hash, 'base64');
	const actual = await derive('argon2id', {
		message: password.normalize('NFKC'),
		nonce: Buffer.from(salt, 'base64'),
		parallelism,
		tagLength: expected.length,
		memory,
		passes,
	});
	return timingSafeEqual(actual, expected) && stored !== null;
}
