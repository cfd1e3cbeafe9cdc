import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { setFrames } from '#lib/protocol/dicom/dataset/encapsulation.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import {
	asPart10,
	IDENTITY,
	identifiedImage,
	type Identity,
} from '../../../../tests/support/identified-image.ts';
import { cleanUpload } from './clean-upload.ts';

async function cleaned(file: Uint8Array): Promise<Uint8Array> {
	const result = await cleanUpload(file);
	if (!result.ok) throw new Error(result.problem);
	return result.bytes;
}

async function problem(file: Uint8Array): Promise<string> {
	const result = await cleanUpload(file);
	return result.ok ? 'taken' : result.problem;
}

/** The parts of an identity that stand somewhere in the bytes. */
function survivors(bytes: Uint8Array, { name, id, text }: Identity): string[] {
	const all = Buffer.from(bytes);
	return [name, ...name.split('^'), id, text, '19531117', 'SOMEBODY'].filter((part) =>
		all.includes(part),
	);
}

function object(bytes: Uint8Array): DataSet {
	const file = readPart10(bytes, { strict: true });
	if (!file.ok) throw new Error(file.error.message);
	return file.dataSet;
}

test.each([
	['explicit', UID.LittleEndianExplicit, 'defined'],
	['undefined lengths', UID.LittleEndianExplicit, 'undefined'],
	['implicit', UID.LittleEndianImplicit, 'defined'],
	['implicit, undefined lengths', UID.LittleEndianImplicit, 'undefined'],
	['big endian', UID.BigEndianExplicit, 'defined'],
	['deflated', UID.DeflatedLittleEndianExplicit, 'defined'],
] as const)(
	'%s: nobody is left, the picture stays, in its transfer syntax',
	async (_, syntax, sequences) => {
		const image = identifiedImage();
		const file = asPart10(image, syntax, sequences);
		const bytes = await cleaned(file);
		const result = readPart10(bytes, { strict: true });
		if (!result.ok) throw new Error(result.error.message);
		expect(result.transferSyntax).toBe(syntax);
		const kept = result.dataSet;
		const plain = encodeDataSet(kept, { transferSyntax: UID.LittleEndianExplicit });
		expect(survivors(joinBytes(plain), IDENTITY)).toEqual([]);
		expect(survivors(bytes, IDENTITY)).toEqual([]);
		for (const keyword of ['Rows', 'PixelSpacing', 'ImagePositionPatient', 'WindowCenter', 'KVP']) {
			expect(kept.text(keyword)).toBe(image.text(keyword));
		}
		expect(kept.bytes('PixelData')).toEqual(image.bytes('PixelData'));
		const uids = kept.elements().filter(({ vr, length }) => vr === 'UI' && length > 0);
		expect(uids.map(({ tag }) => tag)).toEqual([0x00080016]);
		expect(
			kept.elements().some(({ vr }) => ['DA', 'TM', 'DT', 'PN', 'LT', 'SH'].includes(vr)),
		).toBe(false);
		expect(await cleaned(file)).toEqual(bytes);
	},
);

test('whatever the identity is, no text of it survives', async () => {
	const word = fc.stringMatching(/^[A-Z][a-z]{6,12}[0-9]{2}$/);
	const identity = fc.record({
		name: fc.tuple(word, word).map((parts) => parts.join('^')),
		id: word,
		text: fc.tuple(word, word).map((parts) => parts.join(' ')),
	});
	await fc.assert(
		fc.asyncProperty(
			identity,
			fc.constantFrom('CT' as const, 'DX' as const),
			async (who, modality) => {
				expect(survivors(await cleaned(asPart10(identifiedImage(modality, who))), who)).toEqual([]);
			},
		),
		{ numRuns: 8 },
	);
}, 60_000);

