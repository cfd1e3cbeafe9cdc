import { expect, test, type Locator, type Page } from '@playwright/test';
import { TITLE } from './rejected-association.ts';
import { Workbench } from './workbench.ts';

const SIZES = [
	{ width: 1280, height: 800 },
	{ width: 1920, height: 1080 },
];

/** Neighbours may share a border. */
const TOLERANCE_PX = 1;

interface Box {
	name: string;
	x: number;
	y: number;
	width: number;
	height: number;
}

async function boxOf(name: string, locator: Locator): Promise<Box> {
	const box = await locator.boundingBox();
	if (box === null) throw new Error(`${name} is not shown`);
	return { name, ...box };
}

function overlaps(boxes: Box[]): string[] {
	return boxes.flatMap((a, i) =>
		boxes.slice(i + 1).flatMap((b) => {
			const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
			const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
			return across > TOLERANCE_PX && down > TOLERANCE_PX ? [`${a.name} and ${b.name}`] : [];
		}),
	);
}

function outside(boxes: Box[], frame: Box): string[] {
	return boxes
		.filter(
			(box) =>
				box.x < frame.x - TOLERANCE_PX ||
				box.y < frame.y - TOLERANCE_PX ||
				box.x + box.width > frame.x + frame.width + TOLERANCE_PX ||
				box.y + box.height > frame.y + frame.height + TOLERANCE_PX,
		)
		.map((box) => `${box.name} leaves ${frame.name}`);
}

/** Names of the texts and buttons inside that are wider or higher than the room they have. */
function cutOff(place: Locator): Promise<string[]> {
	return place.locator('h1, p, time, button, a').evaluateAll((elements) =>
		elements
			.filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
			.filter(
				(element) =>
					element.scrollWidth > element.clientWidth + 1 &&
					getComputedStyle(element).display !== 'inline',
			)
			.map((element) => `${element.tagName} ${element.textContent.trim()}`),
	);
}

async function pageScroll(page: Page): Promise<{ right: number; down: number }> {
	return page.evaluate(() => ({
		right: document.documentElement.scrollWidth - window.innerWidth,
		down: document.documentElement.scrollHeight - window.innerHeight,
	}));
}

async function boxesIn(place: Locator, role: 'button' | 'tab'): Promise<Box[]> {
	const found = await place.getByRole(role).all();
	return Promise.all(
		found.map(async (locator) => boxOf((await locator.innerText()).trim() || role, locator)),
	);
}

for (const viewport of SIZES) {
	test(`at ${viewport.width} x ${viewport.height} everything has its place`, async ({ page }) => {
		await page.setViewportSize(viewport);
		const workbench = await Workbench.take(page, TITLE);
		await workbench.openFreeConsole('Archive');

		const showActivity = page.getByRole('button', { name: 'Show activity' });
		if (await showActivity.isVisible()) await showActivity.click();
		const window: Box = { name: 'the window', x: 0, y: 0, ...viewport };
		const ticket = page.getByRole('region', { name: 'Ticket', exact: true });
		const activity = page.getByRole('region', { name: 'Activity' });
		const regions = await Promise.all([
			boxOf('the bar', workbench.bar),
			boxOf('the ticket', ticket),
			boxOf('the map', workbench.map),
			boxOf('the tools', workbench.tools),
			boxOf('the activity', activity),
		]);
		expect(overlaps(regions)).toEqual([]);
		expect(outside(regions, window)).toEqual([]);
		expect(await pageScroll(page)).toEqual({ right: 0, down: 0 });

		await test.step('the bar shows all of its text and buttons', async () => {
			const buttons = await boxesIn(workbench.bar, 'button');
			expect(buttons.length).toBeGreaterThanOrEqual(8);
			expect(overlaps(buttons)).toEqual([]);
			expect(outside(buttons, await boxOf('the bar', workbench.bar))).toEqual([]);
			expect(await cutOff(workbench.bar)).toEqual([]);
		});

		await test.step('the hosts on the map do not cover each other', async () => {
			const hosts = await boxesIn(workbench.map.locator('.svelte-flow__nodes'), 'button');
			expect(hosts.length).toBe(9);
			expect(overlaps(hosts)).toEqual([]);
			expect(outside(hosts, await boxOf('the map', workbench.map))).toEqual([]);
			const areas = await workbench.map.locator('.ground text').all();
			expect(areas.length).toBe(4);
			const titles = await Promise.all(
				areas.map(async (area) => boxOf((await area.textContent())?.trim() ?? '', area)),
			);
			expect(overlaps([...hosts, ...titles])).toEqual([]);
			expect(outside(titles, await boxOf('the map', workbench.map))).toEqual([]);
			const controls = workbench.map.getByRole('group', { name: 'Map view' });
			expect(overlaps([...hosts, await boxOf('the map controls', controls)])).toEqual([]);
		});

		for (const tab of ['Terminal', 'Console', 'Phone', 'Notebook', 'Files'] as const) {
			await workbench.openTab(tab);
			const tabs = await boxesIn(workbench.tools.getByRole('tablist', { name: 'Tools' }), 'tab');
			expect(overlaps(tabs), tab).toEqual([]);
			expect(await pageScroll(page), tab).toEqual({ right: 0, down: 0 });
			const panel = await boxOf(tab, workbench.tools.locator('#dock-panel'));
			expect(outside([panel], window), tab).toEqual([]);
		}
	});
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, presses = 60): Promise<void> {
	for (let i = 0; i < presses; i++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`not reached with ${presses} presses of Tab: ${target.toString()}`);
}

