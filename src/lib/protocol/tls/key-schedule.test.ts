import { expect, test } from 'vitest';
import { prf } from './key-schedule.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (some: Uint8Array): string => Buffer.from(some).toString('hex');

test('the pseudo-random function gives the published values', () => {
	// "TLS 1.2 PRF test vectors" of the IETF TLS working group's list (P_SHA256).
	const secret = bytes('9bbe436ba940f017b17652849a71db35');
	const seed = bytes('a0ba9f936cda311827a6f796ffd5198c');
	expect(hex(prf('sha256', secret, 'test label', seed, 100))).toBe(
		'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a' +
			'6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab' +
			'4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701' +
			'87347b66',
	);
});

test('a shorter answer is the beginning of a longer one', () => {
	const [secret, seed] = [bytes('01'), bytes('02')];
	const long = prf('sha384', secret, 'label', seed, 200);
	expect(prf('sha384', secret, 'label', seed, 7)).toEqual(long.subarray(0, 7));
});
