import { expect, test } from '@playwright/test';
import { ExamScreen } from './exam-screen.ts';

const GIFT = `// A file as an instructor may bring it.
::Port:: Which TCP port is registered for DICOM? {=104#Well known since the start. ~80#That is HTTP. ~443#That is HTTPS.}

::Broken:: This question never closes its answers {=right ~wrong

::Bits:: How many bits has a byte? {#8:0}

::Essay:: Describe the life of an image. {}
`;

test('a GIFT file with errors is reported line by line, and what is sound can be practised and taken away', async ({
	page,
}) => {
	await page.goto('/practice');
	await page.goto('/questions');
	await page.getByLabel('Name of the collection').fill('Night shift quiz');
	await page
		.getByLabel('File')
		.setInputFiles({ name: 'quiz.gift', mimeType: 'text/plain', buffer: Buffer.from(GIFT) });
	await page.getByRole('button', { name: 'Import' }).click();
	const report = page.getByRole('region', { name: 'Import report' });
	await expect(report).toContainText('2 questions taken over, 2 refused');
	await expect(report.getByRole('row').filter({ hasText: 'Broken' })).toContainText('4');
	await expect(report.getByRole('row').filter({ hasText: 'Essay' })).toBeVisible();

	await page.getByRole('button', { name: 'Practise Night shift quiz' }).click();
	const screen = await ExamScreen.shown(page);
	await screen.answer();
	await screen.check();

	await page.goto('/questions');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'QTI 3 package' }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/\.zip$/);
	await page.getByRole('button', { name: 'Delete Night shift quiz' }).click();
	await expect(page.getByText('No collection yet')).toBeVisible();
});
