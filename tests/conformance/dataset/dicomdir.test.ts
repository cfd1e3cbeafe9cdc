/** DICOMDIRs beside DCMTK (dcmmkdir, dcmdump) and the file-set reader of pydicom. */
import { spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataSet } from '../../../src/lib/protocol/dicom/dataset/data-set.ts';
import {
	type DirectoryFile,
	makeDicomdir,
} from '../../../src/lib/protocol/dicom/dataset/dicomdir.ts';
import { joinBytes } from '../../../src/lib/protocol/dicom/dataset/encode-data-set.ts';
import {
	type DirectoryRecord,
	readDicomdir,
} from '../../../src/lib/protocol/dicom/dataset/read-dicomdir.ts';
import { UID } from '../../../src/lib/protocol/dicom/dataset/uids.ts';
import { asFile, ctImage } from './objects.ts';

const PYTHON = '/usr/bin/python3';
const asked = spawnSync(PYTHON, ['-c', 'import pydicom; print(pydicom.__path__[0])']);
const pydicom = asked.status === 0;
if (!pydicom) console.warn('skipped: python3 has no pydicom');
const dcmtk = spawnSync('dcmmkdir', ['--version']).status === 0;
if (!dcmtk) console.warn('skipped: dcmmkdir (DCMTK) is not installed');

const folder = mkdtempSync(join(tmpdir(), 'dicomdir-'));
afterAll(() => rmSync(folder, { recursive: true }));

function image(patient: number, study: number, series: number, number: number): DirectoryFile {
	const dataSet = ctImage()
		.set('PatientID', `P${patient}`)
		.set('PatientName', `Beispiel^Zoë${patient}`)
		.set('StudyInstanceUID', `2.25.1004.1.${patient}.${study}`)
		.set('StudyTime', '073500')
		.set('StudyID', `S${study}`)
		.set('SeriesInstanceUID', `2.25.1004.2.${patient}.${study}.${series}`)
		.set('SeriesNumber', series)
		.set('InstanceNumber', number)
		.set('SOPInstanceUID', `2.25.1004.3.${patient}.${study}.${series}.${number}`);
	const fileId = ['DICOM', `PT${patient}`, `ST${study}`, `SE${series}`, `IM${number}`];
	return { fileId, dataSet, transferSyntax: UID.LittleEndianExplicit };
}

const FILES = [
	image(1, 1, 1, 1),
	image(1, 1, 1, 2),
	image(1, 1, 2, 1),
	image(1, 2, 1, 1),
	image(2, 1, 1, 1),
];

function writeMedium(root: string, files: readonly DirectoryFile[]): void {
	for (const { fileId, dataSet, transferSyntax } of files) {
		const path = join(root, ...fileId);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, asFile(dataSet, transferSyntax));
	}
}

beforeAll(() => {
	writeMedium(folder, FILES);
	const { pieces, remarks } = makeDicomdir(FILES, {
		fileSetId: 'TEST_SET',
		instanceUid: '2.25.1004.9',
		implementationClassUid: '2.25.7000',
		implementationVersionName: 'PACSONCALL_TEST',
	});
	expect(remarks).toEqual([]);
	writeFileSync(join(folder, 'DICOMDIR'), joinBytes(pieces));
});

interface Leaf {
	readonly type: string;
	readonly file: string;
	readonly above: readonly string[];
}

function leaves(records: readonly DirectoryRecord[], above: readonly string[] = []): Leaf[] {
	return records.flatMap(({ type, record, fileId, children }) => {
		const uid = record.text('StudyInstanceUID') ?? record.text('SeriesInstanceUID');
		const here = [...above, uid ?? record.text('PatientID') ?? ''];
		const own = fileId === undefined ? [] : [{ type, file: fileId.join('/'), above }];
		return [...own, ...leaves(children, here)];
	});
}

function read(path: string) {
	const result = readDicomdir(new Uint8Array(readFileSync(path)));
	if (!result.ok) throw new Error(result.error.message);
	return result;
}

test.skipIf(!pydicom)('pydicom finds every file where it is', () => {
	const script = new URL('./fileset-with-pydicom.py', import.meta.url).pathname;
	const run = spawnSync(PYTHON, [script, join(folder, 'DICOMDIR')], {
		env: { PYTHONIOENCODING: 'utf-8' },
	});
	if (run.status !== 0) throw new Error(run.stderr.toString());
	const found = JSON.parse(run.stdout.toString()) as { id: string; instances: unknown[] };
	expect(found.id).toBe('TEST_SET');
	const expected = FILES.map(({ dataSet, fileId }) => ({
		patient: dataSet.text('PatientID'),
		name: dataSet.text('PatientName'),
		study: dataSet.text('StudyInstanceUID'),
		series: dataSet.text('SeriesInstanceUID'),
		instance: dataSet.text('SOPInstanceUID'),
		file: fileId.join('/'),
		number: dataSet.text('InstanceNumber'),
	}));
	expect(found.instances).toHaveLength(expected.length);
	expect(found.instances).toEqual(expect.arrayContaining(expected));
});

