import { expect, test } from '@playwright/test';
import { statSync } from 'node:fs';
import {
	conclude,
	findCause,
	proveRepair,
	registerScanner,
	TITLE,
} from './rejected-association.ts';
import { Workbench } from './workbench.ts';

/** `SCREENSHOTS=1 npm run e2e -- screenshots` draws the pictures of the README anew. */
const FOLDER = 'docs/images';
const SIZE_MAX_BYTES = 250_000;
const TRAFFIC_DRAWN_MS = 2_500;

test.skip(process.env['SCREENSHOTS'] === undefined, 'only on request: SCREENSHOTS=1');

test('pictures for the README', async ({ page }) => {
	const files: string[] = [];
	const shoot = async (name: string) => {
		const path = `${FOLDER}/${name}.png`;
		await page.screenshot({ path });
		files.push(path);
	};
	await page.goto('/');
	await expect(page.getByRole('button', { name: `Take this ticket ${TITLE}` })).toBeVisible();
	await shoot('start');

	const workbench = await Workbench.take(page, TITLE);
	await page.emulateMedia({ colorScheme: 'dark' });
	await workbench.type('admin', 'ping -c 1 ct2');
	await workbench.type('admin', 'echoscu -v -aet CT2 -aec PACS1 pacs 104');
	// The rejected association runs to the archive and bounces; then its trail stays for a while.
	await page.waitForTimeout(TRAFFIC_DRAWN_MS);
	await shoot('workbench-dark');

	await page.emulateMedia({ colorScheme: 'light' });
	await findCause(workbench);
	await workbench.openTab('Console');
	await workbench.openPart('Association history');
	await page.mouse.move(0, 0);
	await shoot('workbench');

	await registerScanner(workbench);
	await proveRepair(workbench);
	await conclude(workbench);
	await expect(page.getByText('Solved, and cleanly')).toBeVisible();
	await shoot('debrief');
	for (const file of files) expect(statSync(file).size, file).toBeLessThan(SIZE_MAX_BYTES);
});
