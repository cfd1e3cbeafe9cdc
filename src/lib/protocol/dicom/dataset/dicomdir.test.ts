import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { type DirectoryFile, fileIdProblem, makeDicomdir } from './dicomdir.ts';
import { encodeDataSet, joinBytes } from './encode-data-set.ts';
import { type DirectoryRecord, readDicomdir } from './read-dicomdir.ts';
import { UID } from './uids.ts';

const OPTIONS = {
	fileSetId: 'ROUNDS',
	instanceUid: '2.25.1003.1',
	implementationClassUid: '2.25.7000',
	implementationVersionName: 'PACSONCALL_TEST',
};

function file(patient: number, study: number, series: number, image: number): DirectoryFile {
	const dataSet = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: `2.25.1003.4.${patient}.${study}.${series}.${image}`,
		StudyDate: '20260309',
		StudyTime: '0740',
		AccessionNumber: `A${study}`,
		Modality: 'CT',
		PatientName: `Müller^Zoë${patient}`,
		PatientID: `P${patient}`,
		StudyInstanceUID: `2.25.1003.2.${patient}.${study}`,
		SeriesInstanceUID: `2.25.1003.3.${patient}.${study}.${series}`,
		StudyID: `S${study}`,
		SeriesNumber: series,
		InstanceNumber: image,
	});
	const fileId = [`PT${patient}`, `ST${study}`, `SE${series}`, `IM${image}`];
	return { fileId, dataSet, transferSyntax: UID.LittleEndianExplicit };
}

const FILES = [
	file(1, 1, 1, 1),
	file(1, 1, 1, 2),
	file(2, 1, 1, 1),
	file(1, 1, 2, 1),
	file(1, 2, 1, 1),
];

function made(files: readonly DirectoryFile[]): Uint8Array {
	return joinBytes(makeDicomdir(files, OPTIONS).pieces);
}

function outline(records: readonly DirectoryRecord[]): unknown[] {
	return records.map(({ type, record, fileId, children }) => {
		const keys = ['PatientID', 'StudyID', 'SeriesNumber', 'InstanceNumber'];
		const key = keys.map((keyword) => record.text(keyword)).find((text) => text !== undefined);
		return fileId === undefined
			? [`${type} ${key}`, outline(children)]
			: [`${type} ${key}`, fileId.join('/')];
	});
}

test('files become patients, studies, series and images', () => {
	const result = readDicomdir(made(FILES), { strict: true });
	if (!result.ok) throw new Error(result.error.message);
	expect(result.remarks).toEqual([]);
	expect(result.fileSetId).toBe('ROUNDS');
	expect(outline(result.roots)).toEqual([
		[
			'PATIENT P1',
			[
				[
					'STUDY S1',
					[
						[
							'SERIES 1',
							[
								['IMAGE 1', 'PT1/ST1/SE1/IM1'],
								['IMAGE 2', 'PT1/ST1/SE1/IM2'],
							],
						],
						['SERIES 2', [['IMAGE 1', 'PT1/ST1/SE2/IM1']]],
					],
				],
				['STUDY S2', [['SERIES 1', [['IMAGE 1', 'PT1/ST2/SE1/IM1']]]]],
			],
		],
		['PATIENT P2', [['STUDY S1', [['SERIES 1', [['IMAGE 1', 'PT2/ST1/SE1/IM1']]]]]]],
	]);
	const [patient] = result.roots;
	expect(patient?.record.text('PatientName')).toBe('Müller^Zoë1');
	const meta = result.file.fileMeta;
	expect(meta.text('MediaStorageSOPClassUID')).toBe(UID.MediaStorageDirectoryStorage);
	expect(meta.text('MediaStorageSOPInstanceUID')).toBe('2.25.1003.1');
});

test('every offset is that of an item tag', () => {
	const bytes = made(FILES);
	const result = readDicomdir(bytes);
	if (!result.ok) throw new Error(result.error.message);
	const all = (records: readonly DirectoryRecord[]): DirectoryRecord[] =>
		records.flatMap((record) => [record, ...all(record.children)]);
	const records = all(result.roots);
	expect(records).toHaveLength(14);
	for (const { offset } of records) {
		expect([...bytes.subarray(offset, offset + 4)]).toEqual([0xfe, 0xff, 0x00, 0xe0]);
	}
});

test('documents have records of their own', () => {
	const { dataSet } = file(1, 1, 1, 1);
	dataSet.set('SOPClassUID', UID.BasicTextSRStorage).set('CompletionFlag', 'COMPLETE');
	const { pieces, remarks } = makeDicomdir([{ ...file(1, 1, 1, 1), dataSet }], OPTIONS);
	const result = readDicomdir(joinBytes(pieces));
	if (!result.ok) throw new Error(result.error.message);
	expect(result.roots[0]?.children[0]?.children[0]?.children[0]?.type).toBe('SR DOCUMENT');
	expect(remarks.join('\n')).toContain('ContentDate is needed for the SR DOCUMENT record');
	expect(remarks.join('\n')).not.toContain('CompletionFlag');
});