test.skipIf(!dcmtk)('dcmmkdir adds to our DICOMDIR, and we read what it wrote', () => {
	const added = image(2, 1, 1, 2);
	writeMedium(folder, [added]);
	const run = spawnSync('dcmmkdir', ['+A', '+D', 'DICOMDIR', join(...added.fileId)], {
		cwd: folder,
	});
	expect(run.stderr.toString()).not.toMatch(/^E:/m);
	expect(run.status).toBe(0);
	const result = read(join(folder, 'DICOMDIR'));
	expect(result.remarks).toEqual([]);
	expect(
		leaves(result.roots)
			.map((leaf) => leaf.file)
			.sort(),
	).toEqual([...FILES, added].map(({ fileId }) => fileId.join('/')).sort());
});

test.skipIf(!dcmtk)('we make the tree that dcmmkdir makes of the same files', () => {
	const other = mkdtempSync(join(folder, 'other-'));
	writeMedium(other, FILES);
	const names = FILES.map(({ fileId }) => join(...fileId));
	const run = spawnSync('dcmmkdir', names, { cwd: other });
	expect(run.status, run.stderr.toString()).toBe(0);
	const theirs = read(join(other, 'DICOMDIR'));
	const { pieces } = makeDicomdir(FILES, {
		fileSetId: 'TEST_SET',
		instanceUid: '2.25.1004.9',
		implementationClassUid: '2.25.7000',
		implementationVersionName: 'PACSONCALL_TEST',
	});
	const ours = readDicomdir(joinBytes(pieces));
	if (!ours.ok) throw new Error(ours.error.message);
	expect(theirs.remarks).toEqual([]);
	expect(leaves(theirs.roots)).toEqual(leaves(ours.roots));
	// What dcmmkdir puts into a record is there in ours, with the same bytes.
	const compare = (a: readonly DirectoryRecord[], b: readonly DirectoryRecord[]): void => {
		a.forEach((one, i) => {
			for (const { tag, bytes } of one.record.elements()) {
				if (tag >>> 16 === 0x0004 && (tag & 0xffff) < 0x1430) continue;
				const own = b[i]!.record.bytes(tag);
				expect(own && Buffer.from(own).toString('hex'), tag.toString(16)).toBe(
					Buffer.from(bytes).toString('hex'),
				);
			}
			compare(one.children, b[i]!.children);
		});
	};
	compare(theirs.roots, ours.roots);
});

const examples = join(asked.stdout?.toString().trim() ?? '', 'data/test_files/dicomdirtests');
const names =
	pydicom && existsSync(examples)
		? readdirSync(examples).filter((name) => name.startsWith('DICOMDIR'))
		: [];

/** Files of pydicom that are wrong on purpose. */
const WRONG: Readonly<Record<string, RegExp>> = {
	'DICOMDIR-bigEnd': /transfer syntax/,
	'DICOMDIR-implicit': /transfer syntax/,
	'DICOMDIR-nopatient': /no record leads here/,
};

test.skipIf(!pydicom).for(names)('%s of pydicom', (name) => {
	const result = readDicomdir(new Uint8Array(readFileSync(join(examples, name))));
	if (name === 'DICOMDIR-nooffset') {
		// Its offsets were taken out, and the length of its sequence was not corrected.
		expect(result).toMatchObject({ ok: false });
		return;
	}
	if (!result.ok) throw new Error(result.error.message);
	const texts = result.remarks.map((remark) => remark.text);
	if (name in WRONG) expect(texts.join('\n')).toMatch(WRONG[name]!);
	else expect(texts).toEqual([]);
	const count = name === 'DICOMDIR-empty.dcm' ? 0 : name === 'DICOMDIR-nopatient' ? 1 : 31;
	expect(leaves(result.roots)).toHaveLength(count);
});

test.skipIf(!pydicom)('another file is no DICOMDIR', () => {
	const result = readDicomdir(asFile(new DataSet(), UID.LittleEndianExplicit));
	expect(result).toMatchObject({ ok: false });
});
