import { expect, test } from 'vitest';
import { labCards } from '../../../../tests/support/page-fixture.ts';
import { addressOf, filterLabs, filtersFrom } from './filters.ts';

const ids = (query: string) =>
	filterLabs(labCards(), filtersFrom(new URLSearchParams(query))).map((lab) => lab.id);

test('without filters all labs stand easiest first', () => {
	expect(ids('').length).toBe(labCards().length);
	expect(ids('')[0]).toBe('echo-drill');
});

test('every word must occur, in any field', () => {
	expect(ids('q=ct+ARCHIVE')).toEqual(['ct2-rejected-after-service']);
	expect(ids('q=parca')).toEqual(['ct2-rejected-after-service']);
	expect(ids('q=nothing-like-this')).toEqual([]);
});

test('level and kind narrow; nonsense does not', () => {
	expect(ids('level=2')).toEqual(['worklist-empty']);
	expect(ids('kind=drill')).toEqual(['echo-drill']);
	expect(ids('level=99&kind=zzz').length).toBe(labCards().length);
});

test('filters survive the address', () => {
	const filters = { text: 'a b', level: 3, kind: 'lab' as const };
	expect(filtersFrom(new URLSearchParams(addressOf(filters)))).toEqual(filters);
	expect(addressOf({ text: ' ', level: undefined, kind: undefined })).toBe('');
});
