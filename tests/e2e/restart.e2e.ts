import { test as base, expect, type Page } from '@playwright/test';
import type { ActionRequest } from '#lib/ui/page-data.ts';
import { DebriefPage } from './debrief-page.ts';
import {
	conclude,
	findCause,
	proveRepair,
	registerScanner,
	TITLE,
} from './rejected-association.ts';
import { ServerProcess } from './server-process.ts';
import { Workbench } from './workbench.ts';

/** A server of the test's own and a page of it. */
const test = base.extend<{ server: ServerProcess; ownPage: Page }>({
	// Playwright reads from the pattern which fixtures are needed: none.
	// eslint-disable-next-line no-empty-pattern
	server: async ({}, use, testInfo) => {
		const server = await ServerProcess.startOver(testInfo.outputPath('restart.db'));
		await use(server);
		await server.kill();
	},
	ownPage: async ({ browser, server }, use) => {
		const context = await browser.newContext({ baseURL: server.origin });
		await use(await context.newPage());
		await context.close();
	},
});

/** Everything of the attempt that the trainee can read without acting. */
async function whatIsSeen(workbench: Workbench) {
	const { page } = workbench;
	await page.getByRole('button', { name: 'Show activity' }).click();
	const activity = await page.getByRole('region', { name: 'Steps, newest first' }).innerText();
	await page.getByRole('button', { name: 'Hide activity' }).click();
	await workbench.openTab('Console');
	await workbench.tools.getByLabel('Device').selectOption('Archive');
	const consoles: string[] = [];
	for (const part of ['Association history', 'Known nodes', 'Settings']) {
		await workbench.openPart(part);
		consoles.push(await workbench.console.innerText());
	}
	await workbench.openTab('Phone');
	return {
		activity,
		consoles,
		clock: await workbench.clock.innerText(),
		phone: await workbench.tools.getByRole('tabpanel', { name: 'Phone' }).innerText(),
	};
}

/** Posts an action as the page would, and gives the status and the answer. */
function post(page: Page, request: ActionRequest): Promise<{ status: number; body: unknown }> {
	return page.evaluate(async (body) => {
		const response = await fetch(`${location.pathname}/actions`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		return { status: response.status, body: (await response.json()) as unknown };
	}, request);
}

test('an attempt survives the death of the server, and a repeated act is done once', async ({
	server,
	ownPage: page,
}) => {
	const workbench = await Workbench.take(page, TITLE);
	await findCause(workbench);
	await registerScanner(workbench);
	const before = await whatIsSeen(workbench);

	await server.kill();
	// The trainee goes on and notices: the act is kept, neither lost nor done.
	await workbench.bar.getByRole('button', { name: 'Wait 1 min', exact: true }).click();
	await expect(page.getByRole('alert')).toContainText('Your step is kept');
	expect(await workbench.clock.innerText()).toBe(before.clock);
	await server.start();

	await page.reload();
	await workbench.ready();
	expect(await whatIsSeen(workbench)).toEqual(before);

	await test.step('the same key again returns the stored answer', async () => {
		const request: ActionRequest = {
			sequence: workbench.actions.length,
			key: crypto.randomUUID(),
			action: { kind: 'command', place: 'admin', line: 'ping -c 1 pacs' },
		};
		const first = await post(page, request);
		expect(first.status).toBe(200);
		expect(await post(page, request)).toEqual(first);
		await server.kill();
		await server.start();
		expect(await post(page, request)).toEqual(first);
		const other = await post(page, { ...request, key: crypto.randomUUID() });
		expect(other.status).toBe(409);
		expect(other.body).toHaveProperty('view.history.length', request.sequence + 1);
	});

	await page.reload();
	await workbench.ready();
	await proveRepair(workbench);
	await conclude(workbench);
	await new DebriefPage(page).expectTotal(100);
});

test('an act that met a dead server is done once when it is tried again', async ({
	server,
	ownPage: page,
}) => {
	const workbench = await Workbench.take(page, TITLE);
	await workbench.type('admin', 'hostname');
	await server.kill();
	await workbench.tools.getByRole('textbox', { name: 'Shell on admin' }).focus();
	await page.keyboard.type('ping -c 1 pacs');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('It is never done twice.');
	await server.start();
	const { entry } = await workbench.act(() =>
		page.getByRole('button', { name: 'Try again' }).click(),
	);
	expect(entry.sequence).toBe(1);
	await expect(workbench.screen.getByText('1 packets transmitted, 1 received')).toBeVisible();
	await expect(page.getByRole('alert')).toHaveCount(0);
});
