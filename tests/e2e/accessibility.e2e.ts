import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { ExamScreen } from './exam-screen.ts';
import { conclude, TITLE } from './rejected-association.ts';
import { Workbench } from './workbench.ts';

/** Violations that keep somebody from working; axe calls the lesser ones moderate and minor. */
const BARRIERS = new Set(['serious', 'critical']);

/** Where the workbench differs from tab to tab; the rest of it is looked at once. */
const TOOLS = '#dock-panel';

/** Looks for barriers on the page as it is, or in a part of it, by the light of both themes. */
async function expectNoBarriers(page: Page, what: string, part = 'html'): Promise<void> {
	await test.step(what, async () => {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			// Colours fade from one theme to the other.
			await page.evaluate(() =>
				Promise.allSettled(
					document
						.getAnimations()
						.filter((animation) => animation instanceof CSSTransition)
						.map(({ finished }) => finished),
				),
			);
			const axe = new AxeBuilder({ page }).include(part).setLegacyMode();
			// Only colours differ between the themes.
			if (colorScheme === 'dark') axe.withRules(['color-contrast']);
			const { violations } = await axe.analyze();
			const barriers = violations
				.filter(({ impact }) => BARRIERS.has(impact ?? ''))
				.flatMap(({ id, nodes }) =>
					nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
				);
			expect.soft(barriers, `${what}, ${colorScheme}`).toEqual([]);
		}
	});
}

test('the pages around the workbench have no barriers', async ({ page }) => {
	for (const path of ['/', '/labs', '/labs?q=nothing-like-it', '/sign-in', '/register']) {
		await page.goto(path);
		await expectNoBarriers(page, path);
	}
	await page.getByLabel('E-mail').fill('trainee@example.org');
	await page.getByLabel('Your name').fill('Robin Vale');
	await page.getByLabel('Password').fill('short');
	await page.getByRole('button', { name: 'Register' }).click();
	await expect(page.getByRole('alert')).toBeVisible();
	await expectNoBarriers(page, 'a refused form');

	await Workbench.take(page, TITLE);
	for (const path of ['/', '/labs', '/attempts', '/account', '/attempts/nothing-like-it']) {
		await page.goto(path);
		await expectNoBarriers(page, `${path} of a guest with an open ticket`);
	}
});

test('the workbench has no barriers', async ({ page }) => {
	const workbench = await Workbench.take(page, TITLE);
	await workbench.type('admin', 'echoscu -v -aet CT2 -aec PACS1 pacs 104');
	await expectNoBarriers(page, 'the terminal');
	await page.getByLabel('Plain text').check();
	await expectNoBarriers(page, 'the plain shell', TOOLS);
	await page.getByLabel('Plain text').uncheck();

	await workbench.openFreeConsole('Archive');
	for (const part of ['Operations', 'Association history', 'Known nodes', 'Volumes', 'Settings']) {
		await workbench.openPart(part);
		await expectNoBarriers(page, `the console, ${part}`, TOOLS);
	}
	await workbench.ask('Tomas Quill', 'What does the screen of CT 2 say?');
	await expectNoBarriers(page, 'the phone', TOOLS);
	await workbench.openTab('Notebook');
	await page.getByRole('textbox', { name: 'Note' }).fill('The archive does not know the scanner.');
	await workbench.act(() => page.getByRole('button', { name: 'Write down' }).click());
	await expectNoBarriers(page, 'the notebook', TOOLS);
	await workbench.openTab('Files');
	await expectNoBarriers(page, 'the files', TOOLS);
	await page.getByRole('button', { name: 'Upload images …' }).click();
	await page
		.getByLabel('DICOM files')
		.setInputFiles({ name: 'a.dcm', mimeType: 'application/dicom', buffer: Buffer.from('no') });
	await expectNoBarriers(page, 'the upload of images', '[role=dialog]');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Take a hint …' }).click();
	await page.getByRole('button', { name: 'Show activity' }).click();
	await expectNoBarriers(page, 'the activity and the question before a hint');
});

test('the dialogs have no barriers, and neither has the debrief', async ({ page }) => {
	const workbench = await Workbench.take(page, TITLE);
	await workbench.openFreeConsole('Archive');
	await workbench.openPart('Operations');
	const dialog = page.getByRole('dialog');
	const dialogs: [string, () => Promise<void>][] = [
		['Diagnose', () => workbench.bar.getByRole('button', { name: 'Diagnose …' }).click()],
		['Close', () => workbench.bar.getByRole('button', { name: 'Close ticket …' }).click()],
		['Tell', () => page.getByRole('button', { name: 'Tell … Tomas Quill' }).click()],
		['Help', () => workbench.bar.getByRole('button', { name: 'Keyboard and commands' }).click()],
		['Add node', () => workbench.console.getByRole('button', { name: 'Add node …' }).click()],
	];
	for (const [name, open] of dialogs) {
		await open();
		await expect(dialog).toBeVisible();
		await expectNoBarriers(page, `the dialog ${name}`, '[role=dialog]');
		await page.keyboard.press('Escape');
		await expect(dialog).toBeHidden();
	}
	await conclude(workbench);
	await expectNoBarriers(page, 'the debrief');
	await page.goto('/attempts');
	await expectNoBarriers(page, 'the list with a closed attempt');
});

test('questions, exams and progress have no barriers', async ({ page }) => {
	for (const path of ['/practice', '/exams', '/progress', '/questions']) {
		await page.goto(path);
		await expectNoBarriers(page, path);
	}
	const screen = await ExamScreen.practise(page);
	await expectNoBarriers(page, 'a question');
	await page.keyboard.press('=');
	await expectNoBarriers(page, 'the calculator');
	await page.keyboard.press('Escape');
	for (let question = 0; question < 3; question++) {
		await screen.answer();
		await screen.check();
		await expectNoBarriers(page, `feedback on question ${question + 1}`);
		await screen.next();
	}
	await page.getByRole('button', { name: 'Review' }).click();
	await expectNoBarriers(page, 'the review');
	await page.keyboard.press('Escape');
	await screen.finish();
	await expectNoBarriers(page, 'a result');
	await page.getByRole('link', { name: /^1 / }).click();
	await expect(screen.feedback).toBeVisible();
	await expectNoBarriers(page, 'a question of the result');
	for (const path of ['/practice', '/exams', '/progress']) {
		await page.goto(path);
		await expectNoBarriers(page, `${path} after a session`);
	}
});
