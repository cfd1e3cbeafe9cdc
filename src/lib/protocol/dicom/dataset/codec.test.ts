import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataSet } from './data-set.ts';
import { decodeDataSet } from './decode-data-set.ts';
import { encodeDataSet, joinBytes } from './encode-data-set.ts';
import { UID } from './uids.ts';

const SYNTAXES = [UID.LittleEndianImplicit, UID.LittleEndianExplicit, UID.BigEndianExplicit];
const FORMS = ['defined', 'undefined'] as const;

type Plan = readonly (
	| { kind: 'value'; tag: number; vr: string; bytes: Uint8Array }
	| { kind: 'items'; tag: number; items: readonly Plan[] }
)[];

/** Standard attributes of many VRs, so that implicit VR finds the same VR again. */
const ATTRIBUTES: readonly [number, string, number][] = [
	[0x00080018, 'UI', 2],
	[0x00080050, 'SH', 2],
	[0x00080080, 'LO', 2],
	[0x00100010, 'PN', 2],
	[0x00180050, 'DS', 2],
	[0x00189073, 'FD', 8],
	[0x00189089, 'FD', 8],
	[0x00280009, 'AT', 4],
	[0x00280010, 'US', 2],
	[0x00209157, 'UL', 4],
	[0x00182005, 'DS', 2],
	[0x00186020, 'SL', 4],
	[0x0040a160, 'UT', 2],
	[0x00287fe0, 'UR', 2],
	[0x60000050, 'SS', 2],
	[0x7fe00001, 'OV', 8],
	[0x7fe00008, 'OF', 4],
	[0x00091001, 'UN', 2],
];
const SEQUENCES = [0x00081110, 0x00081140, 0x00400100, 0x00400275, 0x0040a730];

const value = fc
	.tuple(fc.constantFrom(...ATTRIBUTES), fc.nat(9), fc.integer(), fc.boolean())
	.map(([[tag, vr, unit], count, seed, large]) => {
		const length = large ? 1100 + count * 8 : count * unit;
		const bytes = Uint8Array.from({ length }, (_, i) => (seed >> (i % 24)) & 0xff);
		return { kind: 'value' as const, tag, vr, bytes };
	});

const { plan } = fc.letrec<{ plan: Plan; sequence: Plan[number] }>((tie) => ({
	plan: fc.uniqueArray(
		fc.oneof({ maxDepth: 5, depthSize: 'small' }, value, value, tie('sequence')),
		{
			maxLength: 8,
			selector: (part) => part.tag,
		},
	) as fc.Arbitrary<Plan>,
	sequence: fc.record({
		kind: fc.constant('items' as const),
		tag: fc.constantFrom(...SEQUENCES),
		items: fc.array(tie('plan'), { maxLength: 2 }),
	}),
}));

function build(parts: Plan): DataSet {
	const dataSet = new DataSet();
	for (const part of parts) {
		if (part.kind === 'value') dataSet.setRaw(part.tag, part.vr, part.bytes);
		else dataSet.set(part.tag, part.items.map(build));
	}
	return dataSet;
}

/** Everything a data set says, as plain data. */
function content(dataSet: DataSet): unknown {
	return dataSet.elements().map((element) => ({
		tag: element.tag,
		vr: element.vr,
		bytes: Buffer.from(element.bytes).toString('hex'),
		items: element.items?.map(content),
	}));
}

function read(bytes: Uint8Array, transferSyntax: string): DataSet {
	const result = decodeDataSet(bytes, { transferSyntax, strict: true });
	if (!result.ok) throw new Error(`${result.error.offset}: ${result.error.message}`);
	return result.dataSet;
}

test('what is written in any mode is read again, and then written to the same bytes', () => {
	fc.assert(
		fc.property(
			plan,
			fc.constantFrom(...SYNTAXES),
			fc.constantFrom(...FORMS),
			(parts, ts, form) => {
				const dataSet = build(parts);
				const bytes = joinBytes(encodeDataSet(dataSet, { transferSyntax: ts, sequences: form }));
				const again = read(bytes, ts);
				expect(content(again)).toEqual(content(dataSet));
				expect(joinBytes(encodeDataSet(again, { transferSyntax: ts }))).toEqual(bytes);
			},
		),
		{ numRuns: 300, seed: 4711 },
	);
});

