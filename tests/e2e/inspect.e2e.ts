import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page, type Request } from '@playwright/test';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { writePart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { playExchange } from '#lib/exhibits/exchange/play.ts';
import { writeCapture } from '#lib/network/capture-file.ts';

const SECRET = 'Grüßner^Zoë';

/** Text in UTF-8 that the label calls ISO_IR 100. */
function mislabelledObject(): Buffer {
	const dataSet = DataSet.from({
		SpecificCharacterSet: 'ISO_IR 192',
		SOPClassUID: UID.SecondaryCaptureImageStorage,
		SOPInstanceUID: '2.25.1',
		PatientName: SECRET,
		PatientID: 'SYN42',
		Rows: 2,
		Columns: 2,
		SamplesPerPixel: 1,
		PhotometricInterpretation: 'MONOCHROME2',
		BitsAllocated: 8,
		BitsStored: 8,
		HighBit: 7,
		PixelRepresentation: 0,
		PixelData: Uint8Array.of(0, 80, 160, 255),
	});
	dataSet.set('SpecificCharacterSet', 'ISO_IR 100');
	const options = {
		transferSyntax: UID.LittleEndianExplicit,
		implementationClassUid: '2.25.2',
		implementationVersionName: 'E2E',
	};
	return Buffer.from(joinBytes(writePart10(dataSet, options)));
}

function rejectedAssociation(): Buffer {
	const { caller, epochUs } = playExchange('store-out-of-resources', 'e2e');
	const packets = caller.packets.map(({ packet }) => packet);
	return Buffer.from(writeCapture(packets, { epochUs }));
}

const ORDER = [
	'MSH|^~\\&|RIS|H|PACS|H|20260309074000||ORM^O01^ORM_O01|MSG00042|P|2.5.1||||||UNICODE UTF-8',
	`PID|1||||${SECRET}||19700101|F`,
	'PV1|1|O',
	'ORC|NW|ORD42^RIS',
	'OBR|1|ORD42^RIS||CT^CT head^L',
].join('\r');

/** Everything that left the page since it was loaded. */
function watchRequests(page: Page): Request[] {
	const requests: Request[] = [];
	page.on('request', (request) => requests.push(request));
	return requests;
}

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
	await expect(page.getByRole('heading', { name })).toBeFocused();
}

async function expectNoBarriers(page: Page, what: string): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await page.evaluate(() =>
			Promise.allSettled(
				document
					.getAnimations()
					.filter((animation) => animation instanceof CSSTransition)
					.map(({ finished }) => finished),
			),
		);
		const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
		const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`);
		expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
	}
}

test.beforeEach(async ({ page }) => {
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	await page.goto('/inspect', { waitUntil: 'networkidle' });
	await expect(page.getByText('never uploaded')).toBeVisible();
	expect(problems).toEqual([]);
});

test('a DICOM object with a wrong character set label says so where it is, and nothing is uploaded', async ({
	page,
}) => {
	await expectNoBarriers(page, 'nothing open');
	const requests = watchRequests(page);
	await openFile(page, 'wrong-label.dcm', mislabelledObject());
	const remarks = page.getByRole('region', { name: 'Remarks' });
	await expect(remarks).toContainText(`should probably be “${SECRET}”`);
	await expect(remarks).toContainText('PS3.3 C.12.1.1.2');
	await remarks.getByRole('button', { name: '(0010,0010)' }).click();
	const tree = page.getByRole('tree', { name: 'Elements' });
	await expect(tree.getByRole('treeitem', { selected: true })).toContainText('Patient Name');
	const details = page.getByRole('region', { name: 'Details' });
	await expect(details).toContainText('ISO_IR 100');
	await expect(details).toContainText(SECRET);
	await page.getByPlaceholder('Search tag').fill('PatientID');
	await expect(tree.getByRole('treeitem')).toHaveCount(1);
	await expect(tree.getByRole('treeitem')).toContainText('SYN42');
	await expectNoBarriers(page, 'a DICOM object');
	// Only code of the page itself may have been fetched, and nothing sent.
	for (const request of requests) {
		expect(request.method(), request.url()).toBe('GET');
		expect(request.postData(), request.url()).toBeNull();
		expect(new URL(request.url()).origin).toBe(new URL(page.url()).origin);
		expect(request.resourceType(), request.url()).toMatch(/script|stylesheet|other/);
	}
});

test('a pasted HL7 message without a patient identifier; the keyboard walks its fields', async ({
	page,
}) => {
	await page.getByLabel('Or paste an HL7 message').fill(ORDER);
	await page.getByRole('button', { name: 'Inspect the text' }).click();
	const remarks = page.getByRole('region', { name: 'Remarks' });
	await expect(remarks).toContainText('PID-3: Patient Identifier List is required');
	const tree = page.getByRole('tree', { name: 'Segments and fields' });
	await tree.focus();
	const chosen = tree.getByRole('treeitem', { selected: true });
	await page.keyboard.press('Home');
	await expect(chosen).toContainText('Message Header');
	await page.keyboard.press('ArrowLeft');
	await expect(chosen).toHaveAttribute('aria-expanded', 'false');
	await page.keyboard.press('ArrowDown');
	await expect(chosen).toContainText('Patient Identification');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowDown');
	await expect(chosen).toContainText('PID-3');
	await expect(chosen.getByRole('img')).toHaveAccessibleName(/required/);
	await expectNoBarriers(page, 'an HL7 message');
});

test('a capture from our own writer: the connection, the message, its data set, and the object as a file', async ({
	page,
}) => {
	await openFile(page, 'archive-full.pcapng', rejectedAssociation());
	const connection = page.getByRole('region', { name: 'Connection 1' });
	await expect(connection).toContainText('0xA700 Out of resources (failure)');
	await expect(connection).toContainText('PS3.4 Table B.2-1');
	await connection.getByRole('option').filter({ hasText: 'C-STORE-RQ' }).first().click();
	const message = page.getByRole('article', { name: 'Message' });
	await expect(message.getByRole('tree', { name: 'Elements' })).toBeVisible();
	await expect(message).toContainText('0x0001 C-STORE-RQ');
	// The head of a file was not on the wire.
	await expect(message.getByRole('treeitem').first()).toContainText('(0008,');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		message.getByRole('button', { name: 'Save the object as a file' }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/^[0-9.]+\.dcm$/);
	await expectNoBarriers(page, 'a capture');
	await page.getByRole('tab', { name: /^Presentation contexts/ }).click();
	await expect(page.getByRole('cell', { name: /accepted/ }).first()).toBeVisible();
	await page.getByRole('tab', { name: /^PDUs/ }).click();
	await expect(page.getByRole('option').filter({ hasText: 'P-DATA-TF' }).first()).toBeVisible();
	await expectNoBarriers(page, 'the PDUs');
});

test('samples can be tried, and what is no such file is refused in words', async ({ page }) => {
	await page.getByRole('button', { name: /A CT image with a wrong character set/ }).click();
	await expect(page.getByRole('region', { name: 'Remarks' })).toContainText('ISO_IR 100');
	await page.getByRole('button', { name: 'Close the file' }).click();
	await openFileExpectingRefusal(page, Buffer.from('%PDF-1.7, and more of it'));
	await expectNoBarriers(page, 'a refused file');
});

async function openFileExpectingRefusal(page: Page, buffer: Buffer): Promise<void> {
	await page
		.getByLabel('File', { exact: true })
		.setInputFiles({ name: 'report.pdf', mimeType: 'application/pdf', buffer });
	await expect(page.getByRole('alert')).toContainText('neither a DICOM object');
}
