import { expect, test } from '@playwright/test';
import { TITLE } from './rejected-association.ts';
import { Workbench } from './workbench.ts';

const PASSWORD = 'four unrelated quiet words';

test('a guest registers and keeps the work, signs out and in again', async ({ page }) => {
	const email = `trainee-${crypto.randomUUID()}@example.org`;
	const workbench = await Workbench.take(page, TITLE);
	await workbench.type('admin', 'ping -c 1 pacs');
	const { attemptId } = workbench;

	await page.goto('/account');
	await expect(page.getByText('You work as a guest.')).toBeVisible();
	await page.getByRole('main').getByRole('link', { name: 'Register' }).click();
	await page.getByLabel('Your name').fill('Robin Vale');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill('short');
	await page.getByRole('button', { name: 'Register' }).click();
	await expect(page.getByRole('alert')).toBeVisible();
	await expect(page.getByText('Please use at least 10 characters')).toBeVisible();
	await expect(page.getByLabel('E-mail')).toHaveValue(email);
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Register' }).click();
	await page.waitForURL('/account');
	await expect(page.getByRole('link', { name: '1 attempt' })).toBeVisible();

	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.waitForURL('/');
	await page.goto(`/attempts/${attemptId}`);
	await page.waitForURL('/sign-in');

	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password').fill('something else entirely');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('alert')).toBeVisible();
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('banner').getByRole('link', { name: 'Robin Vale' })).toBeVisible();

	await page.goto('/attempts');
	await page.getByRole('link', { name: `Go on ${TITLE}` }).click();
	await workbench.ready();
	expect(workbench.attemptId).toBe(attemptId);
	await expect(workbench.screen.getByText('1 packets transmitted, 1 received')).toBeVisible();
});

test("another user's attempt does not exist for anybody else", async ({
	page,
	browser,
	baseURL,
}) => {
	const own = await Workbench.take(page, TITLE);
	const { attemptId } = own;
	const foreign = await browser.newContext(baseURL === undefined ? {} : { baseURL });
	const other = await foreign.newPage();
	await Workbench.take(other, TITLE);

	for (const path of ['', '/debrief', '/files/home/you/capture.pcapng']) {
		const response = await other.request.get(`/attempts/${attemptId}${path}`);
		expect(response.status(), path).toBe(404);
	}
	const acted = await other.request.post(`/attempts/${attemptId}/actions`, {
		data: { sequence: 0, key: crypto.randomUUID(), action: { kind: 'wait', seconds: 60 } },
	});
	expect(acted.status()).toBe(404);
	await other.goto(`/attempts/${attemptId}`);
	await expect(other.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
	await foreign.close();

	const clock = await own.clock.innerText();
	await page.reload();
	await own.ready();
	expect(await own.clock.innerText()).toBe(clock);
});

test('forms that come from another site are refused', async ({ page, baseURL }) => {
	const { attemptId } = await Workbench.take(page, TITLE);
	const forms: [string, Record<string, string>][] = [
		['/labs?/start', { scenario: 'assoc-calling-aet-not-registered' }],
		['/register', { displayName: 'X', email: 'x@example.org', password: PASSWORD }],
		['/sign-in', { email: 'x@example.org', password: PASSWORD }],
		['/sign-out', {}],
		[`/attempts/${attemptId}/debrief?/again`, {}],
		[`/attempts/${attemptId}/actions`, { kind: 'wait' }],
	];
	for (const [path, form] of forms) {
		const response = await page.request.post(path, {
			form,
			headers: { origin: 'https://elsewhere.example' },
		});
		expect(response.status(), path).toBe(403);
	}
	// The same kind of request from the own pages is not refused.
	const own = await page.request.post('/sign-in', {
		form: { email: 'nobody', password: '' },
		headers: { origin: baseURL ?? '' },
	});
	expect(own.status()).not.toBe(403);
	// And the session is still there: the sign-out from elsewhere did not happen.
	await page.goto('/attempts');
	await expect(page.getByRole('link', { name: `Go on ${TITLE}` })).toHaveCount(1);
});
