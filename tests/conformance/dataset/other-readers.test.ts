import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error dcmjs ships no types
import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { afterAll, expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import { readPart10 } from '../../../src/lib/protocol/dicom/dataset/part10.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { asFile, ctImage } from './objects.ts';

const PYTHON = '/usr/bin/python3';
const pydicom = spawnSync(PYTHON, ['-c', 'import pydicom']).status === 0;
if (!pydicom) console.warn('skipped: python3 has no pydicom');
const folder = mkdtempSync(join(tmpdir(), 'readers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LITTLE = [UID.LittleEndianImplicit, UID.LittleEndianExplicit];
const MODES = LITTLE.flatMap((syntax) => [
	{ syntax, sequences: 'defined' as const },
	{ syntax, sequences: 'undefined' as const },
]);

function hexTag(tag: number): string {
	return tag.toString(16).padStart(8, '0');
}

test.for(MODES)('dicom-parser finds the same bytes: $syntax $sequences', (mode) => {
	const object = ctImage();
	const parsed = dicomParser.parseDicom(asFile(object, mode.syntax, mode.sequences), {
		vrCallback: (tag: string) => (tag === 'x00400275' ? 'SQ' : undefined),
	} as never);
	const compare = (ours: DataSet, theirs: dicomParser.DataSet): void => {
		for (const element of ours.elements()) {
			const other = theirs.elements[`x${hexTag(element.tag)}`];
			expect(other, hexTag(element.tag)).toBeDefined();
			if (element.items === undefined) {
				const start = other!.dataOffset;
				const bytes = theirs.byteArray.subarray(start, start + other!.length);
				expect(Buffer.compare(bytes, element.bytes)).toBe(0);
			} else if (other!.items !== undefined) {
				expect(other!.items).toHaveLength(element.items.length);
				element.items.forEach((item, i) => compare(item, other!.items![i]!.dataSet!));
			}
		}
	};
	compare(object, parsed);
});

/** Known limits of dicom-parser 1.8.21: if one of these fails, the reader has become better. */
test('dicom-parser does not know the 64-bit VRs', () => {
	const object = DataSet.from({
		SOPClassUID: UID.CTImageStorage,
		SOPInstanceUID: '1.2',
	}).set(0x00091001, 5, 'UV');
	object.set(0x00100020, 'after', 'LO');
	const read = (): string | undefined =>
		dicomParser.parseDicom(asFile(object, UID.LittleEndianExplicit)).string('x00100020');
	let seen: string | undefined;
	try {
		seen = read();
	} catch {
		seen = undefined;
	}
	expect(seen).not.toBe('after');
});

interface DcmjsElement {
	readonly vr: string;
	readonly Value: readonly unknown[];
}

function readByDcmjs(file: Uint8Array): Record<string, DcmjsElement> {
	const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
	return dcmjs.data.DicomMessage.readFile(buffer).dict as Record<string, DcmjsElement>;
}

test.for(MODES)('dcmjs reads the same values: $syntax $sequences', (mode) => {
	const object = ctImage();
	const dict = readByDcmjs(asFile(object, mode.syntax, mode.sequences));
	const text = (tag: number): unknown => dict[hexTag(tag).toUpperCase()]?.Value;
	for (const element of object.elements()) {
		expect(dict, hexTag(element.tag)).toHaveProperty(hexTag(element.tag).toUpperCase());
	}
	expect(text(0x00080018)).toEqual(['2.25.1001.3']);
	expect(text(0x00080008)).toEqual(['ORIGINAL', 'PRIMARY', 'AXIAL']);
	expect(text(0x00280010)).toEqual([64]);
	expect(text(0x00200032)).toEqual([-124.755859375, -260.5, -13.25]);
	expect(text(0x00081030)).toEqual(['CT Schädel']);
	expect(dict['00081032']?.Value).toHaveLength(1);
});

/** Known limits of dcmjs 0.52.2: if one of these fails, dcmjs has become better. */
test('dcmjs decodes text in items with the wrong character set', () => {
	const object = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 192',
		StudyDescription: 'é',
		ReferencedStudySequence: [DataSet.from({ StudyDescription: 'é' })],
	});
	const dict = readByDcmjs(asFile(object, UID.LittleEndianExplicit));
	expect(dict['00081030']?.Value).toEqual(['é']);
	const [item] = dict['00081110']?.Value as Record<string, DcmjsElement>[];
	expect(item?.['00081030']?.Value).toEqual(['Ã©']);
});

test('dcmjs drops empty items', () => {
	const dict = readByDcmjs(asFile(ctImage(), UID.LittleEndianExplicit));
	expect(ctImage().items('RequestAttributesSequence')).toHaveLength(2);
	expect(dict['00400275']?.Value).toHaveLength(1);
});

test('dcmjs accepts a value that is cut', () => {
	const file = asFile(DataSet.from({ PatientID: 'ABCDEF' }), UID.LittleEndianExplicit);
	expect(readByDcmjs(file.slice(0, -3))['00100020']?.Value).toEqual(['ABC']);
	expect(readPart10(file.slice(0, -3)).ok).toBe(false);
});

test('dcmjs takes ambiguous values of implicit VR as unsigned', () => {
	const file = asFile(ctImage(), UID.LittleEndianImplicit);
	expect(readByDcmjs(file)['00280106']?.Value).toEqual([65536 - 1024]);
	const explicit = asFile(ctImage(), UID.LittleEndianExplicit);
	expect(readByDcmjs(explicit)['00280106']?.Value).toEqual([-1024]);
});

function readByPydicom(file: Uint8Array): Record<string, unknown> {
	const path = join(folder, 'object.dcm');
	writeFileSync(path, file);
	const script = new URL('./read-with-pydicom.py', import.meta.url).pathname;
	const run = spawnSync(PYTHON, [script, path], { env: { PYTHONIOENCODING: 'utf-8' } });
	if (run.status !== 0) throw new Error(run.stderr.toString());
	return JSON.parse(run.stdout.toString()) as Record<string, unknown>;
}

/** What pydicom prints for each element, computed from our own data set. */
function expectedOfPydicom(dataSet: DataSet): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	for (const element of dataSet.elements()) {
		const { tag, vr } = element;
		const texts = dataSet.texts(tag);
		if (element.items !== undefined) out[hexTag(tag)] = element.items.map(expectedOfPydicom);
		else if (vr === 'OW' || vr === 'OB' || vr === 'UN') out[hexTag(tag)] = element.length;
		else if (texts.length > 1) out[hexTag(tag)] = texts.map(String);
		else out[hexTag(tag)] = texts[0] ?? '';
	}
	return out;
}

