import { expect, test } from 'vitest';
import { checkAeTitle, parseDestination, parseSubstitute } from './loopback.ts';

test('a destination is an AE title and a port of this machine', () => {
	expect(parseDestination('STORE=127.0.0.1:11120')).toEqual({ aeTitle: 'STORE', port: 11120 });
	expect(parseDestination('MY STORE=127.0.0.1:1')).toEqual({ aeTitle: 'MY STORE', port: 1 });
	expect(parseDestination('STORE=127.0.0.1:2762,tls')).toEqual({
		...{ aeTitle: 'STORE', port: 2762, tls: true },
	});
});

test('a substitute is a port of the hospital and a port of this machine', () => {
	expect(parseSubstitute('pacs:104=127.0.0.1:4242')).toEqual({
		...{ host: 'pacs', hospitalPort: 104, port: 4242, tls: false },
	});
	for (const text of ['pacs=127.0.0.1:1', 'pacs:0=127.0.0.1:1', 'pacs:104=10.0.0.1:1', '']) {
		expect(() => parseSubstitute(text)).toThrow(RangeError);
	}
});

test.each([
	['STORE=10.0.0.5:104', 'must be at 127.0.0.1'],
	['STORE=0.0.0.0:104', 'must be at 127.0.0.1'],
	['STORE=127.0.0.2:104', 'must be at 127.0.0.1'],
	['STORE=localhost:104', 'must be at 127.0.0.1'],
	['STORE=pacs.example:104', 'must be at 127.0.0.1'],
	['STORE', 'not of the form'],
	['=127.0.0.1:104', 'not of the form'],
	['STORE=127.0.0.1:', 'does not end with'],
	['STORE=127.0.0.1:0', 'no port'],
	['STORE=127.0.0.1:1,ssl', 'does not end with'],
	['STORE=127.0.0.1:65536', 'no port'],
	['SEVENTEEN_LETTERS=127.0.0.1:104', 'no AE title'],
])('%s is refused', (text, why) => {
	expect(() => parseDestination(text)).toThrow(why);
});

test.each(['', '    ', 'A\\B', 'A\nB', 'Ä'])('%j is no AE title', (text) => {
	expect(() => checkAeTitle(text)).toThrow(RangeError);
});
