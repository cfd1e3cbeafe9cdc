import { acquire } from '#lib/hospital/objects/acquire.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { makeDicomdir } from '#lib/protocol/dicom/dataset/dicomdir.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { guessCharacterSet } from '#lib/protocol/dicom/dataset/guess-character-set.ts';
import { readDicomdir } from '#lib/protocol/dicom/dataset/read-dicomdir.ts';
import { decodeRleFrame, encodeRleFrame } from '#lib/protocol/dicom/dataset/rle.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { syntheticAcquisition } from '../../../tests/support/synthetic-acquisition.ts';
import type { FuzzTarget } from '../define-target.ts';

function directory(): Uint8Array {
	const files = acquire('CT', syntheticAcquisition('fuzz')).instances.slice(0, 2);
	const made = makeDicomdir(
		files.map(({ dataSet }, i) => ({
			...{ fileId: ['DICOM', `IM${i}`], dataSet, transferSyntax: UID.LittleEndianExplicit },
		})),
		{
			...{ fileSetId: 'FUZZ', instanceUid: '2.25.9' },
			...{ implementationClassUid: '2.25.1', implementationVersionName: 'FUZZ' },
		},
	);
	return joinBytes(made.pieces);
}

export const dicomdirTarget: FuzzTarget = {
	name: 'DICOMDIR',
	seeds: () => [directory()],
	run: (input) => void readDicomdir(input),
	understands: (seed) => readDicomdir(seed).ok,
};

const SHAPE = { rows: 16, columns: 16, samplesPerPixel: 1, bitsAllocated: 16 } as const;

export const rleTarget: FuzzTarget = {
	name: 'RLE frame',
	seeds() {
		const frame = Uint8Array.from({ length: 512 }, (_, i) => (i < 200 ? 7 : i * 31));
		const encoded = encodeRleFrame(frame, SHAPE);
		if (!encoded.ok) throw new Error(encoded.message);
		return [encoded.frame];
	},
	run: (input) => void decodeRleFrame(input, SHAPE),
	understands: (seed) => decodeRleFrame(seed, SHAPE).ok,
};

const LABELS = [[], ['ISO_IR 100'], ['', 'ISO 2022 IR 87'], ['ISO_IR 192'], ['GB18030']];

export const textTarget: FuzzTarget = {
	name: 'character sets',
	seeds: () =>
		[
			['ISO_IR 100', 'Jörg^Müller'],
			['ISO_IR 192', 'Ωmega^山田'],
			['GB18030', '王^小东'],
		].map(([SpecificCharacterSet = '', PatientName = '']) =>
			DataSet.from({ SpecificCharacterSet, PatientName }).bytes('PatientName')!.slice(),
		),
	run: (input, random) => void guessCharacterSet(input, random.pick(LABELS)),
	understands: (seed) => LABELS.some((label) => guessCharacterSet(seed, label).fits),
};
