import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPath, parsePath } from './path.ts';

test.each([
	['PID-3.1', { segment: 'PID', occurrence: 1, field: 3, component: 1 }],
	['MSH-9', { segment: 'MSH', occurrence: 1, field: 9 }],
	['OBX[3]-5', { segment: 'OBX', occurrence: 3, field: 5 }],
	[
		'PID-3[2].4.2',
		{ segment: 'PID', occurrence: 1, field: 3, repetition: 2, component: 4, subcomponent: 2 },
	],
])('%s is a path', (text, path) => {
	expect(parsePath(text)).toEqual({ path });
	expect(formatPath(path)).toBe(text);
});

test.each([
	['', '"": expected a segment id such as PID at character 1, found the end'],
	['pid-3', '"pid-3": expected a segment id such as PID at character 1, found "pid-3"'],
	['PID', '"PID": expected "-" and a field number at character 4, found the end'],
	['PID.3', '"PID.3": expected "-" and a field number at character 4, found ".3"'],
	['PID-0', '"PID-0": expected the number of a field from 1 to 9999 at character 5, found "0"'],
	['PID-3[2', '"PID-3[2": expected "]" at character 8, found the end'],
	['PID-3.1.2.3', '"PID-3.1.2.3": expected the end at character 10, found ".3"'],
	[
		'PID-99999',
		'"PID-99999": expected the number of a field from 1 to 9999 at character 5, found "99999"',
	],
])('%j is told what is wrong', (text, error) => {
	expect(parsePath(text)).toEqual({ error });
});

test('any text is a path or an error, and a path reads back', () => {
	const anyText = fc.string({ unit: fc.constantFrom(...'PID3-[].09x') });
	fc.assert(
		fc.property(anyText, (text) => {
			const result = parsePath(`PID${text}`);
			if ('error' in result) return;
			expect(parsePath(formatPath(result.path))).toEqual(result);
		}),
	);
});
