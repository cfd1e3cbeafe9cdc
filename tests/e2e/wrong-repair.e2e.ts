import { expect, test } from '@playwright/test';
import { DebriefPage } from './debrief-page.ts';
import { TITLE } from './rejected-association.ts';
import { Workbench } from './workbench.ts';

test('accepting any AE title cures the symptom and fails, and the debrief says why', async ({
	page,
}) => {
	const workbench = await Workbench.take(page, TITLE);
	await workbench.openFreeConsole('Archive');
	await workbench.openPart('Settings');
	const setting = workbench.console.getByRole('switch', {
		name: 'Accept unknown calling AE titles',
	});
	await setting.check();
	await workbench.act(() => workbench.console.getByRole('button', { name: 'Apply' }).click());
	await expect(setting).toBeChecked();

	// The symptom is gone: the scanner is let in.
	expect(await workbench.ask('Tomas Quill', 'Please press Verify for the archive.')).toContain(
		'PASSED',
	);
	await workbench.ask('Tomas Quill', 'Please send all failed studies again.');
	await workbench.wait(5);
	await workbench.close({
		cause: 'The archive did not let the scanner in.',
		action: 'Let the archive accept unknown callers; the scanner sends again.',
		prevention: 'Keep it that way.',
	});

	const debrief = new DebriefPage(page);
	await expect(debrief.main.getByText('Not solved yet')).toBeVisible();
	const exposure = debrief.main
		.getByRole('listitem')
		.filter({ hasText: 'Left open at the end:' })
		.first();
	await expect(exposure).toContainText('accept');
	await expect(
		debrief.main.getByText('The cause is still there: Calling AE title not registered.'),
	).toBeVisible();
	const safety = await debrief.pointsOf('Safety');
	expect(safety.points).toBeLessThan(safety.maximum);
});
