import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { decodeDataSet } from './decode-data-set.ts';
import { encodeDataSet, joinBytes } from './encode-data-set.ts';
import { readPart10, writePart10 } from './part10.ts';
import { UID } from './uids.ts';
import { validateDataSet } from './validate-data-set.ts';
import { fitsMultiplicity } from './value-rules.ts';

const ASCII = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The sentences about one element that holds these bytes. */
function remarksOf(tag: number, vr: string, bytes: Uint8Array | string): string[] {
	const value = typeof bytes === 'string' ? ASCII(bytes) : bytes;
	return validateDataSet(new DataSet().setRaw(tag, vr, value)).map((remark) => remark.text);
}

const TAGS: Readonly<Record<string, number>> = {
	AE: 0x00080054,
	AS: 0x00101010,
	AT: 0x00280009,
	CS: 0x00080008,
	DA: 0x00080020,
	DS: 0x00281050,
	DT: 0x0008002a,
	IS: 0x00200013,
	LO: 0x00080070,
	LT: 0x00104000,
	PN: 0x00100010,
	SH: 0x00080050,
	TM: 0x00080030,
	UI: 0x00080018,
	UR: 0x0008120a,
};

test.each([
	['AE', 'CT2 '],
	['AS', '064Y'],
	['CS', 'ORIGINAL\\PRIMARY\\AX_1'],
	['DA', '20240229'],
	['DS', '-1.5e-3 \\+.5 \\ 12.'],
	['DT', '20260309'],
	['DT', '20260309074012.250+0100 '],
	['IS', '-2147483648 '],
	['LT', 'line\r\nline\tx'],
	['PN', 'Doe^Jane^^Dr^=A^B=C '],
	['TM', '07'],
	['TM', '235960.5'],
	['TM', '0740'],
	['UI', '1.2.0.34'],
	['UR', 'https://example.org/a%20b '],
])('%s %j is right', (vr, value) => {
	const even = value.length % 2 === 0 ? value : value + (vr === 'UI' ? '\0' : ' ');
	expect(remarksOf(TAGS[vr]!, vr, even)).toEqual([]);
});

test.each([
	['AE', '    ', []],
	['AE', 'NAMEOFMORETHAN16CH', ['18 characters']],
	['AS', '64Y ', ['three digits']],
	['CS', 'Axial ', ['capital letters']],
	['DA', '2026.03.09', ['ACR-NEMA', '10 characters']],
	['DA', '20230229', ['no day']],
	['DA', '20261301', ['no day']],
	['DA', '2026039 ', ['YYYYMMDD']],
	['DS', '1,5 ', ['no decimal']],
	['DS', '1.2345678901234567', ['18 characters']],
	['DT', '20260309 07', ['not of the form']],
	['DT', '20260309074012+1500 ', ['UTC']],
	['IS', '2147483648', ['32 bits']],
	['IS', '1.5 ', ['no integer']],
	['LO', 'a\nb ', ['control characters']],
	['PN', 'A=B=C=D ', ['4 component groups']],
	['PN', 'A^B^C^D^E^F ', ['6 components']],
	['PN', 'x'.repeat(66), ['64 characters']],
	['SH', 'longer than sixteen ', ['19 characters']],
	['TM', '07:40:12', ['HHMMSS']],
	['TM', '2460', ['no time']],
	['UI', '1.2.03', ['leading zero']],
	['UI', '1.2..3', ['empty component']],
	['UI', '1.2.x ', ['digits and dots', 'space, not NUL']],
	['UI', '3.2\0', ['first component']],
	['LO', 'abc\0', ['padded with NUL']],
	['LO', 'abc', ['odd length']],
	['UR', 'a b c ', ['no URI']],
	['PN', new Uint8Array([0x42, 0xf6]), ['seems to be ISO_IR 100']],
	['CS', new Uint8Array([0x42, 0xf6]), ['capital letters', 'default repertoire']],
	['AT', new Uint8Array(6), ['no whole number']],
	['XX', new Uint8Array(2), ['VR XX']],
] as const)('%s %j: %j', (vr, value, parts) => {
	const texts = remarksOf(TAGS[vr] ?? 0x00080070, vr, value).join('\n');
	for (const part of parts) expect(texts).toContain(part);
	if (parts.length === 0) expect(texts).toBe('');
});

