import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { BLUEPRINT_FILE, broken, SOUND_ITEM, type ItemFields } from './item.fixture.ts';
import { BANK_RULES } from './bank-rules.ts';

const RATIONALE = 'A reason of more than four words.';

/** As many items as `keys` says, each with three options and the key at the place given. */
function items(texts: readonly string[], keys: readonly number[]): ItemFields[] {
	return keys.map((key, i) => ({
		id: `SM-made-${String(i).padStart(4, '0')}`,
		options: texts.map((text, j) => ({
			...{ id: `o${j}`, text, rationale: RATIONALE },
			...(j === key ? { correct: true } : {}),
		})),
	}));
}

const NUMBERS = ['10 MB', '20 MB', '30 MB'];
const cycle = (length: number, of: readonly number[]): number[] =>
	Array.from({ length }, (_, i) => of[i % of.length] ?? 0);

test('B01: keys of numbers that lean to one place', () => {
	expect(broken(items(NUMBERS, cycle(30, [2])), { rule: 'B01' })).toEqual([
		'1 keys of numeric options stand at the places 0, 0, 30 times (chi-square 60.0)',
	]);
	expect(broken(items(NUMBERS, cycle(30, [0, 1, 2])), { rule: 'B01' })).toEqual([]);
	expect(broken(items(NUMBERS, cycle(19, [2])), { rule: 'B01' })).toEqual([]);
	expect(
		broken(items(['The log', 'The disk', 'The cable'], cycle(30, [2])), { rule: 'B01' }),
	).toEqual([]);
});

test('B02: keys that are mostly the longest option', () => {
	const texts = ['Short', 'Rather longer', 'Mid-size'];
	expect(broken(items(texts, cycle(10, [1])), { rule: 'B02' })).toEqual([
		'1 the key is the longest option in 100 % of items; by chance 33 %',
	]);
	expect(broken(items(texts, cycle(30, [0, 1, 2])), { rule: 'B02' })).toEqual([]);
	expect(broken(items(['Long', 'Even', 'Same'], cycle(30, [1])), { rule: 'B02' })).toEqual([]);
});

test('B03: absolute words that tell', () => {
	const texts = ['Restart it', 'Never restart it', 'Replace it'];
	expect(broken(items(texts, cycle(30, [0, 2])), { rule: 'B03' })).toEqual([
		'1 0 % of 30 options with absolute words are right, of all options 33 %',
	]);
	expect(broken(items(texts, cycle(30, [0, 1, 2])), { rule: 'B03' })).toEqual([]);
});

/** The blueprint of the tests under the name of the exam that has mocks. */
const CIIP = {
	path: 'banks/blueprints/ciip-2024.yaml',
	text: stringify({ ...(parse(BLUEPRINT_FILE.text) as object), exam: 'ciip' }),
};

test('B04: sections with too few items for two forms, and for a choice', () => {
	const place = (code: string) => ({ blueprint: [{ outline: 'ciip-2024', code }] });
	const made = (count: number, code: string): ItemFields[] =>
		items(NUMBERS, cycle(count, [0])).map((item) => ({
			...item,
			id: `${String(item['id']).replace('made', code.toLowerCase())}`,
			...place(code),
		}));
	const extra = [CIIP];
	expect(broken([...made(3, 'A'), ...made(2, 'B')], { rule: 'B04', extra })).toEqual([
		'1 section A of ciip-2024 has 3 items for a quota of 2; two forms need 4',
		'1 section B of ciip-2024 has 2 items for a quota of 1; 3 let a form be chosen',
	]);
	expect(broken([...made(6, 'A'), ...made(3, 'B')], { rule: 'B04', extra })).toEqual([]);
	const family = made(6, 'A').map((item) => ({ ...item, family: 'same' }));
	expect(broken([...family, ...made(3, 'B')], { rule: 'B04', extra })).toEqual([
		'1 section A of ciip-2024 has 2 items for a quota of 2; two forms need 4',
	]);
});

test('B04: objectives with one item', () => {
	expect(broken([{}], { rule: 'B04' })).toEqual([
		'1 the objective systems.sound has 1 live items; two are needed',
	]);
	expect(broken([{}, { id: 'SM-sound-0002' }], { rule: 'B04' })).toEqual([]);
});

test('B05: too much recall', () => {
	const facts = (recall: number): ItemFields[] =>
		items(NUMBERS, cycle(10, [0])).map((item, i) => ({
			...item,
			cognitive: i < recall ? 'recall' : 'apply',
		}));
	expect(broken(facts(5), { rule: 'B05' })).toEqual([
		'1 5 of 10 live items only ask for a fact; most is 40 %',
	]);
	expect(broken(facts(4), { rule: 'B05' })).toEqual([]);
});

test('only live items that are scored count', () => {
	const pilots = items(NUMBERS, cycle(30, [2])).map((item) => ({ ...item, pilot: true }));
	expect(broken([SOUND_ITEM, ...pilots], { rule: 'B01' })).toEqual([]);
	expect(BANK_RULES.map(({ id }) => id)).toEqual(['B01', 'B02', 'B03', 'B04', 'B05']);
});
