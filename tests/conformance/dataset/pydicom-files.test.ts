/**
 * The test files that come with pydicom (Debian package python3-pydicom), read from where they are
 * installed: byte-exact round trips of what other people's software wrote.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import {
	decodeDataSet,
	type DecodeResult,
} from '../../../src/lib/protocol/dicom/dataset/decode-data-set.ts';
import {
	encodeDataSet,
	joinBytes,
} from '../../../src/lib/protocol/dicom/dataset/encode-data-set.ts';
import { encodePart10, readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { itemsOf } from '../../../src/lib/protocol/dicom/dataset/unknown-sequence.ts';

const asked = spawnSync('/usr/bin/python3', ['-c', 'import pydicom; print(pydicom.__path__[0])']);
const root = asked.status === 0 ? join(asked.stdout.toString().trim(), 'data') : '';
const present = existsSync(join(root, 'test_files'));
if (!present) console.warn('skipped: the test files of pydicom are not installed');

function filesBelow(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) return filesBelow(path);
		return /\.dcm$|^DICOMDIR$|^\d+$/.test(name) ? [path] : [];
	});
}

const files = present ? filesBelow(root) : [];

function bytesOf(name: string): Uint8Array {
	const path = files.find((one) => basename(one) === name);
	if (path === undefined) throw new Error(`${name} is not among the files`);
	return new Uint8Array(readFileSync(path));
}

/** Files that are broken on purpose or by accident: what our reader says of them. */
const BROKEN: Readonly<Record<string, string>> = {
	'ExplVR_BigEndNoMeta.dcm': 'no "DICM" at byte 128',
	'ExplVR_LitEndNoMeta.dcm': 'no "DICM" at byte 128',
	'MR_truncated.dcm': 'the length 8192 goes past the end by 62',
	'SC_rgb_jpeg.dcm': 'these two bytes are no VR, but it would be an element of implicit VR',
	'meta_missing_tsyntax.dcm': 'the transfer syntax is missing',
	'no_meta.dcm': 'no "DICM" at byte 128',
	'rtplan_truncated.dcm': 'the length 976 goes past the end by 265',
	'rtstruct.dcm': 'no "DICM" at byte 128',
};

/** Files with something wrong that does not stop the reader. */
const REMARKS: Readonly<Record<string, readonly string[]>> = {
	'nested_priv_SQ.dcm': ['odd-length'],
	'no_meta_group_length.dcm': ['no-group-length'],
	'winter.dcm': ['duplicate'],
};

test.skipIf(!present)('there are enough files', () => {
	expect(files.length).toBeGreaterThan(80);
});

test.skipIf(!present).for(files.map((path) => [basename(path), path] as const))(
	'%s is read, and written byte for byte',
	([name, path]) => {
		const bytes = new Uint8Array(readFileSync(path));
		const result = readPart10(bytes);
		if (!result.ok) {
			expect(result.error.message).toBe(BROKEN[name]);
			return;
		}
		expect(BROKEN[name]).toBeUndefined();
		const kinds = new Set(result.remarks.map((remark) => remark.kind));
		expect([...kinds]).toEqual(REMARKS[name] ?? []);
		if (kinds.has('duplicate')) return;
		const again = joinBytes(encodePart10(result));
		if (result.transferSyntax !== UID.DeflatedLittleEndianExplicit) {
			expect(Buffer.compare(again, bytes)).toBe(0);
			return;
		}
		// Another compressor gives another stream; what is in it is the same.
		const second = readPart10(again);
		if (!second.ok) throw new Error(second.error.message);
		const plain = { transferSyntax: UID.LittleEndianExplicit };
		const inside = joinBytes(encodeDataSet(result.dataSet, plain));
		expect(joinBytes(encodeDataSet(second.dataSet, plain))).toEqual(inside);
	},
);

test.skipIf(!present)('data sets without a file header are read as data sets', () => {
	const read = (name: string, transferSyntax: string): DecodeResult =>
		decodeDataSet(bytesOf(name), { transferSyntax });
	for (const [name, transferSyntax] of [
		['ExplVR_BigEndNoMeta.dcm', UID.BigEndianExplicit],
		['ExplVR_LitEndNoMeta.dcm', UID.LittleEndianExplicit],
		['rtstruct.dcm', UID.LittleEndianImplicit],
	] as const) {
		const result = read(name, transferSyntax);
		if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
		const again = joinBytes(encodeDataSet(result.dataSet, { transferSyntax }));
		expect(Buffer.compare(again, bytesOf(name)), name).toBe(0);
	}
});

test.skipIf(!present)('private sequences are found inside UN', () => {
	const nested = readPart10(bytesOf('nested_priv_SQ.dcm'));
	if (!nested.ok) throw new Error(nested.error.message);
	const outer = itemsOf(nested.dataSet, 0x00010001);
	const inner = outer?.[0] && itemsOf(outer[0], 0x00010001);
	expect(inner?.[0]?.tags()).toEqual([0x00010001]);
	const unknown = readPart10(bytesOf('UN_sequence.dcm'));
	if (!unknown.ok) throw new Error(unknown.error.message);
	const element = unknown.dataSet.element(0x4453100c);
	expect(element).toMatchObject({ vr: 'UN', undefinedLength: true });
	const [series] = unknown.dataSet.items(0x4453100c)[0]?.items('ReferencedSeriesSequence') ?? [];
	expect(series?.items('ReferencedSOPSequence')).toHaveLength(1);
});
