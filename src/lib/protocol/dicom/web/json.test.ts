import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataSet } from '../dataset/data-set.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { JsonDataSet } from './json-model.ts';
import { jsonToDataSet } from './read-json.ts';
import { dataSetToJson } from './write-json.ts';

function read(json: unknown, bulk: Record<string, Uint8Array> = {}): DataSet {
	const result = jsonToDataSet(json, { bulkData: (uri) => bulk[uri] });
	if (!result.ok) throw new Error(`${result.at}: ${result.message}`);
	return result.dataSet;
}

test('each kind of value as PS3.18 annex F writes it', () => {
	const dataSet = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		ImageType: ['ORIGINAL', '', 'AXIAL'],
		StudyDescription: 'CT Schädel',
		AccessionNumber: '',
		PatientName: 'Müller^Jörg^^Dr.',
		PatientID: '  P1',
		ImageComments: 'one\\two',
		SliceThickness: '1.50',
		PixelSpacing: ['0.5', '1e-3'],
		InstanceNumber: '+007',
		Rows: 512,
		FrameIncrementPointer: ['FrameTime', '00181065'],
		ReferencedStudySequence: [],
		ProcedureCodeSequence: [
			DataSet.from({ CodeValue: 'A', CodeMeaning: 'Kopf nativ' }),
			DataSet.from({}),
		],
	});
	dataSet.set(0x00091010, Uint8Array.of(1, 2, 3, 4), 'UN');
	dataSet.set(0x00091011, [-1.5, Number.NaN], 'FD');
	dataSet.setRaw(0x00091012, 'UV', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255));
	dataSet.set(0x00091013, [-5, 7], 'SV');
	dataSet.set(0x00090000, 4, 'UL');
	expect(dataSetToJson(dataSet)).toEqual({
		'00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
		'00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
		'00080050': { vr: 'SH' },
		'00081030': { vr: 'LO', Value: ['CT Schädel'] },
		'00081032': {
			vr: 'SQ',
			Value: [
				{
					'00080100': { vr: 'SH', Value: ['A'] },
					'00080104': { vr: 'LO', Value: ['Kopf nativ'] },
				},
				{},
			],
		},
		'00081110': { vr: 'SQ' },
		'00091010': { vr: 'UN', InlineBinary: 'AQIDBA==' },
		'00091011': { vr: 'FD', Value: [-1.5, null] },
		'00091012': { vr: 'UV', Value: ['18446744073709551615'] },
		'00091013': { vr: 'SV', Value: [-5, 7] },
		'00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jörg^^Dr.' }] },
		'00100020': { vr: 'LO', Value: ['  P1'] },
		'00180050': { vr: 'DS', Value: [1.5] },
		'00200013': { vr: 'IS', Value: [7] },
		'00204000': { vr: 'LT', Value: ['one\\two'] },
		'00280009': { vr: 'AT', Value: ['00181063', '00181065'] },
		'00280010': { vr: 'US', Value: [512] },
		'00280030': { vr: 'DS', Value: [0.5, 0.001] },
	});
	expect(Object.keys(dataSetToJson(dataSet))).toEqual(Object.keys(dataSetToJson(dataSet)).sort());
});

test('all component groups of a name, and names without the first', () => {
	const dataSet = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 192',
		PatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
		OtherPatientNames: ['A', '', '=山', '==や'],
	});
	const json = dataSetToJson(dataSet);
	expect(json['00100010']?.Value).toEqual([
		{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
	]);
	expect(json['00101001']?.Value).toEqual([
		{ Alphabetic: 'A' },
		null,
		{ Ideographic: '山' },
		{ Phonetic: 'や' },
	]);
	expect(read(json).text('PatientName')).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
	expect(read(json).text('OtherPatientNames')).toBe('A\\\\=山\\==や');
});