test('what media do not allow is refused, what objects lack is said', () => {
	const [one] = FILES;
	expect(fileIdProblem(['IMG001', 'A_1'])).toBeUndefined();
	for (const bad of [[], ['image'], ['TOOLONG99'], ['A.DCM'], Array<string>(9).fill('A')]) {
		expect(fileIdProblem(bad)).toBeDefined();
		expect(() => made([{ ...one!, fileId: bad }])).toThrow(
			expect.objectContaining({ code: 'bad-value' }),
		);
	}
	expect(() => makeDicomdir(FILES, { ...OPTIONS, fileSetId: 'lower' })).toThrow('file-set ID');
	const compressed = { ...one!, transferSyntax: UID.JPEGBaseline };
	expect(makeDicomdir([compressed], OPTIONS).remarks[0]).toContain('STD-GEN');
	const nameless = { ...file(1, 1, 1, 1) };
	nameless.dataSet.set('PatientID', '');
	expect(makeDicomdir([nameless], OPTIONS).remarks).toEqual([
		'PT1\\ST1\\SE1\\IM1: PatientID is needed for the PATIENT record and is empty',
	]);
});

test('an empty file-set has no records', () => {
	const result = readDicomdir(made([]), { strict: true });
	expect(result).toMatchObject({ ok: true, roots: [], remarks: [] });
});

/** The directory with one offset changed. */
function withOffset(files: readonly DirectoryFile[], keyword: string, value: number): string[] {
	const bytes = made(files);
	const whole = readDicomdir(bytes);
	if (!whole.ok) throw new Error(whole.error.message);
	const [patient] = whole.roots;
	const element = patient!.record.element(keyword)!;
	const copy = bytes.slice();
	const at = element.source.byteOffset + element.start - bytes.byteOffset;
	new DataView(copy.buffer).setUint32(at, value, true);
	const result = readDicomdir(copy);
	if (!result.ok) throw new Error(result.error.message);
	return result.remarks.map((remark) => remark.text);
}

test('offsets that are wrong are said, and never followed for ever', () => {
	const whole = readDicomdir(made(FILES));
	if (!whole.ok) throw new Error(whole.error.message);
	const [patient, second] = whole.roots;
	const next = 'OffsetOfTheNextDirectoryRecord';
	const lower = 'OffsetOfReferencedLowerLevelDirectoryEntity';
	const study = patient!.children[0]!.offset;
	expect(withOffset(FILES, next, second!.offset + 1).join()).toContain('where no record begins');
	expect(withOffset(FILES, next, patient!.offset).join()).toContain('a record seen before');
	expect(withOffset(FILES, lower, patient!.offset).join()).toContain('a record seen before');
	expect(withOffset(FILES, lower, 0xffffffff).join()).toContain('where no record begins');
	expect(withOffset(FILES, next, 0).join()).toContain('no record leads here');
	expect(withOffset(FILES, next, study).join()).toContain('a record seen before');
});

test('mutated directories never throw and never hang', () => {
	const bytes = made(FILES);
	const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
			const mutated = bytes.slice();
			for (const [at, byte] of changes) mutated[at] = byte;
			readDicomdir(mutated);
		}),
		{ numRuns: 1000, seed: 8 },
	);
});

test('a chain of records that lead ever lower has an end', () => {
	const records = 5000;
	const item = (next: number, lower: number): DataSet =>
		DataSet.from({
			OffsetOfTheNextDirectoryRecord: next,
			RecordInUseFlag: 0xffff,
			OffsetOfReferencedLowerLevelDirectoryEntity: lower,
			DirectoryRecordType: 'PRIVATE',
		});
	const size = joinBytes(
		encodeDataSet(item(0, 0), { transferSyntax: UID.LittleEndianExplicit }),
	).length;
	const empty = readDicomdir(made([]));
	if (!empty.ok) throw new Error(empty.error.message);
	const { file: parts } = empty;
	// The records begin where the sequence header of the empty directory ends.
	const start = made([]).length;
	const dataSet = new DataSet();
	for (const element of parts.dataSet.elements()) dataSet.add(element);
	dataSet.set('OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity', start);
	dataSet.set(
		'DirectoryRecordSequence',
		Array.from({ length: records }, (_, i) => item(0, start + (i + 1) * (size + 8))),
	);
	const head = made([]).subarray(0, start - encodeBytes(parts.dataSet));
	const result = readDicomdir(joinBytes([head, joinBytes(encodeDataSet(dataSet, PLAIN))]));
	if (!result.ok) throw new Error(result.error.message);
	expect(result.remarks.some((remark) => remark.text.includes('levels deep'))).toBe(true);
});

const PLAIN = { transferSyntax: UID.LittleEndianExplicit } as const;

function encodeBytes(dataSet: DataSet): number {
	return joinBytes(encodeDataSet(dataSet, PLAIN)).length;
}
