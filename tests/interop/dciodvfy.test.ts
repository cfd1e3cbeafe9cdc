/**
 * Other people's programs read the simulator's objects: dicom3tools' dciodvfy checks them against the
 * IODs of PS3.3, dcmdump and pydicom read the files.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDicom } from 'dicom-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acquire, type AcquiringModality } from '#lib/hospital/objects/acquire.ts';
import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { compressRle } from '#lib/protocol/dicom/dataset/rle-pixel-data.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { syntheticAcquisition } from '../support/synthetic-acquisition.ts';

const PYTHON = '/usr/bin/python3';

function isPresent(tool: string, args: string[]): boolean {
	const { error, status } = spawnSync(tool, args, { encoding: 'utf8' });
	return error === undefined && status === 0;
}

const present = {
	dciodvfy: spawnSync('dciodvfy', ['-version']).error === undefined,
	dcmdump: isPresent('dcmdump', ['--version']),
	pydicom: isPresent(PYTHON, ['-c', 'import pydicom']),
};
for (const [tool, there] of Object.entries(present)) {
	if (!there) console.warn(`skipped: ${tool} is not installed`);
}

const MODALITIES: readonly AcquiringModality[] = ['CT', 'DX'];
const TRANSFER_SYNTAXES = [
	UID.LittleEndianExplicit,
	UID.LittleEndianImplicit,
	UID.BigEndianExplicit,
	UID.DeflatedLittleEndianExplicit,
	UID.RLELossless,
] as const;

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'objects-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function writeFile(dataSet: DataSet, transferSyntax: string = UID.LittleEndianExplicit): string {
	const file = join(folder, `${randomUUID()}.dcm`);
	const pieces = writePart10(dataSet, {
		transferSyntax,
		implementationClassUid: '2.25.1',
		implementationVersionName: 'TEST',
	});
	writeFileSync(file, Buffer.concat(pieces));
	return file;
}

function firstDataSet(modality: AcquiringModality, transferSyntax = ''): DataSet {
	const [instance] = acquire(modality, syntheticAcquisition('interop')).instances;
	if (!instance) throw new Error('nothing was acquired');
	if (transferSyntax !== UID.RLELossless) return instance.dataSet;
	const compressed = compressRle(instance.dataSet);
	if (!compressed.ok) throw new Error(compressed.message);
	return compressed.dataSet;
}

/**
 * Accepted: hospitals code procedures by schemes of their own, which begin with 99 (PS3.16 section 8.2)
 * and which dciodvfy cannot know.
 */
const ACCEPTED = /CodingSchemeDesignator.*Unrecognized defined term = <99SYN>$/;

/** The complaints of dciodvfy; it writes them to standard error. */
function complaints(file: string): string[] {
	const { stderr, stdout } = spawnSync('dciodvfy', ['-new', file], { encoding: 'utf8' });
	return `${stdout}\n${stderr}`
		.split('\n')
		.filter((line) => /^(Error|Warning)/.test(line) && !ACCEPTED.test(line));
}

describe.each(MODALITIES)('%s', (modality) => {
	describe.each(TRANSFER_SYNTAXES)('in %s', (transferSyntax) => {
		// Neither dciodvfy of Debian nor dicom-parser outside a browser inflates.
		if (transferSyntax !== UID.DeflatedLittleEndianExplicit) {
			test.skipIf(!present.dciodvfy)(
				'dicom3tools dciodvfy | IODs of PS3.3 | reads our objects: no complaint',
				() => {
					expect(
						complaints(writeFile(firstDataSet(modality, transferSyntax), transferSyntax)),
					).toEqual([]);
				},
			);

			test('dicom-parser | Part 10 files | reads our objects', () => {
				const dataSet = firstDataSet(modality, transferSyntax);
				const read = parseDicom(readFileSync(writeFile(dataSet, transferSyntax)));
				const { patient } = syntheticAcquisition('interop');
				expect(read.string('x00100010')).toBe(patient.name);
				expect(read.string('x00080060')).toBe(modality);
				expect(read.uint16('x00280010')).toBe(dataSet.number('Rows'));
				const pixels = read.elements['x7fe00010'];
				const fragments = dataSet.element('PixelData')?.fragments;
				if (fragments) expect(pixels?.fragments).toHaveLength(fragments.length - 1);
				else expect(pixels?.length).toBe(dataSet.bytes('PixelData')?.length);
			});
		}

		test.skipIf(!present.dcmdump)('DCMTK dcmdump | Part 10 files | reads our objects', () => {
			const file = writeFile(firstDataSet(modality, transferSyntax), transferSyntax);
			const { status, stdout, stderr } = spawnSync('dcmdump', [file], { encoding: 'utf8' });
			expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
			expect(stdout).toContain(`(0008,0060) CS [${modality}]`);
		});

		test.skipIf(!present.pydicom)(
			'pydicom dcmread | Part 10 files | reads our objects: pixels and all',
			() => {
				const file = writeFile(firstDataSet(modality, transferSyntax), transferSyntax);
				const program = [
					'import pydicom, sys, json',
					'ds = pydicom.dcmread(sys.argv[1])',
					'list(ds.iterall())',
					'if ds.file_meta.TransferSyntaxUID.is_compressed and not ds.file_meta.TransferSyntaxUID.is_deflated:',
					'    from pydicom.encaps import generate_pixel_data_frame',
					'    from pydicom.pixel_data_handlers.rle_handler import _rle_decode_frame',
					'    frame = next(generate_pixel_data_frame(ds.PixelData, 1))',
					'    pixels = len(_rle_decode_frame(frame, ds.Rows, ds.Columns, 1, 16))',
					'else: pixels = len(ds.PixelData)',
					'print(json.dumps([str(ds.PatientName), ds.Modality, pixels == ds.Rows * ds.Columns * 2]))',
				].join('\n');
				const { stdout, stderr } = spawnSync(PYTHON, ['-W', 'error', '-c', program, file], {
					encoding: 'utf8',
				});
				expect(stderr).toBe('');
				const { patient } = syntheticAcquisition('interop');
				expect(JSON.parse(stdout)).toEqual([patient.name, modality, true]);
			},
		);
	});
});

test.skipIf(!present.dciodvfy)(
	'dicom3tools dciodvfy | IODs of PS3.3 | reads our objects: would notice a missing attribute',
	() => {
		const dataSet = firstDataSet('CT');
		dataSet.delete('KVP');
		const file = writeFile(dataSet);
		expect(complaints(file).join('\n')).toContain('KVP');
	},
);

test.skipIf(!present.dciodvfy)(
	'dicom3tools dciodvfy | IODs of PS3.3 | reads our objects: each thin slice of a CT',
	() => {
		const { instances } = acquireCtSeries(syntheticAcquisition('thin'), { slices: 3 });
		for (const { dataSet } of instances) expect(complaints(writeFile(dataSet))).toEqual([]);
	},
);
