import { expect, test } from 'vitest';
import {
	BLUEPRINT_FILE,
	itemFile,
	OBJECTIVES_FILE,
	SOUND_ITEM,
	SOURCES_FILE,
	type ItemFields,
} from '../lint/item.fixture.ts';
import { itemDigest } from './item-digest.ts';
import { loadBank } from './load-bank.ts';
import type { BankFile } from './parse-bank.ts';

const BASE = [BLUEPRINT_FILE, OBJECTIVES_FILE, SOURCES_FILE];
const LABS = { labs: new Set(['lab-one']) };

function problemsOf(...files: BankFile[]): string[] {
	return loadBank([...BASE, ...files], LABS).problems.map(
		({ path, line, column, message }) => `${path}:${line}:${column} ${message}`,
	);
}

test('a sound bank is read completely', () => {
	const readings = {
		path: 'banks/readings/reader-one.yaml',
		text: `reader: reader-one
date: 2026-11-20
readings:
  - { item: SM-sound-0001, version: 1, digest: 0123456789abcdef, seed: s, answer: log, agrees: true }
`,
	};
	const { bank, problems } = loadBank([...BASE, itemFile(), readings], LABS);
	expect(problems).toEqual([]);
	expect([...bank.blueprints.keys()]).toEqual(['exam-2024']);
	expect(bank.objectives.get('systems.sound')).toMatchObject({ domain: 'systems' });
	expect([...bank.sources.keys()]).toEqual(['work-one', 'work-two']);
	expect(bank.items.get('SM-sound-0001')).toMatchObject({
		...SOUND_ITEM,
		revision: 0,
		pilot: false,
	});
	expect(bank.readings.get('SM-sound-0001')).toEqual([
		{
			...{ reader: 'reader-one', date: '2026-11-20', item: 'SM-sound-0001', version: 1 },
			...{ digest: '0123456789abcdef', agrees: true },
		},
	]);
});

test('mistakes are told with file, line and column, and the rest is used', () => {
	const wrong = {
		path: 'banks/items/systems/SM-wrong-0001.yaml',
		text: itemFile().text.replace('level: 3', 'level: 9'),
	};
	const { bank, problems } = loadBank([...BASE, itemFile(), wrong], LABS);
	expect(problems).toHaveLength(1);
	expect(problems[0]).toMatchObject({ path: wrong.path, line: 10, column: 8 });
	expect(problems[0]?.message).toMatch(/^level: /);
	expect([...bank.items.keys()]).toEqual(['SM-sound-0001']);
});

test.each<[ItemFields, string]>([
	[
		{ blueprint: [{ outline: 'exam-2020', code: 'A' }] },
		'6:5 there is no outline "exam-2020"; choose one of: exam-2024',
	],
	[
		{ blueprint: [{ outline: 'exam-2024', code: 'C' }] },
		'6:5 there is no code of exam-2024 "C"; choose one of: A, A.1, B',
	],
	[
		{ objective: 'systems.none' },
		'8:12 there is no objective "systems.none"; choose one of: systems.sound',
	],
	[
		{ references: [{ source: 'none', section: '1', checked: '2026-11-01' }] },
		'27:13 there is no source "none"; choose one of: work-one, work-two',
	],
	[{ enemies: ['SM-none-0001'] }, '35:5 there is no other item "SM-none-0001"'],
	[{ enemies: ['SM-sound-0001'] }, '35:5 there is no other item "SM-sound-0001"'],
	[{ remediate: 'lab-two' }, '34:12 there is no lab "lab-two"; choose one of: lab-one'],
	[
		{ type: 'scenario', options: undefined, scenario: 'lab-two' },
		'23:11 there is no lab "lab-two"; choose one of: lab-one',
	],
])('a name that leads nowhere leaves the item out: %j', (fields, message) => {
	const { bank, problems } = loadBank([...BASE, itemFile(fields)], LABS);
	expect(bank.items.size).toBe(0);
	expect(problems.map(({ line, column, message: m }) => `${line}:${column} ${m}`)).toEqual([
		message,
	]);
});

test('names of one item must differ', () => {
	const exhibit = { id: 'log', kind: 'text', caption: 'c', alt: 'a', with: { text: 't' } };
	const twice = {
		exhibits: [exhibit],
		params: { vars: { log: { int: [1, 2] } }, derive: { log: '1' } },
	};
	expect(problemsOf(itemFile(twice)).map((text) => text.replace(/^.*? /, ''))).toEqual([
		'the name "log" is used twice',
		'the name "log" is used twice',
	]);
	const options = SOUND_ITEM.options.map((option) => ({ ...option, id: 'same' }));
	expect(problemsOf(itemFile({ options }))).toHaveLength(2);
});

test('ids and names of files agree and are unique', () => {
	const { text } = itemFile();
	expect(problemsOf({ path: 'banks/items/x/SM-other-0001.yaml', text })).toEqual([
		'banks/items/x/SM-other-0001.yaml:1:5 the file of "SM-sound-0001" must be called SM-sound-0001.yaml',
	]);
	expect(problemsOf(itemFile(), { path: 'banks/items/x/SM-sound-0001.yaml', text })).toEqual([
		'banks/items/x/SM-sound-0001.yaml:1:5 the id "SM-sound-0001" is taken; choose a new one',
	]);
	expect(problemsOf({ path: 'banks/notes.yaml', text: 'a: 1' })).toEqual([
		'banks/notes.yaml:1:1 not in one of the folders blueprints, objectives, sources, items, readings',
	]);
});

test('the sections of a blueprint add up', () => {
	const text = BLUEPRINT_FILE.text.replace('scored: 3', 'scored: 4');
	const { bank, problems } = loadBank([{ ...BLUEPRINT_FILE, text }], LABS);
	expect(bank.blueprints.size).toBe(0);
	expect(problems[0]?.message).toBe('the items of the sections add up to 3, form.scored is 4');
});

test('a file that is not YAML is told, never thrown', () => {
	expect(problemsOf({ path: 'banks/items/x/SM-odd-0001.yaml', text: 'a: [1' })[0]).toMatch(
		/^banks\/items\/x\/SM-odd-0001.yaml:\d+:\d+ /,
	);
});

function digest(fields: ItemFields): string {
	const { bank } = loadBank([...BASE, itemFile(fields)], LABS);
	const [item] = bank.items.values();
	if (!item) throw new Error('the item was left out');
	return itemDigest(item);
}

test('the digest changes with what is asked and scored, and with nothing else', () => {
	const [first, ...others] = SOUND_ITEM.options;
	const before = digest({});
	expect(before).toMatch(/^[0-9a-f]{16}$/);
	for (const fields of [
		{ explanation: 'Quite another explanation of the same thing, with as many words.' },
		{ options: [{ ...first, rationale: 'Another reason for the same option.' }, ...others] },
		{ level: 1, time_s: 90, cognitive: 'analyse', version: 2 },
	]) {
		expect(digest(fields)).toBe(before);
	}
	const changed = [
		{ stem: `${SOUND_ITEM.stem} Why?` },
		{ lead_in: 'What then?' },
		{ options: [{ ...first, text: 'The log' }, ...others] },
		{ options: [...others, first] },
		{ exhibits: [{ id: 'x', kind: 'text', caption: 'c', alt: 'a', with: { text: 't' } }] },
		{ params: {} },
	].map(digest);
	expect(new Set([before, ...changed]).size).toBe(changed.length + 1);
});
