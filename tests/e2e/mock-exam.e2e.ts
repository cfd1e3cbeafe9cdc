import { expect, test } from '@playwright/test';
import Database from 'better-sqlite3';
import { loadBank } from '#lib/exam/bank/load-bank.ts';
import { readBankFiles, readLabIds } from '../../scripts/read-bank.ts';
import { ExamScreen } from './exam-screen.ts';
import { recordResponses, spellings } from './record-responses.ts';

const DATABASE = 'test-results/server/e2e.db';

/** Moves the end of a session, which only the server knows; the browser learns it with its next request. */
function endIn(sessionId: string, seconds: number): void {
	const database = new Database(DATABASE);
	database
		.prepare('update exam_session set deadline_at = ? where id = ?')
		.run(Date.now() + seconds * 1_000, sessionId);
	database.close();
}

test('a mock exam keeps everything over a reload and a lost connection, and ends with its time', async ({
	page,
	context,
}) => {
	const screen = await ExamScreen.mock(page, { scored: 20, unscored: 4, minutes: 30 });
	await expect(page.getByRole('timer')).toBeVisible();
	await screen.answer();
	await page.getByRole('button', { name: 'Flag', exact: true }).click();
	await screen.saved();
	await screen.next();
	await screen.answer();
	await screen.saved();

	await page.reload();
	await page.getByRole('button', { name: 'Review' }).click();
	await expect(page.getByRole('button', { name: 'Question 1, answered, flagged' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'Question 2, answered' })).toBeVisible();
	await page.getByRole('button', { name: /^Question 3,/ }).click();
	await expect(screen.title).toContainText('Question 3');
	await screen.saved();

	await context.setOffline(true);
	await screen.answer();
	await expect(page.getByText(/Not saved yet/)).toBeVisible();
	await context.setOffline(false);
	await screen.saved();

	// No feedback is offered before the end.
	await expect(page.getByRole('button', { name: 'Check', exact: true })).toHaveCount(0);

	endIn(screen.sessionId, 12);
	await page.reload();
	await screen.saved();
	await page.waitForURL(/\/result$/, { timeout: 60_000 });
	await expect(page.getByText('3 of 24')).toBeVisible();
	await expect(page.getByText(/of 20 right/)).toBeVisible();
});

test('no key and no rationale reaches the browser before the exam is finished', async ({
	page,
}) => {
	const { bank } = loadBank(readBankFiles(), { labs: readLabIds() });
	const secrets = [...bank.items.values()].flatMap((item) => {
		// Templates are filled before they are sent, so only plain texts can be looked for.
		const texts = 'options' in item ? item.options.map((option) => option.rationale) : [];
		return [...texts, item.explanation].filter((text) => text.length > 40 && !text.includes('{'));
	});
	expect(secrets.length).toBeGreaterThan(1_000);
	const recording = recordResponses(page);
	const screen = await ExamScreen.mock(page, { scored: 12, unscored: 2, minutes: 20 });
	for (let question = 0; question < 13; question++) {
		await screen.answer();
		await screen.next();
	}
	await screen.answer();
	await screen.saved();
	const before = await recording.received();
	const leaks = (received: typeof before) =>
		received.filter(
			({ data, body }) =>
				data &&
				(/"(rationales|explanation|remediate|tolerance)":/.test(body) ||
					secrets.some((secret) => spellings(secret).some((text) => body.includes(text)))),
		);
	expect(before.some(({ url }) => url.includes('/slots/'))).toBe(true);
	expect(leaks(before).map(({ url }) => url)).toEqual([]);
	expect(
		before
			.filter(({ data, body }) => data && /"(scored|correct)":(true|false)/.test(body))
			.map(({ url }) => url),
	).toEqual([]);

	// The same search finds them once they are due.
	await screen.finish();
	await page.getByRole('link', { name: /^1 / }).click();
	await expect(screen.feedback).toBeVisible();
	// Once more as a document: Chromium does not always keep the body of what was fetched for a click.
	await page.reload();
	await expect(screen.feedback).toBeVisible();
	expect(leaks(await recording.received()).length).toBeGreaterThan(0);
});
