import { expect, test } from '@playwright/test';
import { DebriefPage } from './debrief-page.ts';
import {
	conclude,
	findCause,
	proveRepair,
	registerScanner,
	TITLE,
} from './rejected-association.ts';
import { Workbench } from './workbench.ts';

test('a guest takes the ticket, repairs the archive and gets every point', async ({ page }) => {
	const workbench = await Workbench.take(page, TITLE, '/');
	await expect(workbench.bar.getByRole('heading', { level: 1 })).toHaveText(TITLE);

	await workbench.type('admin', 'echoscu -v -aet CT2 -aec PACS1 pacs 104');
	for (const line of [
		'I: Requesting Association',
		'F: Association Rejected:',
		'F: Result: Rejected Permanent, Source: Service User',
		'F: Reason: Calling AE Title Not Recognized',
	]) {
		await expect(workbench.screen.getByText(line)).toBeVisible();
	}

	await findCause(workbench);
	await registerScanner(workbench);
	await proveRepair(workbench);
	await conclude(workbench);

	const debrief = new DebriefPage(page);
	await debrief.expectTotal(100);
	await expect(debrief.main.getByText('Solved, and cleanly')).toBeVisible();
	for (const dimension of ['Service restored', 'Diagnosis', 'Safety', 'Tidy and verified']) {
		const { points, maximum } = await debrief.pointsOf(dimension);
		expect(maximum, dimension).toBeGreaterThan(0);
		expect(points, dimension).toBe(maximum);
	}
	await expect(debrief.main.getByRole('heading', { name: 'What really happened' })).toBeVisible();
	await expect(
		debrief.main.getByText('The table of known nodes of pacs had no entry for the AE title CT2.'),
	).toBeVisible();
	await expect(debrief.main.getByText('calling AE title not recognized')).toBeVisible();

	await page.goto('/attempts');
	await expect(page.getByRole('row').filter({ hasText: TITLE })).toContainText('100');
});