const ALL = [
	...MODES,
	{ syntax: UID.BigEndianExplicit, sequences: 'defined' as const },
	{ syntax: UID.BigEndianExplicit, sequences: 'undefined' as const },
	{ syntax: UID.DeflatedLittleEndianExplicit, sequences: 'defined' as const },
];

test.skipIf(!pydicom).for(ALL)('pydicom reads the same: $syntax $sequences', (mode) => {
	const object = ctImage();
	if (mode.syntax === UID.LittleEndianImplicit) {
		// Without VRs the private elements are bytes for any reader.
		object.delete(0x00291001);
		object.delete(0x00291002);
	}
	const read = readByPydicom(asFile(object, mode.syntax, mode.sequences));
	expect(read).toEqual(expectedOfPydicom(object));
});

const NAMES: readonly [string, string][] = [
	['\\ISO 2022 IR 87', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
	['ISO 2022 IR 13\\ISO 2022 IR 87', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
	['\\ISO 2022 IR 149', 'Hong^Gildong=洪^吉洞=홍^길동'],
	['ISO_IR 100', 'Müßig^Zoë'],
	['ISO_IR 101', 'Łącka^Żaneta'],
	['ISO_IR 126', 'Δοκιμή^Μαρία'],
	['ISO_IR 144', 'Примеров^Фёдор'],
	['ISO_IR 148', 'Örnekoğlu^Işıl'],
	['ISO_IR 192', 'Muster^Ωλέγ=試験^名'],
	['GB18030', 'Muster^Li=张^小东'],
	['GBK', 'Muster^Li=张^小东'],
];

test.skipIf(!pydicom).for(NAMES)('pydicom decodes what we encode in %s', ([label, name]) => {
	const object = DataSet.from({
		SpecificCharacterSet: label,
		PatientName: name,
		ScheduledProcedureStepSequence: [DataSet.from({ ScheduledPerformingPhysicianName: name })],
	});
	const read = readByPydicom(asFile(object, UID.LittleEndianExplicit));
	expect(read['00100010']).toBe(name);
	expect(read['00400100']).toEqual([{ '00400006': name }]);
});

/** pydicom 2.3 leaves the escape sequences of GB 2312 in the text. */
test.skipIf(!pydicom)('pydicom decodes what we encode in ISO 2022 IR 58', () => {
	const name = 'Muster^Li=张^小东';
	const object = DataSet.from({
		SpecificCharacterSet: ['', 'ISO 2022 IR 58'],
		PatientName: name,
	});
	const read = readByPydicom(asFile(object, UID.LittleEndianExplicit));
	expect(String(read['00100010']).replaceAll('\u001b$)A', '')).toBe(name);
});
