import { expect, test } from 'vitest';
import { decodeDataSet, type DecodeOptions } from './decode-data-set.ts';
import { encodeDataSet, joinBytes } from './encode-data-set.ts';
import { UID } from './uids.ts';

const EXPLICIT = UID.LittleEndianExplicit;
const IMPLICIT = UID.LittleEndianImplicit;

/** Bytes from hexadecimal digits with spaces anywhere. */
function hex(digits: string): Uint8Array {
	const pairs = digits.replace(/\s/g, '').match(/../g) ?? [];
	return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function decode(digits: string, options: Partial<DecodeOptions> = {}) {
	return decodeDataSet(hex(digits), { transferSyntax: EXPLICIT, ...options });
}

const PATIENT_ID_A = '10002000 4c4f 0200 4120';
const ITEM_OPEN = 'feff00e0 ffffffff';
const ITEM_END = 'feff0de0 00000000';
const SEQUENCE_END = 'feffdde0 00000000';

test('defined and undefined lengths may be mixed, and stay as they were', () => {
	const bytes =
		`08001011 5351 0000 ffffffff feff00e0 0a000000 ${PATIENT_ID_A}` +
		`${ITEM_OPEN} ${PATIENT_ID_A} ${ITEM_END} ${SEQUENCE_END}` +
		`08004011 5351 0000 10000000 ${ITEM_OPEN} ${ITEM_END}`;
	const result = decode(bytes);
	if (!result.ok) throw new Error(result.error.message);
	expect(result.dataSet.items(0x00081110).map((item) => item.text('PatientID'))).toEqual([
		'A',
		'A',
	]);
	expect(result.dataSet.items(0x00081140)).toHaveLength(1);
	const again = joinBytes(encodeDataSet(result.dataSet, { transferSyntax: EXPLICIT }));
	expect(again).toEqual(hex(bytes));
});

test('UN of undefined length is implicit VR inside', () => {
	const bytes =
		`09000110 554e 0000 ffffffff ${ITEM_OPEN} 10002000 02000000 4120 ${ITEM_END}` +
		`${SEQUENCE_END} ${PATIENT_ID_A}`;
	const result = decode(bytes);
	if (!result.ok) throw new Error(result.error.message);
	expect(result.dataSet.items(0x00091001)[0]?.text('PatientID')).toBe('A');
	const again = joinBytes(encodeDataSet(result.dataSet, { transferSyntax: EXPLICIT }));
	expect(again).toEqual(hex(bytes));
});

test('a private sequence of undefined length is found in implicit VR', () => {
	const bytes = `09000110 ffffffff ${ITEM_OPEN} 10002000 02000000 4120 ${ITEM_END} ${SEQUENCE_END}`;
	const result = decode(bytes, { transferSyntax: IMPLICIT });
	if (!result.ok) throw new Error(result.error.message);
	expect(result.dataSet.items(0x00091001)[0]?.text('PatientID')).toBe('A');
});

test('implicit VR takes signs from the pixel representation', () => {
	const result = decode('28000301 02000000 0100 28000601 02000000 fdff', {
		transferSyntax: IMPLICIT,
	});
	if (!result.ok) throw new Error(result.error.message);
	expect(result.dataSet.number('SmallestImagePixelValue')).toBe(-3);
});

test.each([
	['a value past the end', '10002000 4c4f 0400 4120', 0, 'goes past the end by 2'],
	['an item past its sequence', '08001011 5351 0000 08000000 feff00e0 02000000', 12, 'past'],
	['a header of seven bytes', '10002000 4c4f 02', 0, '7 bytes are left'],
	['a long header cut', '10002000 4f42 0000', 0, 'the header is cut'],
	['bytes that are no VR', '10002000 02000000 4120', 4, 'no VR'],
	['an item where none belongs', ITEM_OPEN, 0, 'item structure'],
	['an element in place of an item', `08001011 5351 0000 0a000000 ${PATIENT_ID_A}`, 12, 'item'],
	['no sequence delimiter', `08001011 5351 0000 ffffffff ${ITEM_OPEN} ${ITEM_END}`, 28, 'missing'],
	['no item delimiter', `08001011 5351 0000 ffffffff ${ITEM_OPEN}`, 20, 'missing'],
	['undefined length of text', '10002000 5554 0000 ffffffff', 0, 'UT has no undefined length'],
	['fragments without end', 'e07f1000 4f42 0000 ffffffff feff00e0 00000000', 20, 'missing'],
])('%s is an error at its offset', (_, digits, offset, message) => {
	const result = decode(digits);
	expect(result).toMatchObject({ ok: false, error: { offset } });
	if (!result.ok) expect(result.error.message).toContain(message);
});

test('an error comes with what was read before it', () => {
	const result = decode(`${PATIENT_ID_A} 20001000 5348 ff00`);
	if (result.ok) throw new Error('must fail');
	expect(result.error).toMatchObject({ offset: 10, tag: 0x00200010 });
	expect(result.partial?.text('PatientID')).toBe('A');
});

test.each([
	['odd-length', '10002000 4c4f 0100 41'],
	['not-ascending', `20001000 5348 0000 ${PATIENT_ID_A}`],
	['duplicate', `${PATIENT_ID_A} 10002000 4c4f 0000`],
	['unknown-vr', '10002000 5a5a 0000 02000000 0000'],
	[
		'delimiter-with-length',
		'08001011 5351 0000 ffffffff feffdde0 01000000'.replace('01000000', '02000000'),
	],
])('%s is a remark, and an error when strict', (kind, digits) => {
	const result = decode(digits);
	expect(result).toMatchObject({ ok: true, remarks: [{ kind }] });
	expect(decode(digits, { strict: true })).toMatchObject({ ok: false });
	if (kind === 'duplicate' && result.ok) expect(result.dataSet.text('PatientID')).toBe('A');
});

test('nesting has a limit', () => {
	const nested = (depth: number): string =>
		`08001011 5351 0000 ffffffff ${ITEM_OPEN}`.repeat(depth) +
		`${ITEM_END} ${SEQUENCE_END}`.repeat(depth);
	expect(decode(nested(32)).ok).toBe(true);
	expect(decode(nested(33))).toMatchObject({
		ok: false,
		error: { message: 'nested deeper than 32' },
	});
	expect(decode(nested(100_000))).toMatchObject({ ok: false });
	expect(decode(nested(3), { limits: { depth: 2 } }).ok).toBe(false);
});

test('the number of elements has a limit', () => {
	const many = (PATIENT_ID_A + '10002100 4c4f 0000').repeat(1);
	expect(decode(many, { limits: { elements: 2 } }).ok).toBe(true);
	expect(decode(many, { limits: { elements: 1 } })).toMatchObject({ ok: false });
});

test('reading can stop before a tag', () => {
	const result = decode(`${PATIENT_ID_A} e07f1000 4f57 0000 ffffff7f`, { stopAtTag: 0x7fe00010 });
	expect(result).toMatchObject({ ok: true, endOffset: 10 });
});