test('text in place of a number or a term is not kept', async () => {
	const image = identifiedImage();
	const put = (tag: number, vr: string, text: string): void => {
		image.setRaw(tag, vr, new TextEncoder().encode(text.padEnd(text.length + (text.length % 2))));
	};
	put(0x00180060, 'DS', 'Quillfeather'); // KVP
	put(0x00180015, 'CS', 'Quillfeather'); // Body Part Examined
	put(0x00200013, 'IS', '12 Quill'); // Instance Number
	put(0x00281054, 'LO', 'Quillfeather'); // Rescale Type
	put(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\Quillfeather\\Zebulon');
	const bytes = await cleaned(asPart10(image));
	expect(survivors(bytes, IDENTITY)).toEqual([]);
	const kept = object(bytes);
	expect(kept.text('ImageType')).toBe('ORIGINAL\\PRIMARY');
	for (const keyword of ['KVP', 'BodyPartExamined', 'InstanceNumber', 'RescaleType']) {
		expect(kept.has(keyword), keyword).toBe(false);
	}
});

test('compressed pixel data stay as they are, without their offset table', async () => {
	const image = identifiedImage();
	const stream = Uint8Array.of(
		0xff,
		0xd8,
		...Array.from({ length: 3000 }, (_, i) => i % 251),
		0xff,
		0xd9,
	);
	setFrames(image, [stream], { offsetTable: 'basic', fragmentBytes: 1000 });
	const bytes = await cleaned(
		asPart10(image, UID['JPEGLossless:Non-hierarchical-1stOrderPrediction']),
	);
	const fragments = object(bytes).element('PixelData')?.fragments ?? [];
	expect(fragments[0]).toHaveLength(0);
	expect(joinBytes(fragments)).toEqual(stream);
});

test('a name in the comment of a compressed picture is found', async () => {
	const image = identifiedImage();
	const comment = new TextEncoder().encode('Quillfeather');
	const stream = Uint8Array.of(
		0xff,
		0xd8,
		0xff,
		0xfe,
		0,
		comment.length + 2,
		...comment,
		0xff,
		0xd9,
	);
	setFrames(image, [stream], { offsetTable: 'empty' });
	expect(await problem(asPart10(image, UID.JPEGBaseline))).toMatch(/stands within the pixel data/);
});

test('look-up tables stay without their explanations, and only when they are as long as they say', async () => {
	const image = identifiedImage('DX');
	const table = (entries: number): DataSet =>
		DataSet.from({ LUTDescriptor: [entries, 0, 16], LUTExplanation: IDENTITY.text }).set(
			'LUTData',
			new Uint8Array(32).fill(7),
		);
	image.set('VOILUTSequence', [table(16)]);
	const bytes = await cleaned(asPart10(image));
	expect(survivors(bytes, IDENTITY)).toEqual([]);
	const [kept] = object(bytes).items('VOILUTSequence');
	expect(kept?.numbers('LUTDescriptor')).toEqual([16, 0, 16]);
	expect(kept?.bytes('LUTData')).toEqual(new Uint8Array(32).fill(7));
	image.set('VOILUTSequence', [table(12)]);
	expect(object(await cleaned(asPart10(image))).has('VOILUTSequence')).toBe(false);
});

test.each([
	['burned-in data', { BurnedInAnnotation: 'YES' }, /Burned In Annotation is YES/],
	['a recognisable face', { RecognizableVisualFeatures: 'YES' }, /can be recognised/],
	['a report', { SOPClassUID: UID.BasicTextSRStorage }, /another kind of object/],
	['a document', { SOPClassUID: UID.EncapsulatedPDFStorage }, /another kind of object/],
	['an enhanced image', { SOPClassUID: UID.EnhancedCTImageStorage }, /another kind of object/],
	['several frames', { NumberOfFrames: 4 }, /several frames/],
	['a wrong size', { Rows: 7 }, /rows, columns and bits ask for/],
	['no rows', { Rows: '' }, /describe the pixels/],
	['palette colour', { PhotometricInterpretation: 'PALETTE COLOR' }, /describe the pixels/],
] as const)('%s is refused with the reason', async (_, changes, reason) => {
	const image = identifiedImage();
	for (const [keyword, value] of Object.entries(changes)) image.set(keyword, value);
	expect(await problem(asPart10(image))).toMatch(reason);
});

test('pictures that usually show data must say that they show none', async () => {
	const image = identifiedImage().set('SOPClassUID', UID.SecondaryCaptureImageStorage);
	image.delete('BurnedInAnnotation');
	expect(await problem(asPart10(image))).toMatch(/does not say that this one has none/);
	image.set('BurnedInAnnotation', 'NO');
	expect(await problem(asPart10(image))).toBe('taken');
});

test('what only one program can read is refused', async () => {
	// Two pixel data elements: the first counts for one reader, the last for the other.
	const image = asPart10(identifiedImage());
	const again = Uint8Array.of(0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4);
	expect(await problem(joinBytes([image, again]))).toMatch(/dcmjs\) reads .* differently/);
});

test('files that are made to keep a reader busy end soon', async () => {
	const startedMs = performance.now();
	const head = asPart10(
		DataSet.from({ SOPClassUID: UID.CTImageStorage }),
		UID.DeflatedLittleEndianExplicit,
	);
	// 300 MB of zeros, without the header of zlib.
	const bomb = zlibSync(new Uint8Array(300e6), { level: 9 }).subarray(2);
	expect(await problem(joinBytes([head.subarray(0, head.length - 34), bomb]))).toMatch(
		/no DICOM file/,
	);
	let nested = DataSet.from({ PatientName: 'Deep^Down' });
	for (let depth = 0; depth < 40; depth++) nested = new DataSet().set(0x00091001, [nested], 'SQ');
	const deep = identifiedImage();
	deep.set(0x00091001, [nested], 'SQ');
	expect(await problem(asPart10(deep))).toMatch(/nested deeper/);
	// Undefined lengths, which dcmjs looks through once more at every level.
	let wide = new DataSet().set(0x00091002, new Uint8Array(8e6), 'OB');
	for (let depth = 0; depth < 10; depth++) wide = new DataSet().set(0x00091001, [wide], 'SQ');
	const slow = identifiedImage().set(0x00091001, [wide], 'SQ');
	expect(await problem(asPart10(slow, UID.LittleEndianExplicit, 'undefined'))).toMatch(
		/taken|cannot read/,
	);
	const many = identifiedImage();
	many.set(
		'SourceImageSequence',
		Array.from({ length: 60_000 }, () => new DataSet()),
	);
	expect(await problem(asPart10(many))).toMatch(/more elements than the limit/);
	expect(performance.now() - startedMs).toBeLessThan(20_000);
});

test('any bytes, cut or changed, are an answer and never an exception', async () => {
	const file = asPart10(identifiedImage());
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(fc.constant(file.length), fc.nat(file.length)),
			fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 20 }),
			async (length, changes) => {
				const broken = file.slice(0, length);
				for (const [at, byte] of changes) if (at < length) broken[at] = byte;
				const result = await cleanUpload(broken);
				if (result.ok) expect(survivors(result.bytes, IDENTITY)).toEqual([]);
				else expect(result.problem).toMatch(/\.$/);
			},
		),
		{ numRuns: 40 },
	);
}, 60_000);
