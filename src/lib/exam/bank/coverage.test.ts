import { expect, test } from 'vitest';
import { BLUEPRINT_FILE, itemFile, type ItemFields } from '../lint/item.fixture.ts';
import { itemsBySection, supply } from './coverage.ts';
import { itemDigest } from './item-digest.ts';
import { parseBank } from './parse-bank.ts';
import { isProven } from './proven.ts';
import type { Reading } from './reading-schema.ts';

function bankOf(...items: ItemFields[]): ReturnType<typeof parseBank>['bank'] {
	return parseBank([BLUEPRINT_FILE, ...items.map(itemFile)]).bank;
}

test('items count once in each section, tasks with their section, and only when scored', () => {
	const code = (...codes: string[]): ItemFields => ({
		blueprint: codes.map((c) => ({ outline: 'exam-2024', code: c })),
	});
	const bank = bankOf(
		{ id: 'SM-one-0001', ...code('A', 'A.1') },
		{ id: 'SM-two-0001', ...code('A.1', 'B') },
		{ id: 'SM-pilot-0001', ...code('A'), pilot: true },
		{ id: 'SM-draft-0001', ...code('A'), status: 'draft' },
		{ id: 'SM-other-0001', blueprint: [{ outline: 'other-2020', code: 'A' }] },
	);
	const blueprint = bank.blueprints.get('exam-2024');
	if (!blueprint) throw new Error();
	const sections = itemsBySection(bank.items.values(), 'exam-2024', blueprint);
	expect([...sections].map(([c, items]) => [c, items.map(({ id }) => id)])).toEqual([
		['A', ['SM-one-0001', 'SM-two-0001']],
		['B', ['SM-two-0001']],
	]);
});

test('two forms hold two items of a family', () => {
	const ids = ['SM-a-0001', 'SM-a-0002', 'SM-a-0003'].map((id) => ({ id, family: 'same' }));
	const bank = bankOf(...ids, { id: 'SM-b-0001' });
	expect(supply([...bank.items.values()])).toBe(3);
});

test('a reading proves one version of one content for 24 months, unless the author made it', () => {
	const [item] = bankOf({}).items.values();
	if (!item) throw new Error();
	const reading: Reading = {
		...{ reader: 'reader-one', date: '2025-01-15', item: item.id, version: 1 },
		...{ digest: itemDigest(item), agrees: true },
	};
	const proves = (change: Partial<Reading>, today = '2026-11-23'): boolean =>
		isProven(item, [{ ...reading, ...change }], today);
	expect(proves({})).toBe(true);
	expect(proves({}, '2027-01-14')).toBe(true);
	expect(proves({}, '2027-01-15')).toBe(false);
	expect(proves({ agrees: false })).toBe(false);
	expect(proves({ reader: 'author-one' })).toBe(false);
	expect(proves({ version: 2 })).toBe(false);
	expect(proves({ digest: '0123456789abcdef' })).toBe(false);
});