test('decimal strings are numbers unless digits would get lost', () => {
	const values = [
		'1',
		'-0.50',
		'1.0E+2',
		'0',
		'.5',
		'9007199254740993',
		'123456789012.345',
		'1.',
		'x',
	];
	const dataSet = new DataSet().set('PixelSpacing', values);
	expect(dataSetToJson(dataSet)['00280030']?.Value).toEqual([
		...[1, -0.5, 100, 0, 0.5, '9007199254740993', 123456789012.345, 1, 'x'],
	]);
	expect(read(dataSetToJson(dataSet)).texts('PixelSpacing')).toEqual([
		...['1', '-0.5', '100', '0', '0.5', '9007199254740993', '123456789012.345', '1', 'x'],
	]);
});

test('bulk data has a URI with its path, and comes back through it', () => {
	const pixels = new Uint8Array(2_000).fill(3);
	const icon = DataSet.from({ PixelData: new Uint8Array(2_000).fill(4) });
	const dataSet = DataSet.from({ IconImageSequence: [icon], PixelData: pixels });
	const json = dataSetToJson(dataSet, {
		bulkDataUri: (element, path) => (element.length > 1_000 ? path.join('/') : undefined),
	});
	expect(json['7FE00010']).toEqual({ vr: 'OW', BulkDataURI: '7FE00010' });
	const item = json['00880200']?.Value?.[0] as JsonDataSet;
	expect(item['7FE00010']?.BulkDataURI).toBe('00880200/1/7FE00010');
	const back = read(json, { '7FE00010': pixels, '00880200/1/7FE00010': new Uint8Array(2) });
	expect(back.bytes('PixelData')).toEqual(pixels);
	expect(jsonToDataSet(json)).toMatchObject({ ok: false, at: '00880200[0].7FE00010' });
});

test('fragments have no inline form', () => {
	const dataSet = new DataSet().setFragments('PixelData', [new Uint8Array(0), Uint8Array.of(1, 2)]);
	expect(dataSetToJson(dataSet)).toEqual({});
	expect(dataSetToJson(dataSet, { bulkDataUri: () => 'u' })).toEqual({
		'7FE00010': { vr: 'OB', BulkDataURI: 'u' },
	});
});

test.each([
	['no object', [], ''],
	['a name that is no tag', { patient: { vr: 'PN' } }, 'patient'],
	['no VR', { '00100020': { Value: ['a'] } }, '00100020'],
	['an unknown VR', { '00100020': { vr: 'XX' } }, '00100020'],
	['null', { '00100020': null }, '00100020'],
	['two forms', { '00100020': { vr: 'OB', Value: [1], InlineBinary: '' } }, '00100020'],
	['a value that is no array', { '00100020': { vr: 'LO', Value: 'a' } }, '00100020.Value'],
	['a number as text', { '00100020': { vr: 'LO', Value: [1] } }, '00100020.Value[0]'],
	['text as a number', { '00280010': { vr: 'US', Value: ['1'] } }, '00280010.Value[0]'],
	['a number too large', { '00280010': { vr: 'US', Value: [65536] } }, '00280010'],
	['an empty number', { '00280010': { vr: 'US', Value: [null] } }, '00280010.Value[0]'],
	['a name as text', { '00100010': { vr: 'PN', Value: ['A^B'] } }, '00100010.Value[0]'],
	[
		'a group that is no text',
		{ '00100010': { vr: 'PN', Value: [{ Alphabetic: 1 }] } },
		'00100010.Value[0]',
	],
	['a tag that is none', { '00280009': { vr: 'AT', Value: ['FrameTime'] } }, '00280009.Value[0]'],
	['no base64', { '7FE00010': { vr: 'OW', InlineBinary: 'A' } }, '7FE00010'],
	['values for octets', { '7FE00010': { vr: 'OW', Value: [1] } }, '7FE00010'],
	['an item that is none', { '00081110': { vr: 'SQ', Value: ['a'] } }, '00081110[0]'],
	['a fraction in UV', { '00091012': { vr: 'UV', Value: [0.5] } }, '00091012.Value[0]'],
	['a negative UV', { '00091012': { vr: 'UV', Value: ['-1'] } }, '00091012.Value[0]'],
])('the document is at fault: %s', (_what, json, at) => {
	expect(jsonToDataSet(json)).toMatchObject({ ok: false, at });
});

