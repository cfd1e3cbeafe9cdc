import { expect, test } from 'vitest';
import { parseAccept, parseMediaType } from './media-type.ts';
import { parseTarget } from './target.ts';

test('media types: case, quotes and escapes', () => {
	const type = parseMediaType(
		'Multipart/Related; TYPE="application/dicom";boundary="a;\\"b,"; x=1',
	);
	expect(type?.essence).toBe('multipart/related');
	expect([...(type?.parameters ?? [])]).toEqual([
		['type', 'application/dicom'],
		['boundary', 'a;"b,'],
		['x', '1'],
	]);
	expect(parseMediaType('a/b; type=application/dicom')?.parameters.get('type')).toBe(
		'application/dicom',
	);
	for (const bad of [
		'',
		'text',
		'a/b/c',
		'a b/c',
		'a/b; =c',
		'a/b; c',
		'a/b; c="d',
		'a/b; c=d e',
	]) {
		expect(parseMediaType(bad), bad).toBeUndefined();
	}
});

test('Accept: by weight, then as written; parameters stay with their range', () => {
	const accepted = parseAccept(
		'text/*;q=0.3, multipart/related; type="a/b, c"; q=1.0, */*;q=0, image/png ; q=1',
	);
	expect(accepted?.map(({ essence, weight }) => `${essence} ${weight}`)).toEqual([
		'multipart/related 1',
		'image/png 1',
		'text/* 0.3',
		'*/* 0',
	]);
	expect(accepted?.[0]?.parameters).toEqual(new Map([['type', 'a/b, c']]));
	for (const bad of ['text', 'a/b;q=2', 'a/b;q=-1', 'a/b;q=0.1234', 'a/b;q=']) {
		expect(parseAccept(bad), bad).toBeUndefined();
	}
	expect(parseAccept('')).toEqual([]);
});

test('targets are decoded after they are split', () => {
	expect(parseTarget('/a%2Fb//c/?PatientName=M%C3%BCller%5EA%26B&x&y=1+2=3')).toEqual({
		segments: ['a/b', 'c'],
		query: [
			['PatientName', 'Müller^A&B'],
			['x', ''],
			['y', '1+2=3'],
		],
	});
	expect(parseTarget('http://pacs:8042/a?b=c')).toEqual({ segments: ['a'], query: [['b', 'c']] });
	expect(parseTarget('/%')).toBeUndefined();
	expect(parseTarget('/%FF')).toBeUndefined();
});