test('a ticket is worked on with the keyboard alone', async ({ page }) => {
	const { keyboard } = page;
	await page.goto('/');
	await tabTo(page, page.getByRole('button', { name: `Take this ticket ${TITLE}` }));
	await keyboard.press('Enter');
	await page.waitForURL(/\/attempts\/[^/]+$/);
	const workbench = new Workbench(page);
	await workbench.ready();

	await test.step('a command', async () => {
		await keyboard.press('Alt+1');
		await expect(workbench.tools.getByRole('textbox', { name: 'Shell on admin' })).toBeFocused();
		await workbench.act(async () => {
			await keyboard.type('ping -c 1 pacs');
			await keyboard.press('Enter');
		});
		await expect(workbench.screen.getByText('1 packets transmitted, 1 received')).toBeVisible();
		// Escape leads out of the terminal, otherwise it would keep the keyboard.
		await keyboard.press('Escape');
		await expect(workbench.tools.getByRole('tab', { name: 'admin' })).toBeFocused();
	});

	await test.step('a console', async () => {
		await keyboard.press('Alt+2');
		const device = workbench.tools.getByLabel('Device');
		await tabTo(page, device);
		await keyboard.type('Archive');
		await expect(device).toHaveValue('pacs');
		await tabTo(page, workbench.console.getByRole('button', { name: 'Open' }));
		await workbench.act(() => keyboard.press('Enter'));
		await tabTo(page, workbench.console.getByRole('tab', { selected: true }));
		await keyboard.press('End');
		await expect(workbench.console.getByRole('tab', { name: 'Settings' })).toBeFocused();
		await expect(workbench.console.getByLabel('Own AE title')).toHaveValue('PACS1');
	});

	await test.step('a host on the map', async () => {
		await tabTo(page, workbench.host('RIS'), 120);
		await workbench.act(() => keyboard.press('Enter'));
		await expect(workbench.tools.getByLabel('Device')).toHaveValue('ris');
	});

	await test.step('a dialog', async () => {
		await keyboard.press('Alt+6');
		const dialog = page.getByRole('dialog', { name: 'State the root cause' });
		await tabTo(page, dialog.getByLabel('Which component is at fault?'));
		await keyboard.type('Archive');
		await tabTo(page, dialog.getByRole('radio', { name: 'All layers' }));
		await keyboard.press('ArrowDown');
		await tabTo(page, dialog.getByRole('slider'));
		await keyboard.press('Shift+Tab');
		await keyboard.press('Space');
		await expect(
			dialog
				.getByRole('group', { name: 'What is wrong with it?' })
				.getByRole('radio', { checked: true }),
		).toHaveCount(1);
		await tabTo(page, dialog.getByRole('button', { name: 'State this cause' }));
		await workbench.act(() => keyboard.press('Enter'));
		await expect(dialog).toBeHidden();
	});

	await test.step('help, and back to where one was', async () => {
		await tabTo(page, workbench.bar.getByRole('button', { name: 'Close ticket …' }), 120);
		await keyboard.press('Shift+?');
		const help = page.getByRole('dialog', { name: 'Keyboard and commands' });
		await expect(help).toBeVisible();
		await keyboard.press('Escape');
		await expect(help).toBeHidden();
		await expect(workbench.bar.getByRole('button', { name: 'Close ticket …' })).toBeFocused();
	});
});