test('depth is limited', () => {
	let json: JsonDataSet = {};
	for (let i = 0; i < 5_000; i++) json = { '00081110': { vr: 'SQ', Value: [json] } };
	expect(jsonToDataSet(json)).toMatchObject({ ok: false, message: 'nested deeper than 32' });
});

test('base64 of any bytes, and nothing else', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
			expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
			expect(fromBase64(toBase64(bytes))).toEqual(bytes);
		}),
	);
	for (const bad of ['A', 'AB=C', 'AA=A', '====', 'A===', 'AB==', 'AAB=', 'A A=', 'AA-_']) {
		expect(fromBase64(bad), bad).toBeUndefined();
	}
});

const word = fc.stringMatching(/^[A-Za-z0-9À-ÿ山や][A-Za-z0-9 À-ÿ山や]{0,8}[A-Za-z0-9À-ÿ山や]$/);
const ascii = fc.stringMatching(/^[A-Z0-9_]{1,8}$/);
const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
const attribute = fc.oneof(
	many(word).map((value) => [0x00081030, 'LO', value] as const),
	many(fc.oneof(ascii, fc.constant(''))).map(
		(value) => [0x00080008, 'CS', [...value, 'Z']] as const,
	),
	many(fc.tuple(word, word)).map(
		(names) => [0x00101001, 'PN', names.map(([a, b]) => `${a}^x=${b}`)] as const,
	),
	word.map((value) => [0x00204000, 'LT', `${value}\\x`] as const),
	many(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map(
		(v) => [0x00200013, 'IS', v] as const,
	),
	many(fc.integer({ min: -9_999, max: 9_999 })).map(
		(v) => [0x00280030, 'DS', v.map((n) => n / 8)] as const,
	),
	many(fc.nat(65_535)).map((value) => [0x00280010, 'US', value] as const),
	many(fc.integer({ min: -32_768, max: 32_767 })).map((v) => [0x00280106, 'SS', v] as const),
	many(fc.double({ noNaN: true, noDefaultInfinity: true })).map(
		(v) => [0x00189073, 'FD', v] as const,
	),
	many(fc.nat(0xffffffff)).map((value) => [0x00280009, 'AT', value] as const),
	many(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(
		(v) => [0x00091012, 'UV', new Uint8Array(BigUint64Array.from(v).buffer)] as const,
	),
	fc
		.uint8Array({ maxLength: 20 })
		.map((v) => [0x7fe00010, 'OW', v.length % 2 ? v.slice(1) : v] as const),
);

test('property: a data set comes back from JSON, in any nesting', () => {
	const level = fc.array(attribute, { maxLength: 6 });
	fc.assert(
		fc.property(level, fc.array(level, { maxLength: 2 }), (outer, items) => {
			const make = (attributes: typeof outer, dataSet = new DataSet()): DataSet => {
				for (const [tag, vr, value] of attributes) {
					if (vr === 'UV') dataSet.setRaw(tag, vr, value);
					else dataSet.set(tag, value, vr);
				}
				return dataSet;
			};
			const dataSet = make(outer, new DataSet().set('SpecificCharacterSet', 'ISO_IR 192'));
			if (items.length > 0)
				dataSet.set(
					'ReferencedStudySequence',
					items.map((item) => make(item)),
				);
			const json = dataSetToJson(dataSet);
			const back = read(JSON.parse(JSON.stringify(json)));
			const content = (one: DataSet): unknown =>
				one.elements().map((e) => [e.tag, e.vr, toBase64(e.bytes), e.items?.map(content)]);
			expect(content(back)).toEqual(content(dataSet));
			expect(dataSetToJson(back)).toEqual(json);
		}),
		{ numRuns: 300 },
	);
});
