import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** Argon2id with 19 MiB and 2 passes: the first choice of the OWASP password storage cheat sheet. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a stored hash may ask for at most, so that a damaged row cannot exhaust the server. */
const MEMORY_KIB_MAX = 262_144;
const PASSES_MAX = 16;

const PHC =
	/^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

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
	const [, memory, passes, parallelism, salt = '', hash = ''] = match;
	const expected = Buffer.from(hash, 'base64');
	if (Number(memory) > MEMORY_KIB_MAX || Number(passes) > PASSES_MAX) return false;
	const actual = await derive('argon2id', {
		message: password.normalize('NFKC'),
		nonce: Buffer.from(salt, 'base64'),
		parallelism: Number(parallelism),
		tagLength: expected.length,
		memory: Number(memory),
		passes: Number(passes),
	});
	return timingSafeEqual(actual, expected) && stored !== null;
}
