import { expect, type Page } from '@playwright/test';

/** The exam screen as a candidate uses it. */
export class ExamScreen {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	/** Begins a session of one's own with new questions and feedback after each. */
	static async practise(page: Page): Promise<ExamScreen> {
		await page.goto('/practice');
		await page.getByRole('button', { name: 'Start ten' }).click();
		return ExamScreen.shown(page);
	}

	/** Begins a mock exam. */
	static async mock(
		page: Page,
		form: { scored: number; unscored: number; minutes: number },
	): Promise<ExamScreen> {
		await page.goto('/exams');
		await page.getByLabel('Scored questions').fill(String(form.scored));
		await page.getByLabel('Not scored').fill(String(form.unscored));
		await page.getByLabel('Minutes').fill(String(form.minutes));
		await page.getByRole('button', { name: 'Begin' }).click();
		return ExamScreen.shown(page);
	}

	static async shown(page: Page): Promise<ExamScreen> {
		await page.waitForURL(/\/sessions\/[0-9a-f-]+$/);
		const screen = new ExamScreen(page);
		await screen.saved();
		return screen;
	}

	get sessionId(): string {
		return new URL(this.page.url()).pathname.split('/')[2] ?? '';
	}

	/** Gives some answer to the question that is shown, whatever its type. */
	async answer(): Promise<void> {
		const answer = this.page
			.getByRole('group')
			.filter({ has: this.page.locator('.choices, ol, .lefts, .entry, .lab') })
			.last();
		if ((await answer.getByRole('radio').count()) > 0) {
			await answer.getByRole('radio').first().check();
		} else if ((await answer.getByRole('checkbox').count()) > 0) {
			await answer.getByRole('checkbox').first().check();
			await answer.getByRole('checkbox').nth(1).check();
		} else if ((await answer.getByRole('combobox').count()) > 0) {
			for (const list of await answer.getByRole('combobox').all())
				await list.selectOption({ index: 1 });
		} else if ((await answer.getByRole('textbox').count()) > 0) {
			await answer.getByRole('textbox').fill('42');
			await answer.getByRole('textbox').blur();
		} else {
			const confirm = answer.getByRole('button', { name: 'This order is right as it stands' });
			if ((await confirm.count()) > 0) await confirm.click();
		}
	}

	async check(): Promise<void> {
		await this.page.getByRole('button', { name: 'Check', exact: true }).click();
		await expect(this.feedback).toBeVisible();
	}

	async next(): Promise<void> {
		await this.page.getByRole('button', { name: 'Next', exact: true }).click();
	}

	get feedback() {
		return this.page.getByRole('region', { name: 'Feedback' });
	}

	get title() {
		return this.page.getByRole('heading', { level: 1 });
	}

	async saved(): Promise<void> {
		await expect(this.page.locator('header').getByText('Saved', { exact: true })).toBeVisible();
	}

	async finish(): Promise<void> {
		await this.page.getByRole('button', { name: 'Review' }).click();
		await this.page.getByRole('button', { name: 'Finish …' }).last().click();
		await this.page.getByRole('button', { name: 'Finish now' }).click();
		await this.page.waitForURL(/\/result$/);
	}
}
