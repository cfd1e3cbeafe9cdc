import { expect, test } from 'vitest';
import { everyPick, pickVariables, substitute } from './variables.ts';

const VARS = {
	title: { pick: ['CT2_NEW', 'CT_DEFAULT', 'SOMATOM'] },
	port: { pick: ['104', '11112'] },
};

test('variables are replaced in every text of plain data, and nothing else is touched', () => {
	const value = {
		text: 'The title ${title} at ${port}, ${title}; $title, ${}, ${Title}, ${unknown}',
		'${title}': [1, true, null, undefined, ['${port}']],
		deep: { er: { still: '${port}' } },
	};
	const before = structuredClone(value);
	expect(substitute(value, { title: 'X', port: '104' })).toEqual({
		text: 'The title X at 104, X; $title, ${}, ${Title}, ${unknown}',
		'${title}': [1, true, null, undefined, ['104']],
		deep: { er: { still: '104' } },
	});
	expect(value).toEqual(before);
});

test('what is put in is not read for variables again', () => {
	expect(substitute('${a}', { a: '${b}', b: 'no' })).toBe('${b}');
	expect(substitute('${a}', { a: '$& $1' })).toBe('$& $1');
});

test('a seed always picks the same, seeds differ, and the order of declaration does not matter', () => {
	const seeds = Array.from({ length: 40 }, (_, i) => `seed-${i}`);
	const picks = seeds.map((seed) => pickVariables(VARS, seed));
	expect(seeds.map((seed) => pickVariables(VARS, seed))).toEqual(picks);
	expect(new Set(picks.map(({ title }) => title))).toEqual(new Set(VARS.title.pick));
	expect(new Set(picks.map(({ port }) => port))).toEqual(new Set(VARS.port.pick));
	const reversed = { port: VARS.port, title: VARS.title };
	expect(seeds.map((seed) => pickVariables(reversed, seed))).toEqual(picks);
});

test('a file is checked with every choice of every variable', () => {
	expect(everyPick(VARS)).toEqual([
		{ title: 'CT2_NEW', port: '104' },
		{ title: 'CT_DEFAULT', port: '11112' },
		{ title: 'SOMATOM', port: '104' },
	]);
	expect(everyPick({})).toEqual([{}]);
});