/** A worklist-like data set with text, numbers, nested sequences and fragments. */
function sample(): DataSet {
	return DataSet.from({
		SpecificCharacterSet: 'ISO_IR 100',
		PatientName: 'Müller^Jörg',
		Rows: 2,
		ScheduledProcedureStepSequence: [
			DataSet.from({
				Modality: 'CT',
				ScheduledProtocolCodeSequence: [DataSet.from({ CodeValue: 'A' }), new DataSet()],
			}),
		],
	});
}

test.each(SYNTAXES)('%s: cut anywhere it is an error, or ends between two elements', (ts) => {
	for (const sequences of FORMS) {
		const bytes = joinBytes(encodeDataSet(sample(), { transferSyntax: ts, sequences }));
		let complete = 0;
		for (let length = 0; length < bytes.length; length += 1) {
			const result = decodeDataSet(bytes.subarray(0, length), { transferSyntax: ts });
			if (result.ok) complete += 1;
			else expect(result.error.offset).toBeLessThanOrEqual(length);
		}
		// The empty data set and the three ends of elements at the top level.
		expect(complete).toBe(4);
	}
});

test('mutated bytes never throw', () => {
	const sources = SYNTAXES.flatMap((transferSyntax) =>
		FORMS.map((sequences) => ({
			transferSyntax,
			bytes: joinBytes(encodeDataSet(sample(), { transferSyntax, sequences })),
		})),
	);
	const change = fc.tuple(fc.nat(999), fc.nat(255));
	fc.assert(
		fc.property(
			fc.constantFrom(...sources),
			fc.array(change, { minLength: 1, maxLength: 6 }),
			fc.boolean(),
			({ bytes, transferSyntax }, changes, strict) => {
				const mutated = bytes.slice();
				for (const [at, byte] of changes) mutated[at % mutated.length] = byte;
				const result = decodeDataSet(mutated, { transferSyntax, strict });
				const dataSet = result.ok ? result.dataSet : result.partial;
				for (const tag of dataSet?.tags() ?? []) {
					dataSet?.texts(tag);
					dataSet?.numbers(tag);
				}
				if (result.ok) encodeDataSet(result.dataSet, { transferSyntax });
			},
		),
		{ numRuns: 3000, seed: 42 },
	);
});

test('large values are views on the bytes they came from', () => {
	const pixels = new Uint8Array(4096).fill(7);
	const dataSet = DataSet.from({ PatientID: 'X', PixelData: pixels });
	const pieces = encodeDataSet(dataSet, { transferSyntax: UID.LittleEndianExplicit });
	expect(pieces).toHaveLength(2);
	expect(pieces[1]?.buffer).toBe(pixels.buffer);
	const bytes = joinBytes(pieces);
	expect(read(bytes, UID.LittleEndianExplicit).bytes('PixelData')?.buffer).toBe(bytes.buffer);
});

test('group lengths that are present are computed when asked', () => {
	const dataSet = DataSet.from({ CommandGroupLength: 0, CommandField: 0x30, MessageID: 1 });
	const options = { transferSyntax: UID.LittleEndianImplicit } as const;
	const bytes = joinBytes(encodeDataSet(dataSet, { ...options, groupLengths: 'correct' }));
	expect(read(bytes, UID.LittleEndianImplicit).number('CommandGroupLength')).toBe(20);
	const kept = joinBytes(encodeDataSet(dataSet, options));
	expect(read(kept, UID.LittleEndianImplicit).number('CommandGroupLength')).toBe(0);
});

