import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '#lib/kernel/sha256.ts';
import { decodeDns, encodeDns, reverseName, type DnsMessage } from './dns.ts';

const query: DnsMessage = {
	id: 0x1234,
	response: false,
	code: 'no-error',
	name: 'pacs.example',
	type: 'A',
	answers: [],
	timeToLiveSeconds: 0,
};

test('a query byte for byte', () => {
	expect(toHex(encodeDns(query)!)).toBe(
		'123401000001000000000000' + '0470616373076578616d706c6500' + '00010001',
	);
});

test('responses read back', () => {
	const answer = { ...query, response: true, answers: ['10.20.20.10'], timeToLiveSeconds: 60 };
	expect(decodeDns(encodeDns(answer)!)).toEqual(answer);
	const name = reverseName('10.20.20.10');
	expect(name).toBe('10.20.20.10.in-addr.arpa');
	const pointer = { ...answer, name, type: 'PTR' as const, answers: ['pacs.example'] };
	expect(decodeDns(encodeDns(pointer)!)).toEqual(pointer);
	const missing = { ...query, response: true, code: 'not-found' as const };
	expect(decodeDns(encodeDns(missing)!)).toEqual(missing);
});

test('names that cannot be encoded and bytes that cannot be read are undefined', () => {
	for (const name of ['', 'a..b', 'x'.repeat(64), 'naïve', Array(60).fill('abcde').join('.')]) {
		expect(encodeDns({ ...query, name }), name).toBeUndefined();
	}
	// A name that points to itself.
	const circle = encodeDns(query)!;
	circle.set([0xc0, 12], 12);
	expect(decodeDns(circle)).toBeUndefined();
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
			decodeDns(bytes);
		}),
	);
	const whole = encodeDns({ ...query, response: true, answers: ['1.2.3.4'] })!;
	for (let size = 0; size < whole.length; size++) {
		expect(decodeDns(whole.subarray(0, size)), `${size} bytes`).toBeUndefined();
	}
});
