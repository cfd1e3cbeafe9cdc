import { expect, type Locator, type Page } from '@playwright/test';

/** The debrief as a trainee reads it. */
export class DebriefPage {
	readonly main: Locator;
	readonly dimensions: Locator;

	constructor(page: Page) {
		this.main = page.getByRole('main');
		this.dimensions = this.main.getByRole('table', { name: 'Points by dimension' });
	}

	/** Expects the total and that the page tells it as a number of 100. */
	async expectTotal(points: number): Promise<void> {
		await expect(this.main.getByText(`${points} of 100`, { exact: true })).toBeVisible();
	}

	/** The points and the maximum of a dimension. */
	async pointsOf(dimension: string): Promise<{ points: number; maximum: number }> {
		const row = this.dimensions.getByRole('row').filter({ hasText: dimension });
		const match = /([\d.]+)\s+of\s+([\d.]+)/.exec(await row.innerText());
		return { points: Number(match?.[1]), maximum: Number(match?.[2]) };
	}
}
