import { expect, test } from 'vitest';
import { z } from 'zod';
import { YamlSource } from '#lib/authored/yaml-source.ts';

const TEXT = 'title: A\nrows:\n  - id: one\n    size: 3\n  - { id: two, size: x }\n';
const schema = z.strictObject({
	title: z.string(),
	rows: z.array(z.strictObject({ id: z.string(), size: z.number() })),
});

test('a value that does not fit is found at its line and column', () => {
	const read = new YamlSource('a.yaml', TEXT).read(schema);
	expect(read).toEqual({
		problems: [
			{ path: 'a.yaml', line: 5, column: 22, message: expect.stringMatching(/^rows\.1\.size: /) },
		],
	});
});

test('what does not exist is shown at its nearest ancestor', () => {
	const source = new YamlSource('a.yaml', TEXT);
	expect(source.problem(['rows', 0, 'colour'], 'm')).toMatchObject({ line: 3, column: 5 });
	expect(source.problem(['rows', 7, 'colour'], 'm')).toMatchObject({ line: 3, column: 3 });
	expect(source.problem(['nothing'], 'm')).toMatchObject({ line: 1, column: 1 });
});

test('what fits is read', () => {
	const read = new YamlSource('a.yaml', TEXT.replace('size: x', 'size: 4')).read(schema);
	expect(read).toMatchObject({ value: { rows: [{ size: 3 }, { id: 'two', size: 4 }] } });
});

test('aliases do not grow without bound', () => {
	const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
	for (let i = 1; i < 9; i++) {
		const [name, before] = ['abcdefghi'[i] ?? '', 'abcdefghi'[i - 1] ?? ''];
		bomb.push(`${name}: &${name} [${new Array(10).fill(`*${before}`).join(', ')}]`);
	}
	const source = new YamlSource('bomb.yaml', bomb.join('\n'));
	const started = performance.now();
	expect(source.read(schema)).toHaveProperty('problems');
	expect(performance.now() - started).toBeLessThan(5_000);
});