test('multiplicities are those of the dictionary', () => {
	expect(remarksOf(0x00280030, 'DS', '0.5 ')).toEqual(['one value, where the multiplicity is 2']);
	expect(remarksOf(0x00280030, 'DS', '0.5\\0.5 ')).toEqual([]);
	expect(remarksOf(0x00280010, 'US', new Uint8Array(4))[0]).toContain('2 values');
	expect(fitsMultiplicity(4, '2-2n')).toBe(true);
	expect(fitsMultiplicity(3, '2-2n')).toBe(false);
	expect(fitsMultiplicity(4, '1-3')).toBe(false);
	expect(fitsMultiplicity(9, '1-n')).toBe(true);
	expect(fitsMultiplicity(1, '2-n')).toBe(false);
});

test('places that elements may not have', () => {
	expect(remarksOf(0x00020010, 'UI', '1.20')[0]).toContain('group 0002');
	expect(remarksOf(0x00100000, 'UL', new Uint8Array(4))[0]).toContain('group lengths');
	expect(remarksOf(0x00091001, 'LO', 'ab')[0]).toContain('no private creator');
	const owned = new DataSet().set(0x00090010, 'ACME').set(0x00091001, 'ab', 'LO');
	expect(validateDataSet(owned)).toEqual([]);
	expect(remarksOf(0x00100020, 'SH', 'ab')[0]).toBe('VR SH, but LO in the dictionary');
	expect(remarksOf(0x00080005, 'CS', 'ISO IR 100')[0]).toContain('no defined term');
});

function image(): DataSet {
	return DataSet.from({
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: '1.2.3',
		StudyDate: '',
		StudyTime: '',
		AccessionNumber: '',
		Modality: 'CT',
		ReferringPhysicianName: '',
		PatientName: '',
		PatientID: '',
		PatientBirthDate: '',
		PatientSex: '',
		StudyInstanceUID: '1.2.4',
		SeriesInstanceUID: '1.2.5',
		StudyID: '',
	});
}

test('objects need the attributes of patient, study and series', () => {
	expect(validateDataSet(image())).toEqual([]);
	const poor = image().set('SeriesInstanceUID', '');
	poor.delete('PatientID');
	expect(validateDataSet(poor).map(({ text, clause }) => [text, clause])).toEqual([
		['PatientID is missing; it is of type 2', 'PS3.3 C.7.1.1'],
		['SeriesInstanceUID is empty; it is of type 1', 'PS3.3 C.7.3.1'],
	]);
	// A worklist answer or another message is no object.
	expect(validateDataSet(DataSet.from({ PatientID: 'X' }))).toEqual([]);
});

test('paths lead into items, and offsets into the file', () => {
	const dataSet = image().set('ReferencedStudySequence', [
		new DataSet(),
		DataSet.from({ ReferencedSOPInstanceUID: '1.02' }),
	]);
	const options = {
		transferSyntax: UID.LittleEndianExplicit,
		implementationClassUid: '1.2',
		implementationVersionName: 'X',
	};
	const bytes = joinBytes(writePart10(dataSet, options));
	const file = readPart10(bytes);
	if (!file.ok) throw new Error(file.error.message);
	const [remark, ...rest] = validateDataSet(file.dataSet, { bytes });
	expect(rest).toEqual([]);
	expect(remark).toMatchObject({ path: '(0008,1110)[1].(0008,1155)', tag: 0x00081155 });
	expect(String.fromCharCode(...bytes.subarray(remark!.offset, remark!.offset! + 4))).toBe('1.02');
});

test('whatever could be read can be examined', () => {
	const transferSyntax = UID.LittleEndianExplicit;
	const dataSet = image()
		.set('SpecificCharacterSet', '\\ISO 2022 IR 87')
		.set('PatientName', 'Yamada=山田')
		.set('PixelSpacing', [0.5, 0.5])
		.set('ReferencedStudySequence', [DataSet.from({ ReferencedSOPInstanceUID: '1.2' })]);
	const bytes = joinBytes(encodeDataSet(dataSet, { transferSyntax }));
	const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
	let examined = 0;
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
			const mutated = bytes.slice();
			for (const [at, byte] of changes) mutated[at] = byte;
			const result = decodeDataSet(mutated, { transferSyntax });
			const read = result.ok ? result.dataSet : result.partial;
			if (read === undefined) return;
			examined += 1;
			for (const { offset = 0 } of validateDataSet(read, { bytes: mutated })) {
				expect(offset).toBeLessThanOrEqual(bytes.length);
			}
		}),
		{ numRuns: 1000, seed: 12 },
	);
	expect(examined).toBeGreaterThan(500);
});
