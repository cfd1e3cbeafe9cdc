import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { dumpDataSet } from '#lib/protocol/dicom/dataset/dump.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10, writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { Random } from '#lib/kernel/random.ts';
import type { FuzzTarget } from '../define-target.ts';

const SYNTAXES = [UID.LittleEndianImplicit, UID.LittleEndianExplicit, UID.BigEndianExplicit];

function example(): DataSet {
	return DataSet.from({
		SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: '2.25.3',
		PatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
		PatientBirthDate: '19600101',
		StudyInstanceUID: '2.25.4',
		ReferencedStudySequence: [
			DataSet.from({
				ReferencedSOPClassUID: '1.2',
				PurposeOfReferenceCodeSequence: [DataSet.from({ CodeValue: 'A', CodeMeaning: 'B' })],
			}),
		],
		Rows: 4,
		Columns: 4,
		BitsAllocated: 16,
		PixelRepresentation: 1,
		SmallestImagePixelValue: -5,
		PixelData: new Uint8Array(32),
	});
}

/** Looks at every value, as a viewer does. */
function readAll(dataSet: DataSet): void {
	for (const tag of dataSet.tags()) {
		dataSet.texts(tag);
		dataSet.numbers(tag);
		for (const item of dataSet.items(tag)) readAll(item);
	}
}

function decode(input: Uint8Array, transferSyntax: string): boolean {
	for (const strict of [false, true]) {
		const result = decodeDataSet(input, { transferSyntax, strict });
		const dataSet = result.ok ? result.dataSet : result.partial;
		if (!dataSet) continue;
		readAll(dataSet);
		for (const syntax of SYNTAXES) encodeDataSet(dataSet, { transferSyntax: syntax });
		dumpDataSet(dataSet, { transferSyntax });
		if (strict) return result.ok;
	}
	return false;
}

const written = (syntax: string, sequences: 'defined' | 'undefined') =>
	joinBytes(encodeDataSet(example(), { transferSyntax: syntax, sequences }));

const syntaxOf = (random: Random): string => random.pick(SYNTAXES);

export const dataSetTarget: FuzzTarget = {
	name: 'data set',
	seeds: () => SYNTAXES.flatMap((uid) => [written(uid, 'defined'), written(uid, 'undefined')]),
	run: (input, random) => void decode(input, syntaxOf(random)),
	understands: (seed) => SYNTAXES.some((syntax) => decode(seed, syntax)),
};

export const part10Target: FuzzTarget = {
	name: 'Part 10 file',
	seeds: () =>
		SYNTAXES.map((transferSyntax) =>
			joinBytes(
				writePart10(example(), {
					transferSyntax,
					implementationClassUid: '2.25.1',
					implementationVersionName: 'FUZZ',
				}),
			),
		),
	run(input) {
		const result = readPart10(input);
		if (result.ok) readAll(result.dataSet);
	},
	understands: (seed) => readPart10(seed).ok,
};
