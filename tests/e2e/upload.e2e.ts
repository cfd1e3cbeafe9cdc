import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { readDicomdir } from '#lib/protocol/dicom/dataset/read-dicomdir.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { asPart10, IDENTITY, identifiedImage } from '../support/identified-image.ts';
import { TITLE } from './rejected-association.ts';
import { Workbench } from './workbench.ts';

const slice = (number: number, modality: 'CT' | 'DX' = 'CT') => ({
	name: `Head ${number}.dcm`,
	mimeType: 'application/dicom',
	buffer: Buffer.from(asPart10(identifiedImage(modality).set('InstanceNumber', number))),
});

test('own images come to the desk, through a scanner into the archive, and back as a medium', async ({
	page,
}) => {
	const workbench = await Workbench.take(page, TITLE);
	await workbench.openTab('Files');
	const files = workbench.tools.getByRole('tabpanel', { name: 'Files' });

	await test.step('upload', async () => {
		await files.getByRole('button', { name: 'Upload images …' }).press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Upload images' });
		const report = { name: 'report.dcm', mimeType: 'application/dicom', buffer: Buffer.from('no') };
		await dialog.getByLabel('DICOM files').setInputFiles([slice(1), slice(2), report]);
		await dialog.getByRole('button', { name: 'Upload' }).click();
		await expect(dialog.getByRole('alert')).toHaveText('Please confirm this first.');
		await dialog.getByRole('checkbox', { name: /show no patient data/ }).check();
		await dialog.getByRole('button', { name: 'Upload' }).click();
		const list = dialog.getByRole('list', { name: 'Files to upload' }).getByRole('listitem');
		await expect(list.nth(1)).toContainText('/home/you/upload/Head-2.dcm is on your desk.');
		await expect(list.nth(2)).toContainText('This is no DICOM file');
		await dialog.getByRole('button', { name: 'Close' }).last().click();
		await expect(files.getByRole('region', { name: '~/upload' })).toContainText('2 files');
	});

	await test.step('what is on the desk belongs to nobody', async () => {
		const dump = await workbench.type('admin', 'dcmdump +P PatientName upload/Head-1.dcm');
		expect(dump).toContain('[Upload^Synthetic]');
	});

	await test.step('import at the scanner', async () => {
		await workbench.host('CT 1').click();
		await workbench.act(() => workbench.console.getByRole('button', { name: /^Walk/ }).click());
		await workbench.openPart('Operations');
		await workbench.console
			.getByRole('button', { name: 'Import images of an emergency patient without an order …' })
			.click();
		const form = page.getByRole('dialog', { name: /^Import images of an emergency patient/ });
		await expect(form.getByLabel('File or folder of your desk')).toHaveValue('~/upload');
		await workbench.act(() => form.getByRole('button', { name: /^Import/ }).click());
		await expect(workbench.console.getByRole('status')).toContainText('2 images imported');
	});

	await test.step('export from the archive', async () => {
		await workbench.wait(1);
		await workbench.openFreeConsole('Archive');
		await workbench.openPart('Studies received today');
		const row = workbench.console
			.getByRole('row')
			.filter({ has: page.getByRole('cell', { name: '2', exact: true }) })
			.first();
		await workbench.act(() => row.getByRole('button', { name: /^Export to desk/ }).click());
		await expect(workbench.console.getByRole('status')).toContainText('2 objects and a DICOMDIR');
	});

	await test.step('download the medium', async () => {
		await workbench.openTab('Files');
		const medium = files.getByRole('region', { name: /^~\/export\// });
		await expect(medium).toContainText('Medium with DICOMDIR, 3 files');
		const saving = page.waitForEvent('download');
		await medium.getByRole('link', { name: /^Download \.zip/ }).click();
		const download = await saving;
		const bytes = new Uint8Array(readFileSync(await download.path()));
		const entries = Object.entries(unzipSync(bytes));
		const [, directory] = entries.find(([name]) => name.endsWith('/DICOMDIR')) ?? [];
		const read = readDicomdir(directory ?? new Uint8Array(), { strict: true });
		expect(read.ok && read.remarks).toEqual([]);
		const images = entries.filter(([name]) => /IM\d{6}$/.test(name));
		expect(images).toHaveLength(2);
		for (const [, image] of images) {
			const file = readPart10(image, { strict: true });
			if (!file.ok) throw new Error(file.error.message);
			expect(file.dataSet.bytes('PixelData')).toEqual(identifiedImage().bytes('PixelData'));
			expect(file.dataSet.text('StationName')).toBe('CT1');
			expect(Buffer.from(image).includes(IDENTITY.name)).toBe(false);
		}
	});
});
