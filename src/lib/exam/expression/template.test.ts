import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillTemplate, fillValue } from './template.ts';

test.each([
	['{n} images', '7 images'],
	['{n}x{n}', '7x7'],
	['{{n}}', '{n}'],
	['{{{n}}}', '{7}'],
	["{n > 5 ? '}' : '{'}", '}'],
	['{ list }', '1, 2'],
	['{flag}', 'true'],
	['none', 'none'],
	['', ''],
])('%s', (text, value) => {
	expect(fillTemplate(text, { n: 7, list: [1, 2], flag: true })).toEqual({ value });
});

test.each([
	['a {n', 2, '"{" without "}"; a literal brace is written "{{"'],
	['a } b', 2, '"}" without "{"; a literal brace is written "}}"'],
	['ab {n + x}', 8, '"x" is not known'],
	['{r}', 1, 'a record cannot be printed; name one of its fields'],
	['{}', 1, 'unexpected end of expression'],
])('%s is refused', (text, position, message) => {
	expect(fillTemplate(text, { n: 7, r: { a: 1 } })).toEqual({ problem: { message, position } });
});

test('a text that is one expression keeps the kind of its value', () => {
	expect(fillValue('{n}', { n: 7 })).toEqual({ value: 7 });
	expect(fillValue('{list}', { list: [1] })).toEqual({ value: [1] });
	expect(fillValue('{n}.', { n: 7 })).toEqual({ value: '7.' });
	expect(fillValue('n', { n: 7 })).toEqual({ value: 'n' });
});

test('doubled braces bring any text through unchanged', () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			const escaped = text.replace(/[{}]/g, (brace) => brace + brace);
			expect(fillTemplate(escaped, {})).toEqual({ value: text });
		}),
	);
});
