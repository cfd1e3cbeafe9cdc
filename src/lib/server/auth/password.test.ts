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

test('reads hashes with other parameters', async () => {
	// Made with the command line tool of the reference implementation's parameters m=64, t=3.
	const { argon2Sync } = await import('node:crypto');
	const nonce = Buffer.alloc(16, 7);
	const tag = argon2Sync('argon2id', {
		...{ message: 'pw', nonce, parallelism: 1, tagLength: 24, memory: 64, passes: 3 },
	});
	const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
	const stored = `$argon2id$v=19$m=64,t=3,p=1$${text(nonce)}$${text(tag)}`;
	expect(await verifyPassword('pw', stored)).toBe(true);
	expect(await verifyPassword('pW', stored)).toBe(false);
});

test.each([
	'',
	'plain',
	'$argon2i$v=19$m=64,t=3,p=1$AAAA$AAAA',
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
