import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemOf, makeTestExhibit, SOUND_ITEM, type ItemFields } from '../lint/item.fixture.ts';
import type { Instance } from './instance.ts';
import { itemSchema, type Item } from './item-schema.ts';
import { makeInstance } from './make-instance.ts';

function item(fields: ItemFields = {}): Item {
	return itemSchema.parse(JSON.parse(JSON.stringify({ ...SOUND_ITEM, ...fields })));
}

function instance(fields: ItemFields, seed = 'seed'): Instance {
	const made = makeInstance(item(fields), seed, makeTestExhibit);
	if ('problem' in made) throw new Error(`${made.keys.join('.')}: ${made.problem}`);
	return made.instance;
}

function problem(fields: ItemFields): { problem: string; keys: readonly PropertyKey[] } {
	const made = makeInstance(item(fields), 'seed', makeTestExhibit);
	if ('instance' in made) throw new Error('an instance was made');
	return made;
}

function option(id: string, text: string, correct?: unknown): object {
	return { id, text, rationale: 'Because it is.', ...(correct === undefined ? {} : { correct }) };
}

const GENERATOR: ItemFields = itemOf('numeric', {
	stem: 'There are **{n}** images of {rows} x {rows} from {m.name}: {join(three)}. {{n}}',
	params: {
		vars: {
			n: { int: [100, 900, 50] },
			rows: { pick: [512, 1024] },
			m: {
				pick: [
					{ name: 'CT', bits: 16 },
					{ name: 'US', bits: 8 },
				],
			},
			three: { sample: { from: ['a', 'b', 'c', 'd'], count: 3 } },
		},
		derive: { bytes: 'n * rows * rows * m.bits / 8', key: 'bytes / 2**20' },
		constraints: ['key > 100', "m.name == 'CT' or n > 200"],
	},
	answer: { value: 'key', unit: 'MiB', tol_rel: 0.01 },
	traps: [{ value: 'key * 8', rationale: 'Bits of {m.name} were counted.' }],
});

// Stored attempts replay by these draws: if one of these changes, every stored instance does.
test.each([
	['seed', 'There are **400** images of 1024 x 1024 from CT: c, d, b. {n}', 800],
	['a', 'There are **400** images of 512 x 512 from CT: c, b, d. {n}', 200],
	['b', 'There are **750** images of 1024 x 1024 from US: d, a, b. {n}', 750],
])('the draws of seed %s are frozen', (seed, stem, value) => {
	const { question, key } = instance(GENERATOR, seed);
	expect({ stem: question.stem, key }).toMatchObject({ stem, key: { value } });
});

test('choices are shuffled by a frozen stream', () => {
	const orders = ['seed', 'a', 'b', 'c'].map((seed) => {
		const { question } = instance({}, seed);
		return question.type === 'sba' ? question.choices.map(({ id }) => id).join(' ') : '';
	});
	expect(orders).toEqual(['log cable disk', 'disk cable log', 'log cable disk', 'disk cable log']);
});

test('a generator fills texts, key, traps and rationales', () => {
	const { question, key } = instance(GENERATOR);
	expect(question).toMatchObject({ type: 'numeric', unit: 'MiB', timeS: 60 });
	if (key.type !== 'numeric') throw new Error();
	expect(key.tolerance).toBeCloseTo(key.value * 0.01, 12);
	expect(key.traps).toEqual([key.value * 8]);
	expect(key.rationales['trap-0']).toMatch(/^Bits of (CT|US) were counted\.$/);
});

test('an item without params is not a template', () => {
	expect(instance({ stem: 'An empty object is written {} and {n}.' }).question.stem).toContain(
		'{} and {n}',
	);
});

test('constraints hold for every seed, and steps are kept', () => {
	fc.assert(
		fc.property(fc.string(), (seed) => {
			const { question, key } = instance(GENERATOR, seed);
			const n = Number(/\*\*(\d+)\*\*/.exec(question.stem)?.[1]);
			expect((n - 100) % 50).toBe(0);
			expect(key.type === 'numeric' && key.value > 100).toBe(true);
		}),
		{ numRuns: 200 },
	);
});

