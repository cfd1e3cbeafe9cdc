import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password matches its own hash only, and two hashes of it differ', async () => {
	const [one, two] = await Promise.all([hashPassword('grüße'), hashPassword('grüße')]);
	expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
	expect(one).not.toBe(two);
	expect(await verifyPassword('grüße', one)).toBe(true);
	expect(await verifyPassword('gruesse', one)).toBe(false);
	// The same word typed on a keyboard that composes the letters.
	expect(await verifyPassword('gru\u0308ße', one)).toBe(true);
});

test('reads a hash of the reference implementation, with other parameters', async () => {
	// Argon2's own test vector for m=256, t=2, p=1 with the salt "somesalt".
	const stored =
		'$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
	expect(await verifyPassword('password', stored)).toBe(true);
	expect(await verifyPassword('passwore', stored)).toBe(false);
});

test.each([
	'',
	'plain',
	'$argon2i$v=19$m=64,t=3,p=1$AAAA$AAAA',
	'$argon2id$v=19$m=64,t=3,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAA',
	'$argon2id$v=19$m=4,t=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAA',
	'$argon2id$v=19$m=9999999,t=3,p=1$AAAAAAAAAAA$AAAA',
])('nothing matches the unreadable hash %j', async (stored) => {
	expect(await verifyPassword('', stored)).toBe(false);
});

test('without a stored hash the answer is no, after the same work', async () => {
	const stored = await hashPassword('right');
	const timeMs = async (hash: string | null) => {
		const startMs = performance.now();
		expect(await verifyPassword('wrong', hash)).toBe(false);
		return performance.now() - startMs;
	};
	const best = async (hash: string | null) =>
		Math.min(await timeMs(hash), await timeMs(hash), await timeMs(hash));
	// An early return would be thousands of times faster; the margin is for a busy machine.
	expect(await best(null)).toBeGreaterThan((await best(stored)) / 5);
});
