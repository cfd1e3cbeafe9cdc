import { expect, test } from 'vitest';
import { safeLink } from './safe-link.ts';

test.each(['https://dicom.nema.org/', 'http://example.org/a?b#c', '/labs', '../x', '#top'])(
	'%s may be followed',
	(href) => {
		expect(safeLink(href)).toBe(href);
	},
);

test.each([
	'javascript:alert(1)',
	'JaVaScRiPt:alert(1)',
	' javascript:alert(1)',
	'java\tscript:alert(1)',
	'\u0001javascript:alert(1)',
	'data:text/html,x',
	'vbscript:x',
	'//evil.example',
	'\\\\evil.example',
	'/\\evil.example',
	'',
])('%j is not followed', (href) => {
	expect(safeLink(href)).toBeUndefined();
});