test('numbers are shown in ascending order, whatever their units', () => {
	const texts = ['1 GiB', '**900 MiB**', '2,000 MiB', '`5 KiB`'];
	const { question } = instance({
		options: texts.map((text, i) => option(`o${i}`, text, i === 0)),
	});
	if (question.type !== 'sba') throw new Error();
	expect(question.choices.map(({ text }) => text)).toEqual([
		'`5 KiB`',
		'**900 MiB**',
		'1 GiB',
		'2,000 MiB',
	]);
});

test('multi says how many are correct', () => {
	const options = ['a', 'b', 'c', 'd'].map((id) => option(id, `Text ${id}`, id < 'c'));
	const { question, key } = instance({ type: 'multi', options });
	expect(question).toMatchObject({ type: 'multi', select: 2 });
	expect(key).toMatchObject({ type: 'multi', correct: ['a', 'b'] });
});

test('an order is never shown solved, and its ids tell nothing', () => {
	const sequence = ['s1', 's2', 's3', 's4'].map((id) => ({
		id,
		text: `Step ${id}`,
		rationale: `Why ${id}`,
	}));
	for (let i = 0; i < 100; i++) {
		const { question, key } = instance(itemOf('order', { sequence }), `seed-${i}`);
		if (question.type !== 'order' || key.type !== 'order') throw new Error();
		const ids = question.choices.map(({ id }) => id);
		expect(ids).not.toEqual(key.correct);
		expect([...ids].sort()).toEqual([...key.correct].sort());
		expect(ids.every((id) => /^x-[0-9a-f]{8}$/.test(id))).toBe(true);
		expect(key.rationales[key.correct[2] ?? '']).toBe('Why s3');
	}
});

