import { expect, test } from 'vitest';
import { debriefFixture } from '../../../../tests/support/page-fixture.ts';
import { lineTone, plainWords, pointsText, verdictOf } from './verdict.ts';

const { score } = debriefFixture();

test('harm comes before everything else in the verdict', () => {
	expect(verdictOf({ ...score, total: 95, passed: true }).tone).toBe('good');
	expect(verdictOf({ ...score, total: 95, passed: true }).headline).toContain('cleanly');
	expect(verdictOf({ ...score, total: 75, passed: true }).headline).toContain('points to gain');
	expect(verdictOf({ ...score, passed: false }).headline).toContain('Not solved');
	const gate = { factor: 0.5, reasons: [] };
	expect(verdictOf({ ...score, total: 95, passed: true, gate }).tone).toBe('bad');
});

test('tones and points of a line', () => {
	expect([lineTone(4, 4), lineTone(2, 4), lineTone(0, 4), lineTone(-2, 0)]).toEqual([
		'good',
		'warning',
		'bad',
		'bad',
	]);
	expect([pointsText(8), pointsText(7.46)]).toEqual(['8', '7.5']);
});

test('catalogue words become readable, names stay', () => {
	expect(plainWords('ae-title-changed')).toBe('AE title changed');
	expect(plainWords('PACS archive')).toBe('PACS archive');
	expect(plainWords('ct2')).toBe('ct2');
});
