import { expect, test } from '@playwright/test';
import { ExamScreen } from './exam-screen.ts';

test('practice tells why at once, with its source, and survives a reload', async ({ page }) => {
	const screen = await ExamScreen.practise(page);
	await screen.answer();
	await screen.check();
	await expect(screen.feedback.getByText(/^Sources?$/)).toBeVisible();
	await expect(screen.feedback.getByRole('link').first()).toBeVisible();
	await screen.next();
	await expect(screen.title).toContainText('Question 2');
	await screen.answer();
	await screen.saved();
	await page.reload();

	// The first question is final, the second still has its answer.
	await screen.saved();
	await page.getByRole('button', { name: 'Review' }).click();
	await expect(page.getByRole('button', { name: /^Question 1, (right|wrong)/ })).toBeVisible();
	await expect(page.getByRole('button', { name: /^Question 2, answered/ })).toBeVisible();
	await page.keyboard.press('Escape');
	await screen.finish();
	await expect(page.getByRole('heading', { level: 1, name: 'Result' })).toBeVisible();
	await page.getByRole('link', { name: /^1 / }).click();
	await expect(screen.feedback).toBeVisible();
});

test('certainty is asked when wanted, and counts', async ({ page }) => {
	await page.goto('/practice');
	await page.getByLabel('State how sure I am').check();
	await page.getByLabel('Number').selectOption('5');
	await page.getByRole('button', { name: 'Start', exact: true }).click();
	const screen = await ExamScreen.shown(page);
	await screen.answer();
	await page.getByLabel('Guessing').check();
	await screen.check();
	await expect(screen.feedback.getByText(/for certainty/)).toBeVisible();
});

test('a session can be worked with the keyboard alone', async ({ page }) => {
	await page.goto('/practice');
	const start = page.getByRole('button', { name: 'Start ten' });
	for (let press = 0; press < 60; press++) {
		await page.keyboard.press('Tab');
		if (await start.evaluate((element) => element === document.activeElement)) break;
	}
	await expect(start).toBeFocused();
	await page.keyboard.press('Enter');
	const screen = await ExamScreen.shown(page);

	// Letters choose; where a question has none, it is left.
	for (let question = 1; question <= 10; question++) {
		await expect(screen.title).toContainText(`Question ${question}`);
		const radios = page.getByRole('radio');
		if ((await radios.count()) > 0) {
			await page.keyboard.press('Shift+B');
			await expect(
				page.getByRole('button', { name: 'Take back the strike-out of B' }),
			).toBeVisible();
			await page.keyboard.press('a');
			await expect(radios.first()).toBeChecked();
			await page.keyboard.press('m');
			await expect(screen.title).toContainText('Flagged');
			await page.keyboard.press('Enter');
			await expect(screen.feedback).toBeVisible();
			break;
		}
		await page.keyboard.press('n');
	}
	await page.keyboard.press('=');
	await expect(page.getByRole('textbox', { name: 'Calculation' })).toBeFocused();
	await page.keyboard.type('512*512*2*300 B in MiB');
	await expect(page.getByText('= 150 MiB')).toBeVisible();
	await page.keyboard.press('Escape');
	await page.keyboard.press('r');
	await expect(page.getByRole('dialog', { name: 'Review' })).toBeVisible();
	const finish = page.getByRole('dialog').getByRole('button', { name: 'Finish …' });
	await finish.focus();
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Finish now' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/result$/);
});