test('a value of 64 KB in a VR with a short length is written as UN', () => {
	const dataSet = new DataSet().setRaw(0x00280010, 'US', new Uint8Array(0x10000));
	const [head] = encodeDataSet(dataSet, { transferSyntax: UID.LittleEndianExplicit });
	expect(head).toEqual(Uint8Array.of(0x28, 0, 0x10, 0, 0x55, 0x4e, 0, 0, 0, 0, 1, 0));
});

test('encapsulated pixel data keeps its fragments', () => {
	const fragments = [new Uint8Array(0), Uint8Array.of(255, 216), new Uint8Array(3000)];
	const dataSet = DataSet.from({ PatientID: 'X' }).setFragments('PixelData', fragments);
	const bytes = joinBytes(encodeDataSet(dataSet, { transferSyntax: UID.JPEGBaseline }));
	const again = read(bytes, UID.JPEGBaseline);
	expect(again.element('PixelData')?.fragments).toEqual(fragments);
	expect(joinBytes(encodeDataSet(again, { transferSyntax: UID.JPEGBaseline }))).toEqual(bytes);
});

/** The remarks after which writing does not give the bytes that were read. */
const NOT_KEPT = new Set([
	'not-ascending',
	'duplicate',
	'reserved-not-zero',
	'delimiter-with-length',
	'stray-delimiter',
]);

test('what reads without such a remark is written byte for byte', () => {
	let kept = 0;
	let notKept = 0;
	const change = fc.tuple(fc.nat(9999), fc.nat(255));
	fc.assert(
		fc.property(
			plan,
			fc.constantFrom(...SYNTAXES),
			fc.constantFrom(...FORMS),
			fc.array(change, { maxLength: 3 }),
			(parts, transferSyntax, sequences, changes) => {
				const bytes = joinBytes(encodeDataSet(build(parts), { transferSyntax, sequences }));
				const mutated = bytes.slice();
				for (const [at, byte] of changes) mutated[at % mutated.length] = byte;
				const result = decodeDataSet(mutated, { transferSyntax });
				if (!result.ok) return;
				const again = joinBytes(encodeDataSet(result.dataSet, { transferSyntax }));
				const kinds = result.remarks.map((remark) => remark.kind);
				if (kinds.some((kind) => NOT_KEPT.has(kind))) {
					notKept += 1;
					return;
				}
				kept += 1;
				expect(Buffer.compare(again, mutated)).toBe(0);
			},
		),
		{ numRuns: 1500, seed: 1999 },
	);
	expect(kept).toBeGreaterThan(600);
	expect(notKept).toBeGreaterThan(10);
});

test('deflated data is read again, and has an even length', () => {
	const transferSyntax = UID.DeflatedLittleEndianExplicit;
	fc.assert(
		fc.property(plan, (parts) => {
			const dataSet = build(parts);
			const bytes = joinBytes(encodeDataSet(dataSet, { transferSyntax }));
			expect(bytes.length % 2).toBe(0);
			expect(content(read(bytes, transferSyntax))).toEqual(content(dataSet));
		}),
		{ numRuns: 100, seed: 7 },
	);
});

test('what is wrong with a deflated stream is an error, not an exception', () => {
	const transferSyntax = UID.DeflatedLittleEndianExplicit;
	const bytes = joinBytes(encodeDataSet(sample(), { transferSyntax }));
	const fail = (input: Uint8Array, limits = {}): string => {
		const result = decodeDataSet(input, { transferSyntax, limits });
		return result.ok ? 'read' : result.error.message;
	};
	expect(fail(new Uint8Array(0))).toBe('the deflated data set is empty');
	expect(fail(bytes.subarray(0, bytes.length - 20))).toContain('cannot be inflated');
	expect(fail(Uint8Array.of(0x78, 0x9c, ...bytes))).toContain('zlib header');
	const bomb = joinBytes(
		encodeDataSet(DataSet.from({ PixelData: new Uint8Array(10_000_000) }), { transferSyntax }),
	);
	expect(bomb.length).toBeLessThan(10_000);
	expect(fail(bomb, { inflatedBytes: 1_000_000 })).toContain('more than the limit of 1000000');
	expect(fail(bomb)).toBe('read');
});
