/** Hard corners of data sets (PS3.5), one test for each row of docs/protocol-decisions.md. */
import { expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import {
	decodeDataSet,
	type DecodeOptions,
} from '../../../src/lib/protocol/dicom/dataset/decode-data-set.ts';
import {
	encodeDataSet,
	type EncodeOptions,
	joinBytes,
} from '../../../src/lib/protocol/dicom/dataset/encode-data-set.ts';
import type { EncodingFault } from '../../../src/lib/protocol/dicom/dataset/encoding-faults.ts';
import { readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import {
	privateBlock,
	privateTag,
	reservePrivateBlock,
} from '../../../src/lib/protocol/dicom/dataset/private-blocks.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { itemsOf } from '../../../src/lib/protocol/dicom/dataset/unknown-sequence.ts';
import { asFile, ctImage } from '../dataset/objects.ts';

const EXPLICIT = UID.LittleEndianExplicit;
const IMPLICIT = UID.LittleEndianImplicit;
const BIG = UID.BigEndianExplicit;

/** Bytes from hexadecimal digits with spaces anywhere. */
function hex(digits: string): Uint8Array {
	const pairs = digits.replace(/\s/g, '').match(/../g) ?? [];
	return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function digitsOf(bytes: Uint8Array | undefined): string {
	return Buffer.from(bytes ?? []).toString('hex');
}

function encode(dataSet: DataSet, transferSyntax: string, options: Partial<EncodeOptions> = {}) {
	return joinBytes(encodeDataSet(dataSet, { transferSyntax, ...options }));
}

function decode(bytes: Uint8Array | string, options: Partial<DecodeOptions> = {}): DataSet {
	const input = typeof bytes === 'string' ? hex(bytes) : bytes;
	const result = decodeDataSet(input, { transferSyntax: EXPLICIT, ...options });
	if (!result.ok) throw new Error(`${result.error.offset}: ${result.error.message}`);
	return result.dataSet;
}

function failure(bytes: Uint8Array | string, options: Partial<DecodeOptions> = {}) {
	const input = typeof bytes === 'string' ? hex(bytes) : bytes;
	const result = decodeDataSet(input, { transferSyntax: EXPLICIT, ...options });
	return result.ok ? undefined : result.error;
}

function kinds(bytes: Uint8Array | string, options: Partial<DecodeOptions> = {}): string[] {
	const input = typeof bytes === 'string' ? hex(bytes) : bytes;
	const result = decodeDataSet(input, { transferSyntax: EXPLICIT, ...options });
	if (!result.ok) throw new Error(`${result.error.offset}: ${result.error.message}`);
	return result.remarks.map((remark) => remark.kind);
}

const ID = '10002000 4c4f 0200 4120';
const ITEM_OPEN = 'feff00e0 ffffffff';
const ITEM_END = 'feff0de0 00000000';
const SEQUENCE_END = 'feffdde0 00000000';

/* Byte order and transfer syntaxes */

test('big endian swaps each VR by its unit, and back', () => {
	const units: readonly [string, number, string][] = [
		['OB', 1, '0102030405060708'],
		['UN', 1, '0102030405060708'],
		['OW', 2, '0201040306050807'],
		['US', 2, '0201040306050807'],
		['SS', 2, '0201040306050807'],
		['AT', 2, '0201040306050807'],
		['OL', 4, '0403020108070605'],
		['OF', 4, '0403020108070605'],
		['UL', 4, '0403020108070605'],
		['SL', 4, '0403020108070605'],
		['FL', 4, '0403020108070605'],
		['OD', 8, '0807060504030201'],
		['OV', 8, '0807060504030201'],
		['FD', 8, '0807060504030201'],
		['SV', 8, '0807060504030201'],
		['UV', 8, '0807060504030201'],
	];
	for (const [vr, , swapped] of units) {
		const dataSet = new DataSet().setRaw(0x00091001, vr, hex('0102030405060708'));
		const bytes = encode(dataSet, BIG);
		expect(digitsOf(bytes.subarray(0, 6)), vr).toBe(`00091001${digitsOf(Buffer.from(vr))}`);
		expect(digitsOf(bytes.subarray(-8)), vr).toBe(swapped);
		expect(digitsOf(decode(bytes, { transferSyntax: BIG }).bytes(0x00091001)), vr).toBe(
			'0102030405060708',
		);
	}
});

test('a tag value keeps group before element in big endian', () => {
	const dataSet = DataSet.from({ FrameIncrementPointer: 'FrameTime' });
	expect(digitsOf(encode(dataSet, BIG))).toBe('0028000941540004' + '00181063');
	expect(digitsOf(encode(dataSet, EXPLICIT))).toBe('2800090041540400' + '18006310');
});

test('the File Meta Information is little endian before a big endian data set', () => {
	const file = asFile(ctImage(), BIG);
	expect(digitsOf(file.subarray(132, 140))).toBe('02000000554c0400');
	const result = readPart10(file, { strict: true });
	if (!result.ok) throw new Error(result.error.message);
	expect(digitsOf(file.subarray(result.dataSetOffset, result.dataSetOffset + 6))).toBe(
		'000800054353',
	);
});

test('UN of undefined length is little endian and implicit, also inside big endian', () => {
	const inner = `${ITEM_OPEN} 28001000 02000000 0002 ${ITEM_END} ${SEQUENCE_END}`;
	const bytes = hex(`00091001 554e 0000 ffffffff ${inner} 00280010 5553 0002 0200`);
	const dataSet = decode(bytes, { transferSyntax: BIG });
	expect(dataSet.items(0x00091001)[0]?.number('Rows')).toBe(512);
	expect(dataSet.number('Rows')).toBe(512);
	expect(digitsOf(encode(dataSet, BIG))).toBe(digitsOf(bytes));
});

test('bytes that are not in the transfer syntax are an error with a hint', () => {
	const bytes = encode(ctImage(), IMPLICIT);
	expect(failure(bytes)?.message).toContain('would be an element of implicit VR');
	expect(failure(encode(ctImage(), EXPLICIT), { transferSyntax: IMPLICIT })).toBeDefined();
	expect(failure(encode(ctImage(), BIG))).toBeDefined();
});

test('deflated data has a limit', () => {
	const transferSyntax = UID.DeflatedLittleEndianExplicit;
	const bytes = encode(DataSet.from({ PixelData: new Uint8Array(1_000_000) }), transferSyntax);
	expect(decode(bytes, { transferSyntax }).bytes('PixelData')).toHaveLength(1_000_000);
	const limits = { inflatedBytes: 999_999 };
	expect(failure(bytes, { transferSyntax, limits })?.message).toContain('limit');
});

/* Lengths */

test('defined and undefined lengths may be mixed, also inside UN', () => {
	const inside =
		`feff00e0 0c000000 09000110 04000000 41424344 ${ITEM_OPEN} ${ITEM_END}` + SEQUENCE_END;
	const bytes = hex(`09000110 554e 0000 ffffffff ${inside} ${ID}`);
	expect(digitsOf(encode(decode(bytes), EXPLICIT))).toBe(digitsOf(bytes));
});

test('a length past its parent is an error at the element, not at the parent', () => {
	// An item of 10 bytes in a sequence of 18, with an element of 4 where 2 are left.
	const bytes = `08001011 5351 0000 12000000 feff00e0 0a000000 10002000 4c4f 0400 41204120`;
	expect(failure(bytes)).toMatchObject({ offset: 20, tag: 0x00100020 });
	const item = `08001011 5351 0000 12000000 feff00e0 0c000000 ${ID} 00000000`;
	expect(failure(item)).toMatchObject({ offset: 12 });
});

test('a delimiter at the end of a defined length is a remark', () => {
	const item = `08001011 5351 0000 1a000000 feff00e0 12000000 ${ID} ${ITEM_END}`;
	expect(kinds(item)).toEqual(['stray-delimiter']);
	const sequence = `08001011 5351 0000 1a000000 feff00e0 0a000000 ${ID} ${SEQUENCE_END}`;
	expect(kinds(sequence)).toEqual(['stray-delimiter']);
	expect(failure(item, { strict: true })?.message).toContain('stray delimiter');
	expect(decode(item).items(0x00081110)[0]?.text('PatientID')).toBe('A');
});

test('a missing delimiter is an error where the bytes end', () => {
	const bytes = `08001011 5351 0000 ffffffff ${ITEM_OPEN} ${ID}`;
	expect(failure(bytes)).toMatchObject({ offset: 30 });
	expect(failure(`${bytes} ${ITEM_END}`)).toMatchObject({ offset: 38 });
});

test('an odd length is read as it is and written as it was', () => {
	const bytes = hex(`10001000 504e 0300 414243 ${ID}`);
	expect(kinds(bytes)).toEqual(['odd-length']);
	expect(digitsOf(encode(decode(bytes), EXPLICIT))).toBe(digitsOf(bytes));
	expect(failure(bytes, { strict: true })).toMatchObject({ offset: 0, tag: 0x00100010 });
});

test('a value of 64 KB in a VR with a 16-bit length is UN, and stays one', () => {
	const text = new Uint8Array(0x10000).fill(0x41);
	const bytes = encode(new DataSet().setRaw(0x00104000, 'LT', text), EXPLICIT);
	expect(digitsOf(bytes.subarray(4, 6))).toBe(digitsOf(Buffer.from('UN')));
	expect(decode(bytes).element(0x00104000)).toMatchObject({ vr: 'UN', length: 0x10000 });
});

test('UN of a standard attribute is read by the VR of the dictionary', () => {
	const dataSet = new DataSet()
		.setRaw(0x00100020, 'UN', hex('4120'))
		.setRaw(0x00280010, 'UN', hex('0002'))
		.setRaw(0x00091001, 'UN', hex('4120'));
	expect(dataSet.text('PatientID')).toBe('A');
	expect(dataSet.number('Rows')).toBe(512);
	expect(dataSet.text(0x00091001)).toBeUndefined();
	expect(digitsOf(encode(dataSet, EXPLICIT))).toContain('10002000554e0000');
});

test('4 GiB of value in a few bytes is an error before any memory is taken', () => {
	expect(failure('e07f1000 4f57 0000 feffffff 0000')?.message).toContain('past the end');
	expect(failure(`08001011 5351 0000 feffffff ${ITEM_OPEN}`)?.message).toContain('past the end');
});

/* Order and repetition */

test('a duplicate tag keeps the first value, a wrong order is put right', () => {
	const duplicate = `${ID} 10002000 4c4f 0200 4220`;
	expect(kinds(duplicate)).toEqual(['duplicate']);
	expect(decode(duplicate).text('PatientID')).toBe('A');
	const order = `10004000 4353 0200 4620 ${ID}`;
	expect(kinds(order)).toEqual(['not-ascending']);
	expect(decode(order).tags()).toEqual([0x00100020, 0x00100040]);
});

test('group lengths in data are kept as they were', () => {
	const bytes = hex(`10000000 554c 0400 63000000 ${ID}`);
	expect(kinds(bytes)).toEqual([]);
	expect(digitsOf(encode(decode(bytes), EXPLICIT))).toBe(digitsOf(bytes));
	const corrected = encode(decode(bytes), EXPLICIT, { groupLengths: 'correct' });
	expect(digitsOf(corrected.subarray(8, 12))).toBe('0a000000');
});

test('nesting and numbers of elements have limits, not the stack', () => {
	const deep = `08001011 5351 0000 ffffffff ${ITEM_OPEN}`.repeat(20_000);
	expect(failure(deep)?.message).toContain('nested deeper than 32');
	expect(failure(`${ID} 10003000 4441 0000`, { limits: { elements: 1 } })?.message).toContain(
		'more elements',
	);
});

/* Unknown and private elements */

test('a private sequence is UN in implicit VR, and its items are there when asked for', () => {
	const dataSet = new DataSet()
		.set(0x00090010, 'ACME')
		.set(0x00091001, [DataSet.from({ PatientID: 'A', Rows: 5 })], 'SQ');
	const defined = decode(encode(dataSet, IMPLICIT), { transferSyntax: IMPLICIT });
	expect(defined.element(0x00091001)?.vr).toBe('UN');
	expect(itemsOf(defined, 0x00091001)?.[0]?.number('Rows')).toBe(5);
	const open = encode(dataSet, IMPLICIT, { sequences: 'undefined' });
	const undefinedLength = decode(open, { transferSyntax: IMPLICIT });
	expect(undefinedLength.items(0x00091001)[0]?.number('Rows')).toBe(5);
	// As UN of defined length it also passes through explicit VR unharmed.
	const passed = decode(encode(defined, EXPLICIT));
	expect(itemsOf(passed, 0x00091001)?.[0]?.text('PatientID')).toBe('A');
	expect(digitsOf(encode(passed, IMPLICIT))).toBe(digitsOf(encode(defined, IMPLICIT)));
	expect(itemsOf(new DataSet().setRaw(0x00091001, 'UN', hex('4142')), 0x00091001)).toBeUndefined();
	expect(itemsOf(dataSet, 0x00091002)).toBeUndefined();
});

test('a creator finds its block, and gets the first free one', () => {
	const dataSet = new DataSet().set(0x00090010, 'OTHER').set(0x00090012, 'ACME ');
	const acme = privateBlock(dataSet, 0x0009, 'ACME');
	expect(acme?.block).toBe(0x12);
	expect(privateTag(acme!, 0x34)).toBe(0x00091234);
	expect(privateBlock(dataSet, 0x0009, 'NEW')).toBeUndefined();
	expect(reservePrivateBlock(dataSet, 0x0009, 'ACME')).toEqual(acme);
	expect(reservePrivateBlock(dataSet, 0x0009, 'NEW').block).toBe(0x11);
	expect(dataSet.text(0x00090011)).toBe('NEW');
	for (const group of [0x0008, 0x0003, 0xffff, 0x10001]) {
		expect(() => reservePrivateBlock(dataSet, group, 'NEW')).toThrow('not for private');
	}
	for (let i = 0; i < 0xf0 - 3; i += 1) reservePrivateBlock(dataSet, 0x0009, `V${i}`);
	expect(() => reservePrivateBlock(dataSet, 0x0009, 'LAST')).toThrow('is taken');
});

/* Values */

test('64-bit integers are exact', () => {
	const dataSet = new DataSet()
		.set(0x00091001, [18446744073709551615n, '9007199254740993', 5], 'UV')
		.set(0x00091002, [-9223372036854775808n, -1], 'SV');
	const again = decode(encode(dataSet, EXPLICIT));
	expect(again.bigints(0x00091001)).toEqual([18446744073709551615n, 9007199254740993n, 5n]);
	expect(again.bigints(0x00091002)).toEqual([-9223372036854775808n, -1n]);
	expect(DataSet.from({ InstanceNumber: 12n }).bigints('InstanceNumber')).toEqual([12n]);
	expect(again.bigints('PatientName')).toEqual([]);
	for (const [value, vr] of [
		[18446744073709551616n, 'UV'],
		[-1n, 'UV'],
		[9223372036854775808n, 'SV'],
		[1.5, 'UV'],
		['x', 'SV'],
		[70000n, 'US'],
		['abc', 'FD'],
	] as const) {
		expect(() => new DataSet().set(0x00091001, value, vr)).toThrow(
			expect.objectContaining({ code: 'bad-value' }),
		);
	}
});

test('more numbers than a block holds are written whole', () => {
	const numbers = Array.from({ length: 5000 }, (_, i) => i);
	const dataSet = new DataSet().set(0x00091001, numbers, 'UL').set(0x00091002, numbers, 'AT');
	expect(decode(encode(dataSet, EXPLICIT)).numbers(0x00091001)).toEqual(numbers);
	expect(decode(encode(dataSet, EXPLICIT)).numbers(0x00091002)).toEqual(numbers);
});

test('US or SS is decided by the pixel representation, also that of the data set around', () => {
	const mapping = DataSet.from({ RealWorldValueFirstValueMapped: 5 });
	const signed = DataSet.from({
		RealWorldValueMappingSequence: [mapping],
		SmallestImagePixelValue: 3,
		PixelRepresentation: 1,
	});
	expect(signed.element('SmallestImagePixelValue')?.vr).toBe('SS');
	expect(mapping.element('RealWorldValueFirstValueMapped')?.vr).toBe('SS');
	const implicit = decode(encode(signed, IMPLICIT), { transferSyntax: IMPLICIT });
	const [item] = implicit.items('RealWorldValueMappingSequence');
	expect(implicit.element('SmallestImagePixelValue')?.vr).toBe('SS');
	expect(item?.element('RealWorldValueFirstValueMapped')?.vr).toBe('SS');
	// A sequence that comes before Pixel Representation is decided when that has been read.
	const early = DataSet.from({
		ReferencedImageSequence: [DataSet.from({ PixelPaddingValue: -5 })],
		PixelRepresentation: 1,
	});
	const read = decode(encode(early, IMPLICIT), { transferSyntax: IMPLICIT });
	expect(read.items('ReferencedImageSequence')[0]?.numbers('PixelPaddingValue')).toEqual([-5]);
});

test('of a LUT descriptor only the second value is signed', () => {
	const dataSet = DataSet.from({ PixelRepresentation: 1, LUTDescriptor: [65535, -1024, 16] });
	expect(dataSet.element('LUTDescriptor')?.vr).toBe('SS');
	expect(dataSet.numbers('LUTDescriptor')).toEqual([65535, -1024, 16]);
	const again = decode(encode(dataSet, IMPLICIT), { transferSyntax: IMPLICIT });
	expect(again.numbers('LUTDescriptor')).toEqual([65535, -1024, 16]);
});

/* Wrong on purpose */

const PLAIN = { PatientName: 'Doe', PatientID: 'A' };

function wrong(values: Parameters<typeof DataSet.from>[0], ...faults: EncodingFault[]): string {
	return digitsOf(encode(DataSet.from(values), EXPLICIT, { faults }));
}

const NAME = '10001000504e0400446f6520';

test('each fault is in the bytes', () => {
	const id = digitsOf(hex(ID));
	expect(wrong(PLAIN)).toBe(NAME + id);
	expect(wrong(PLAIN, { kind: 'odd-length', tag: 0x00100010 })).toBe(`10001000504e0300446f65${id}`);
	expect(wrong(PLAIN, { kind: 'wrong-vr', tag: 0x00100020, vr: 'UT' })).toBe(
		`${NAME}1000200055540000020000004120`,
	);
	expect(wrong(PLAIN, { kind: 'wrong-length', tag: 0x00100010, by: 2 })).toBe(
		`10001000504e0600446f6520${id}`,
	);
	expect(wrong(PLAIN, { kind: 'descending-order' })).toBe(id + NAME);
	expect(wrong(PLAIN, { kind: 'duplicate', tag: 0x00100020 })).toBe(NAME + id + id);
	expect(wrong(PLAIN, { kind: 'wrong-byte-order' })).toBe(
		digitsOf(encode(DataSet.from(PLAIN), BIG)),
	);
	const grouped = new DataSet().set(0x00100000, 10).set('PatientID', 'A');
	const faults = [{ kind: 'wrong-group-length', group: 0x0010, by: -4 }] as const;
	expect(digitsOf(encode(grouped, EXPLICIT, { groupLengths: 'correct', faults }))).toBe(
		`10000000554c040006000000${id}`,
	);
});

test('faults of sequences are in the bytes, and our reader says where', () => {
	const sequence = (): Parameters<typeof DataSet.from>[0] => ({
		ReferencedStudySequence: [DataSet.from({ PatientID: 'A' })],
		PatientSex: 'F',
	});
	const tag = 0x00081110;
	const id = digitsOf(hex(ID));
	const sex = '1000400043530200' + '4620';
	expect(wrong(sequence(), { kind: 'wrong-item-length', tag, item: 0, by: -2 })).toBe(
		`0800101153510000` + `12000000feff00e008000000${id}${sex}`,
	);
	const noItem = wrong(sequence(), { kind: 'missing-delimiter', tag, of: 'item' });
	expect(noItem).toBe(`0800101153510000` + `12000000feff00e0ffffffff${id}${sex}`);
	expect(failure(noItem)).toMatchObject({ offset: 30 });
	const noSequence = wrong(sequence(), { kind: 'missing-delimiter', tag, of: 'sequence' });
	expect(noSequence).toBe(`0800101153510000` + `fffffffffeff00e00a000000${id}${sex}`);
	expect(failure(noSequence)).toMatchObject({ offset: 30, tag: 0x00100040 });
	// Inside an item the lengths around it stay right.
	const inner = wrong(sequence(), { kind: 'odd-length', tag: 0x00100020 });
	expect(kinds(inner)).toEqual(['odd-length']);
});
