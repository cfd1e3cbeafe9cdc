/**
 * What comes back out of a lab, read by other people's programs: images that were uploaded, imported at a
 * modality, stored by the archive and exported as a medium.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { World } from '#lib/hospital/world.ts';
import { minutes } from '#lib/kernel/time.ts';
import { putUpload } from '#lib/lab/upload.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cleanUpload } from '#lib/server/uploads/clean-upload.ts';
import { quietWorld, run } from '../simulation/community-world.ts';
import { asPart10, identifiedImage } from '../support/identified-image.ts';
import { placeOrder } from '../support/place-order.ts';

const PYTHON = '/usr/bin/python3';
const present = {
	dciodvfy: spawnSync('dciodvfy', ['-version']).error === undefined,
	dcmdump: spawnSync('dcmdump', ['--version']).status === 0,
	pydicom: spawnSync(PYTHON, ['-c', 'import pydicom.fileset']).status === 0,
};
for (const [tool, there] of Object.entries(present)) {
	if (!there) console.warn(`skipped: ${tool} is not installed`);
}

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'media-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Uploads an image to the desk, imports it at a device, exports its study; the files of the desk. */
async function throughTheHospital(
	modality: 'CT' | 'DX',
	device: string,
): Promise<Map<string, Uint8Array>> {
	const world: World = quietWorld();
	const cleaned = await cleanUpload(asPart10(identifiedImage(modality), UID.LittleEndianImplicit));
	if (!cleaned.ok) throw new Error(cleaned.problem);
	expect(putUpload(world, 'own', cleaned.bytes)).toMatchObject({ ok: true });
	const procedure = world.spec.procedures.find((one) => one.modality === modality);
	const order = placeOrder(world, device, 10, procedure ? { procedure } : {});
	run(world, (world.device(device) as Modality).refreshWorklist());
	const operate = (id: string, operation: string, row: string, fields: Record<string, string>) => {
		const target = world.device(id);
		const declaration = world.operation(target, operation);
		if (!declaration) throw new Error(`no operation ${operation}`);
		const result = run(world, world.operate(target, declaration, { row, fields }));
		expect(result.refused, result.text).toBeUndefined();
	};
	operate(device, 'import-images', order.accessionNumber, { source: '~/upload' });
	world.kernel.runUntil(world.kernel.nowUs + minutes(3));
	operate('pacs', 'export-study', order.studyInstanceUid, {});
	return world.system(world.spec.desk).files;
}

/** Procedure codes of the hospital are of its own scheme. */
const ACCEPTED = /CodingSchemeDesignator.*Unrecognized defined term = <99[A-Z]+>$/;

function complaints(file: string): string[] {
	const { stderr, stdout } = spawnSync('dciodvfy', ['-new', file], { encoding: 'utf8' });
	return `${stdout}\n${stderr}`
		.split('\n')
		.filter((line) => /^(Error|Warning)/.test(line) && !ACCEPTED.test(line));
}

describe.each([
	['CT', 'ct1'],
	['DX', 'dr1'],
] as const)('%s', (modality, device) => {
	let medium = '';
	let own = '';
	let image = '';
	beforeAll(async () => {
		medium = join(folder, modality);
		for (const [path, bytes] of await throughTheHospital(modality, device)) {
			const to = join(medium, path.replace(/^\/home\/you\/(?:export\/[^/]+\/)?/, ''));
			mkdirSync(dirname(to), { recursive: true });
			writeFileSync(to, bytes);
		}
		own = join(medium, 'upload/own.dcm');
		image = join(medium, 'DICOM/SE000001/IM000001');
	});

	test.skipIf(!present.dciodvfy)(
		'dicom3tools dciodvfy | images imported and exported | reads our objects',
		() => {
			expect(complaints(image)).toEqual([]);
			expect(complaints(own)).toEqual([]);
			// Keys that a record need not have are allowed (PS3.3 F.5), and a warning of the program.
			const errors = complaints(join(medium, 'DICOMDIR')).filter((line) =>
				line.startsWith('Error'),
			);
			expect(errors).toEqual([]);
		},
	);

	test.skipIf(!present.dcmdump)(
		'DCMTK dcmdump | DICOMDIR and files of a medium | reads our media',
		() => {
			for (const file of [join(medium, 'DICOMDIR'), image, own]) {
				const { status, stderr, stdout } = spawnSync('dcmdump', [file], { encoding: 'utf8' });
				expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
				expect(stdout).not.toMatch(/Quillfeather|MRN-7741|Wolverhampton/);
			}
		},
	);

	test.skipIf(!present.pydicom)('pydicom | DICOMDIR of a medium | reads our media', () => {
		const program = [
			'import sys',
			'from pydicom.fileset import FileSet',
			'for one in FileSet(sys.argv[1]):',
			'    ds = one.load()',
			'    print(ds.Modality, ds.PatientIdentityRemoved, len(ds.PixelData))',
		].join('\n');
		const args = ['-c', program, join(medium, 'DICOMDIR')];
		const { stdout, stderr } = spawnSync(PYTHON, args, { encoding: 'utf8' });
		const sizeBytes = identifiedImage(modality).bytes('PixelData')?.length;
		expect(stdout, stderr).toBe(`${modality} YES ${sizeBytes}\n`);
	});
});
