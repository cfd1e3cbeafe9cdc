import { expect, type Locator, type Page } from '@playwright/test';
import type { Action } from '#lib/lab/action.ts';
import type { ActionResponse } from '#lib/ui/page-data.ts';

type DockTabName = 'Terminal' | 'Console' | 'Phone' | 'Notebook' | 'Files';

/** The workbench as a trainee works with it: everything goes through what the page shows. */
export class Workbench {
	readonly page: Page;
	readonly bar: Locator;
	readonly map: Locator;
	readonly tools: Locator;
	readonly console: Locator;
	readonly clock: Locator;
	readonly screen: Locator;
	/** What was done through {@link act} so far. */
	readonly actions: Action[] = [];

	constructor(page: Page) {
		this.page = page;
		this.bar = page.getByRole('banner');
		this.map = page.getByRole('region', { name: 'Network map' });
		this.tools = page.getByRole('region', { name: 'Tools' });
		this.console = this.tools.getByRole('tabpanel', { name: 'Console' });
		this.clock = this.bar.getByRole('time');
		/** What the terminal's screen shows now; xterm draws it as rows of text. */
		this.screen = page.locator('.xterm-rows');
	}

	/** Takes the ticket from a page that offers it, as whoever is signed in or else as a guest. */
	static async take(page: Page, title: string, from = '/labs'): Promise<Workbench> {
		await page.goto(from);
		await page.getByRole('button', { name: `Take this ticket ${title}` }).click();
		await page.waitForURL(/\/attempts\/[^/]+$/);
		const workbench = new Workbench(page);
		await workbench.ready();
		return workbench;
	}

	/** Waits until the page reacts: the terminal is drawn, or the tab of the last visit is shown. */
	async ready(): Promise<void> {
		const terminal = this.tools.getByRole('textbox', { name: /^Shell on / });
		const otherTab = this.page.locator('#dock-tab-terminal[aria-selected=false]');
		await terminal.or(otherTab).first().waitFor({ state: 'attached' });
	}

	get attemptId(): string {
		return /\/attempts\/([^/]+)/.exec(this.page.url())?.[1] ?? '';
	}

	/** Does something that is one action of the attempt and waits for the server's answer. */
	async act(work: () => Promise<unknown>): Promise<ActionResponse> {
		const answered = this.page.waitForResponse(
			(response) => response.request().method() === 'POST' && response.url().endsWith('/actions'),
		);
		await work();
		const response = await answered;
		expect(response.status(), await response.text()).toBe(200);
		const answer = (await response.json()) as ActionResponse;
		this.actions.push(answer.entry.action);
		return answer;
	}

	async openTab(name: DockTabName): Promise<void> {
		await this.tools.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
	}

	/** Types a line in a shell with the keyboard and waits for its output; returns the output. */
	async type(host: string, line: string): Promise<string> {
		await this.openTab('Terminal');
		await this.tools.getByRole('tab', { name: host, exact: true }).click();
		const input = this.tools.getByRole('textbox', { name: `Shell on ${host}` });
		await input.focus();
		const { entry } = await this.act(async () => {
			await this.page.keyboard.type(line);
			await this.page.keyboard.press('Enter');
		});
		expect(entry.action).toEqual({ kind: 'command', place: host, line });
		return entry.observation.text;
	}

	/** A host on the map. */
	host(title: string): Locator {
		return this.map.getByRole('button', { name: new RegExp(`^${title}`) });
	}

	/** Opens a console from the map; one that is reached from the desk is looked at by that. */
	async openFreeConsole(title: string): Promise<void> {
		await this.act(() => this.host(title).click());
		await expect(this.console.getByRole('tablist', { name: 'Parts of the screen' })).toBeVisible();
	}

	async openPart(name: string): Promise<void> {
		await this.console.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
	}

	/** Asks somebody on the phone; returns the answer. */
	async ask(person: string, topic: string): Promise<string> {
		await this.openTab('Phone');
		const phone = this.tools.getByRole('tabpanel', { name: 'Phone' });
		await phone.getByRole('list', { name: 'People' }).getByText(person, { exact: true }).click();
		const button = phone.getByRole('region', { name: person }).getByRole('button', { name: topic });
		const { entry } = await this.act(() => button.click());
		return entry.observation.text;
	}

	async wait(minutes: 1 | 5 | 15 | 60): Promise<void> {
		await this.act(() =>
			this.bar.getByRole('button', { name: `Wait ${minutes} min`, exact: true }).click(),
		);
	}

	/** Tells somebody who waits, from the ticket. */
	async tell(person: string, text: string): Promise<void> {
		await this.page.getByRole('button', { name: `Tell … ${person}` }).click();
		const dialog = this.page.getByRole('dialog', { name: `Tell ${person}` });
		await dialog.getByLabel('What you say').fill(text);
		await this.act(() => dialog.getByRole('button', { name: `Tell ${person}` }).click());
		await expect(dialog).toBeHidden();
	}

	async diagnose(component: string, mechanism: string, confidencePercent: number): Promise<void> {
		await this.bar.getByRole('button', { name: 'Diagnose …' }).click();
		const dialog = this.page.getByRole('dialog', { name: 'State the root cause' });
		await dialog.getByLabel('Which component is at fault?').selectOption(component);
		await dialog.getByRole('radio', { name: mechanism }).check();
		await dialog.getByRole('slider', { name: /How sure are you/ }).fill(String(confidencePercent));
		await this.act(() => dialog.getByRole('button', { name: 'State this cause' }).click());
		await expect(dialog).toBeHidden();
	}

	/** Writes the closing note; the attempt ends and the debrief opens. */
	async close(note: { cause: string; action: string; prevention: string }): Promise<void> {
		await this.bar.getByRole('button', { name: 'Close ticket …' }).click();
		const dialog = this.page.getByRole('dialog', { name: 'Close the ticket' });
		await dialog.getByLabel('Cause').fill(note.cause);
		await dialog.getByLabel('Action').fill(note.action);
		await dialog.getByLabel('Prevention').fill(note.prevention);
		await this.act(() => dialog.getByRole('button', { name: 'Close the ticket' }).click());
		await this.page.waitForURL(/\/debrief$/);
	}
}
