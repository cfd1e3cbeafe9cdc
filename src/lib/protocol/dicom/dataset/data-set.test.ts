import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { encodeDataSet } from './encode-data-set.ts';
import { UID } from './uids.ts';

const EXPLICIT = { transferSyntax: UID.LittleEndianExplicit };

test('gives back what it was made from', () => {
	const dataSet = DataSet.from({
		PatientName: 'Doe^Jane',
		PatientID: '',
		ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
		Rows: 512,
		PixelSpacing: [0.5, '0.500'],
		FrameIncrementPointer: ['FrameTime', 0x00181065, '(0018,1066)'],
		ReferencedStudySequence: [DataSet.from({ ReferencedSOPInstanceUID: '1.2.3' })],
		ReferencedImageSequence: [],
	});
	expect(dataSet.text('PatientName')).toBe('Doe^Jane');
	expect(dataSet.text('PatientID')).toBe('');
	expect(dataSet.text('PatientSex')).toBeUndefined();
	expect(dataSet.texts('ImageType')).toEqual(['ORIGINAL', 'PRIMARY', 'AXIAL']);
	expect(dataSet.number('Rows')).toBe(512);
	expect(dataSet.text('Rows')).toBe('512');
	expect(dataSet.numbers('PixelSpacing')).toEqual([0.5, 0.5]);
	expect(dataSet.text('PixelSpacing')).toBe('0.5\\0.500');
	expect(dataSet.numbers('FrameIncrementPointer')).toEqual([0x00181063, 0x00181065, 0x00181066]);
	expect(dataSet.items('ReferencedStudySequence')[0]?.text(0x00081155)).toBe('1.2.3');
	expect(dataSet.element('ReferencedImageSequence')?.items).toEqual([]);
	expect(dataSet.tags()).toEqual([...dataSet.tags()].sort((a, b) => a - b));
	dataSet.delete('Rows');
	expect(dataSet.has('Rows')).toBe(false);
});

test('pads text with spaces, UIDs and bytes with NUL', () => {
	const dataSet = DataSet.from({
		PatientID: 'X',
		SOPInstanceUID: '1.2',
		PixelData: Uint8Array.of(1),
	});
	expect(dataSet.bytes('PatientID')).toEqual(Uint8Array.of(0x58, 0x20));
	expect(dataSet.bytes('SOPInstanceUID')).toEqual(Uint8Array.of(0x31, 0x2e, 0x32, 0));
	expect(dataSet.bytes('PixelData')).toEqual(Uint8Array.of(1, 0));
	expect(dataSet.text('PatientID')).toBe('X');
	expect(dataSet.text('SOPInstanceUID')).toBe('1.2');
});

test('a DS never exceeds 16 characters', () => {
	const dataSet = DataSet.from({ PixelSpacing: [1 / 3, -1.23456789012345e-7] });
	for (const text of dataSet.texts('PixelSpacing')) expect(text.length).toBeLessThanOrEqual(16);
	expect(dataSet.number('PixelSpacing')).toBeCloseTo(1 / 3, 12);
});

test('numbers say when text is no number', () => {
	const dataSet = DataSet.from({ PixelSpacing: '0.5\\abc', InstanceNumber: '1.5' });
	expect(dataSet.numbers('PixelSpacing')).toEqual([0.5, Number.NaN]);
	expect(dataSet.number('InstanceNumber')).toBeUndefined();
	expect(dataSet.number('PatientID')).toBeUndefined();
});

test('the sign of ambiguous values follows the pixel representation', () => {
	const signed = DataSet.from({ PixelRepresentation: 1, SmallestImagePixelValue: -3 });
	expect(signed.element('SmallestImagePixelValue')?.vr).toBe('SS');
	const unsigned = DataSet.from({ PixelRepresentation: 0, SmallestImagePixelValue: 3 });
	expect(unsigned.element('SmallestImagePixelValue')?.vr).toBe('US');
});

test.each([
	['an unknown keyword', () => DataSet.from({ PatientNmae: 'x' }), 'unknown-keyword'],
	['a private tag without VR', () => new DataSet().set(0x00091001, 'x'), 'unknown-keyword'],
	['a number out of range', () => DataSet.from({ Rows: 65536 }), 'bad-value'],
	['a fraction as IS', () => DataSet.from({ InstanceNumber: 1.5 }), 'bad-value'],
	['text as pixel data', () => DataSet.from({ PixelData: 'x' }), 'bad-value'],
	['text as a sequence', () => DataSet.from({ ReferencedStudySequence: 'x' }), 'bad-value'],
	['items as text', () => DataSet.from({ PatientID: [new DataSet()] }), 'bad-value'],
	[
		'text its character set lacks',
		() => DataSet.from({ PatientName: '山', SpecificCharacterSet: 'ISO_IR 100' }),
		'unencodable-text',
	],
	[
		'text without a character set, when written',
		() => encodeDataSet(DataSet.from({ PatientName: '山' }), EXPLICIT),
		'unencodable-text',
	],
])('%s is a typed error', (_, act, code) => {
	expect(act).toThrow(expect.objectContaining({ name: 'DataSetError', code }));
});

test('private elements need a VR, their creators do not', () => {
	const dataSet = new DataSet().set(0x00090010, 'ACME').set(0x00091001, 7, 'US');
	expect(dataSet.text(0x00090010)).toBe('ACME');
	expect(dataSet.number(0x00091001)).toBe(7);
	expect(new DataSet().set(0x00091002, Uint8Array.of(1)).element(0x00091002)?.vr).toBe('UN');
});

test('items use the character set around them, unless they have their own', () => {
	const plain = DataSet.from({ ScheduledPerformingPhysicianName: 'Müller^Jörg' });
	const own = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 192',
		ScheduledPerformingPhysicianName: '山田',
	});
	expect(plain.text('ScheduledPerformingPhysicianName')).toBe('Müller^Jörg');
	const dataSet = DataSet.from({
		ScheduledProcedureStepSequence: [plain, own],
		SpecificCharacterSet: 'ISO_IR 100',
	});
	const [first, second] = dataSet.items('ScheduledProcedureStepSequence');
	expect(first?.bytes('ScheduledPerformingPhysicianName')?.[1]).toBe(0xfc);
	expect(first?.text('ScheduledPerformingPhysicianName')).toBe('Müller^Jörg');
	expect(second?.bytes('ScheduledPerformingPhysicianName')).toHaveLength(6);
	expect(second?.text('ScheduledPerformingPhysicianName')).toBe('山田');
});

test('setRaw keeps wrong bytes as they are', () => {
	const dataSet = new DataSet().setRaw(0x00100020, 'ZZ', Uint8Array.of(1, 2, 3));
	const [bytes] = encodeDataSet(dataSet, EXPLICIT);
	expect(bytes).toEqual(Uint8Array.of(0x10, 0, 0x20, 0, 0x5a, 0x5a, 0, 0, 3, 0, 0, 0, 1, 2, 3));
});