test('right sides of matches are shuffled with the extra ones under ids of their own', () => {
	const pairs = ['a', 'b', 'c'].map((id) => ({
		id,
		left: `L${id}`,
		right: `R${id}`,
		rationale: `Why ${id}`,
	}));
	const extra = [{ id: 'e', text: 'Re', rationale: 'Why e' }];
	const { question, key } = instance(itemOf('match', { pairs, extra }));
	if (question.type !== 'match' || key.type !== 'match') throw new Error();
	expect(question.left.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
	const textOf = (id = ''): string | undefined =>
		question.right.find((right) => right.id === id)?.text;
	expect(Object.entries(key.correct).map(([left, right]) => left + textOf(right))).toEqual([
		'aRa',
		'bRb',
		'cRc',
	]);
	const other = question.right.find(({ text }) => text === 'Re')?.id ?? '';
	expect(key.rationales[other]).toBe('Why e');
	const orders = new Set(
		Array.from({ length: 20 }, (_, i) => {
			const shown = instance(itemOf('match', { pairs, extra }), `s${i}`).question;
			return shown.type === 'match' ? shown.right.map(({ text }) => text).join('') : '';
		}),
	);
	expect(orders.size).toBeGreaterThan(5);
});

const LOG = {
	id: 'log',
	kind: 'log',
	caption: 'The log of {name}',
	alt: 'A log',
	with: { more: '{extra}' },
};

test('variables come before exhibits, exhibits before what is derived from their facts', () => {
	const made = instance(
		itemOf('numeric', {
			exhibits: [LOG],
			params: {
				vars: { n: { pick: [1, 1] } },
				derive: { extra: 'n + 1', name: "'CT'", twice: 'log.length * 2' },
			},
			answer: { value: 'twice' },
		}),
	);
	expect(made.question.exhibits[0]).toEqual({
		...{ id: 'log', kind: 'log', caption: 'The log of CT', alt: 'A log' },
		...{ form: 'text', text: 'SM-sound-0001/seed' },
	});
	expect(made.key).toMatchObject({ value: 2 * ('SM-sound-0001/seed'.length + 2) });
});

test('a constraint on facts draws again, with another seed for the exhibit', () => {
	const constraint = "not contains(log.seed, 'seed') or contains(log.seed, 'seed/3')";
	const fields = {
		exhibits: [{ ...LOG, caption: 'Log', with: {} }],
		params: { constraints: [constraint] },
	};
	const made = makeInstance(item(fields), 'seed', makeTestExhibit);
	expect(made).toMatchObject({ draws: 3 });
});

test('exhibits written by hand are filled', () => {
	const made = instance({
		params: { vars: { n: { int: [5, 5] } } },
		exhibits: [
			{ id: 'one', kind: 'text', caption: 'c', alt: 'a', with: { text: 'n = {n}' } },
			{
				id: 'two',
				kind: 'table',
				caption: 'c',
				alt: 'a',
				with: { columns: ['x', 'y'], rows: [[1, '{n}']] },
			},
		],
	});
	expect(made.question.exhibits).toMatchObject([
		{ form: 'text', text: 'n = 5' },
		{ form: 'table', columns: ['x', 'y'], rows: [['1', '5']] },
	]);
});

const IMAGE = { id: 'scan', kind: 'image', caption: 'A picture', alt: 'A phantom', with: {} };
const REGIONS = ['right', 'left', 'top'].map((id) => ({
	id,
	rationale: `Why ${id}`,
	correct: id === 'left',
}));

test('a hotspot offers the regions of its exhibit in their order, and no others', () => {
	const made = instance(itemOf('hotspot', { exhibits: [IMAGE], on: 'scan', regions: REGIONS }));
	expect(made.question).toMatchObject({
		choices: [
			{ id: 'left', text: 'Place left' },
			{ id: 'right', text: 'Place right' },
			{ id: 'top', text: 'Place top' },
		],
	});
	expect(made.key).toMatchObject({ type: 'hotspot', correct: ['left'] });
});

test.each<[string, ItemFields, string, string]>([
	[
		'two keys',
		{ options: [option('a', 'A', true), option('b', 'B', true), option('c', 'C')] },
		'options',
		'2 options are correct; exactly one must be',
	],
	[
		'no key',
		{ options: [option('a', 'A'), option('b', 'B'), option('c', 'C')] },
		'options',
		'0 options are correct; exactly one must be',
	],
	[
		'a template',
		{ stem: 'a {n', params: {} },
		'stem',
		'"{" without "}"; a literal brace is written "{{" (at character 3)',
	],
	[
		'a key that is no number',
		itemOf('numeric', { answer: { value: "'x'" } }),
		'answer.value',
		'a number is needed here',
	],
	[
		'constraints',
		{ params: { constraints: ['false'] } },
		'params.constraints',
		'no draw of 200 fits the constraints',
	],
	[
		'a constraint that is a number',
		{ params: { constraints: ['1'] } },
		'params.constraints.0',
		'a constraint is true or false',
	],
	[
		'a range',
		{ params: { vars: { n: { int: [5, 1] } } } },
		'params.vars.n',
		'int: [low, high, step] needs low <= high and step >= 1',
	],
	[
		'a sample',
		{ params: { vars: { n: { sample: { from: [1, 2], count: 3 } } } } },
		'params.vars.n',
		'cannot sample 3 of 2',
	],
	[
		'a kind of exhibit',
		{ exhibits: [{ ...LOG, kind: 'other' }] },
		'exhibits.0.with',
		'there is no kind "other"',
	],
	[
		'cells',
		{ exhibits: [{ ...LOG, kind: 'table', with: { columns: ['x'], rows: [[1, 2]] } }] },
		'exhibits.0.with.rows',
		'each row needs 1 cells',
	],
	[
		'parameters of a text',
		{ exhibits: [{ ...LOG, kind: 'text', with: { txt: 'x' } }] },
		'exhibits.0.with.text',
		'Invalid input: expected string, received undefined',
	],
	[
		'a region',
		itemOf('hotspot', {
			exhibits: [IMAGE],
			on: 'scan',
			regions: [...REGIONS, { id: 'bottom', rationale: 'no' }],
		}),
		'regions.3.id',
		'the exhibit has only the regions left, right, top',
	],
])('a mistake in %s is told with its place', (_, fields, keys, message) => {
	const made = problem(fields);
	expect([made.keys.join('.'), made.problem]).toEqual([keys, message]);
});

test('an instance without exhibits takes less than a millisecond', () => {
	const generator = item(GENERATOR);
	const start = performance.now();
	for (let i = 0; i < 1000; i++) makeInstance(generator, `s${i}`, makeTestExhibit);
	expect(performance.now() - start).toBeLessThan(1000);
});
