import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { exportItems } from './export-items.ts';
import { EXPORTABLE } from './export-items.fixture.ts';
import { importFile } from './import-file.ts';
import { FORMATS } from './draft.ts';

const OPTIONS = {
	name: 'file',
	format: 'auto',
	objective: 'own.test',
	created: '2026-11-23',
} as const;

function reasonFor(bytes: Uint8Array | string): string {
	const startedMs = performance.now();
	const given = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
	const { accepted, refused } = importFile(given, OPTIONS);
	expect(performance.now() - startedMs).toBeLessThan(3_000);
	expect(accepted).toEqual([]);
	return refused[0]?.reason ?? '';
}

test('entities, documents from elsewhere and unknown references are refused', () => {
	const bomb = `<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>`;
	expect(reasonFor(bomb)).toContain('document type declaration');
	const external = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>';
	expect(reasonFor(external)).toContain('document type declaration');
	expect(reasonFor('<!DOCTYPE quiz SYSTEM "http://example.org/x.dtd"><quiz/>')).toContain(
		'document type',
	);
	expect(reasonFor('<quiz>&nbsp;</quiz>')).toContain('undefined entity');
});

test('XML that is too deep, too wide or too large is refused', () => {
	expect(reasonFor(`<quiz>${'<a>'.repeat(100_000)}`)).toContain('levels of nesting');
	expect(reasonFor(`<quiz>${'<a/>'.repeat(200_000)}</quiz>`)).toContain('elements and texts');
	const many = Array.from({ length: 100 }, (_, i) => `a${i}=""`).join(' ');
	expect(reasonFor(`<quiz ${many}/>`)).toContain('attributes');
	expect(reasonFor(new Uint8Array(2_000_001).fill(0x20))).toContain('larger than 2 MB');
});

const zipOf = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 9 });

test('archives that unpack to far more than they hold are refused', () => {
	const zeros = new Uint8Array(1_900_000).fill(0x20);
	const bomb = zipOf(
		Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.xml`, zeros])),
	);
	expect(bomb.length).toBeLessThan(2_000_000);
	expect(reasonFor(bomb)).toMatch(/times its size|unpacks to more than 20 MB/);
	expect(reasonFor(zipOf({ 'imsmanifest.xml': new Uint8Array(50_000_000) }))).toMatch(
		/larger than 2 MB|times/,
	);
});

test('archives that lie about sizes are refused by what comes out', () => {
	const bomb = zipOf({ 'imsmanifest.xml': new Uint8Array(50_000_000) });
	// The size in the local header and in the directory says ten bytes.
	const view = new DataView(bomb.buffer);
	view.setUint32(22, 10, true);
	expect(reasonFor(bomb)).toMatch(/larger than 2 MB|times/);
});

test('archives with paths outside themselves, with too many or with damaged files are refused', () => {
	expect(reasonFor(zipOf({ '../evil.xml': strToU8('<a/>') }))).toContain('outside itself');
	expect(reasonFor(zipOf({ '/etc/evil.xml': strToU8('<a/>') }))).toContain('outside itself');
	expect(reasonFor(zipOf({ 'a\\b.xml': strToU8('<a/>') }))).toContain('outside itself');
	const many = zipOf(
		Object.fromEntries(Array.from({ length: 2_100 }, (_, i) => [`${i}`, new Uint8Array()])),
	);
	expect(reasonFor(many)).toContain('more than 2000 files');
	const whole = zipOf({ 'imsmanifest.xml': strToU8('<manifest/>'.repeat(50)) });
	expect(reasonFor(whole.subarray(0, 60))).not.toBe('');
	expect(reasonFor(Uint8Array.from([0x50, 0x4b, 3, 4]))).not.toBe('');
});

const made = (['gift', 'moodle-xml', 'qti3'] as const).map((format) => {
	const makeExhibit = () => ({ problem: 'none' });
	return exportItems(EXPORTABLE, { format, title: 't', makeExhibit, seeds: ['s'] }).bytes;
});

test('never throws, whatever the bytes and whatever they are said to be', () => {
	const format = fc.constantFrom('auto' as const, ...FORMATS);
	const piece = fc.constantFrom(
		'{',
		'}',
		'=',
		'~',
		'#',
		'::',
		'->',
		'%',
		'\\',
		'\n',
		'\n\n',
		'a',
		'<p>',
		'</',
		'<!--',
		'&#0;',
		'&lt;',
		'<b ',
		'"',
		'ANSWER: A',
		'A. x',
		'1..2',
		'<![CDATA[',
		'```',
		'| a |',
		'- ',
	);
	const bytes = fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.array(piece, { maxLength: 60 }).map((pieces) => new TextEncoder().encode(pieces.join(''))),
		fc.uint8Array({ maxLength: 100 }).map((tail) => Uint8Array.from([0x50, 0x4b, 3, 4, ...tail])),
	);
	fc.assert(
		fc.property(bytes, format, (given, as) => {
			const { accepted, refused } = importFile(given, { ...OPTIONS, format: as });
			expect(accepted.length + refused.length).toBeGreaterThan(0);
		}),
		{ numRuns: 1_000 },
	);
});

test('never throws on sound files that were damaged in a few places', () => {
	const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
	fc.assert(
		fc.property(fc.constantFrom(...made), damage, (sound, places) => {
			const bytes = sound.slice();
			for (const [at, value] of places) bytes[at % bytes.length] = value;
			expect(() => importFile(bytes, OPTIONS)).not.toThrow();
		}),
		{ numRuns: 400 },
	);
});

test.each([
	'<',
	'<p ',
	'<a "',
	'<script>',
	'&',
	'<table><tr>',
	'<ul><li>',
	'<b>',
	'<!--',
	'*',
	'`',
])('reads HTML made of %j in linear time', (piece) => {
	const html = piece.repeat(Math.floor(400_000 / piece.length));
	const xml = `<quiz><question type="essay"><name><text>x</text></name><questiontext format="html"><text><![CDATA[${html}]]></text></questiontext></question></quiz>`;
	expect(reasonFor(xml)).toContain('essay');
});
