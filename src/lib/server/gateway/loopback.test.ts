import { expect, test } from 'vitest';
import { checkAeTitle, parseDestination } from './loopback.ts';

test('a destination is an AE title and a port of this machine', () => {
	expect(parseDestination('STORE=127.0.0.1:11120')).toEqual({ aeTitle: 'STORE', port: 11120 });
	expect(parseDestination('MY STORE=127.0.0.1:1')).toEqual({ aeTitle: 'MY STORE', port: 1 });
});

test.each([
	['STORE=10.0.0.5:104', 'must be at 127.0.0.1'],
	['STORE=0.0.0.0:104', 'must be at 127.0.0.1'],
	['STORE=127.0.0.2:104', 'must be at 127.0.0.1'],
	['STORE=localhost:104', 'must be at 127.0.0.1'],
	['STORE=pacs.example:104', 'must be at 127.0.0.1'],
	['STORE', 'not of the form'],
	['=127.0.0.1:104', 'not of the form'],
	['STORE=127.0.0.1:', 'not of the form'],
	['STORE=127.0.0.1:0', 'no port'],
	['STORE=127.0.0.1:65536', 'no port'],
	['SEVENTEEN_LETTERS=127.0.0.1:104', 'no AE title'],
])('%s is refused', (text, why) => {
	expect(() => parseDestination(text)).toThrow(why);
});

test.each(['', '    ', 'A\\B', 'A\nB', 'Ä'])('%j is no AE title', (text) => {
	expect(() => checkAeTitle(text)).toThrow(RangeError);
});
