import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	formatAddress,
	inSubnet,
	macAddress,
	maskOf,
	parseAddress,
	parseCidr,
	prefixOfMask,
} from './address.ts';

test('addresses read and write back', () => {
	fc.assert(
		fc.property(fc.nat(0xffff_ffff), (address) => {
			expect(parseAddress(formatAddress(address))).toBe(address);
		}),
	);
	for (const text of ['10.20.10', '10.20.10.256', '1.2.3.4.5', 'pacs', '', '1.2.3.4 ']) {
		expect(parseAddress(text), text).toBeUndefined();
	}
});

test('masks and prefixes', () => {
	expect(formatAddress(maskOf(24))).toBe('255.255.255.0');
	expect([0, 8, 22, 31, 32].map((prefix) => prefixOfMask(maskOf(prefix)))).toEqual([
		0, 8, 22, 31, 32,
	]);
	expect(prefixOfMask(0xff00_ff00)).toBeUndefined();
	expect(parseCidr('10.20.10.77/24')).toEqual({ address: 0x0a14_0a00, prefix: 24 });
	expect(parseCidr('10.20.10.77')?.prefix).toBe(32);
	for (const text of ['10.20.10.0/33', '10.20.10.0/', 'any/8'])
		expect(parseCidr(text)).toBeUndefined();
	expect(inSubnet(0xc0a8_01fe, 0xc0a8_0101, 24)).toBe(true);
	expect(inSubnet(0xc0a8_02fe, 0xc0a8_0101, 24)).toBe(false);
	expect(inSubnet(1, 0xffff_ffff, 0)).toBe(true);
});

test('MAC addresses are local, stable and different', () => {
	expect(macAddress('ct2', 0)).toMatch(/^02(:[0-9a-f]{2}){5}$/);
	expect(macAddress('ct2', 0)).toBe(macAddress('ct2', 0));
	expect(macAddress('ct2', 0)).not.toBe(macAddress('ct2', 1));
});
