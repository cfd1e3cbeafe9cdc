import { expect } from '@playwright/test';
import type { Workbench } from './workbench.ts';

/** The steps that solve "CT 2 can't send", for the tests that need an attempt in one of its stages. */

export const TITLE = "CT 2 can't send, the ER is waiting";

/** Asks, looks and reads, as an administrator would, until the cause is plain. */
export async function findCause(workbench: Workbench): Promise<void> {
	expect(await workbench.ask('Tomas Quill', 'What does the screen of CT 2 say?')).toContain(
		'rejected',
	);
	await workbench.openFreeConsole('Archive');
	await workbench.openPart('Association history');
	const refused = workbench.console
		.getByRole('table', { name: 'Association history' })
		.getByRole('row')
		.filter({ hasText: 'CT2' })
		.filter({ hasText: 'rejected 1/1/3' });
	await expect(refused.first()).toBeVisible();
	await workbench.openPart('Known nodes');
	const nodes = workbench.console.getByRole('table', { name: 'Known nodes' }).getByRole('row');
	await expect(nodes.filter({ hasText: 'CT1' })).toHaveCount(1);
	await expect(nodes.filter({ hasText: 'CT2' })).toHaveCount(0);
	expect(await workbench.type('pacs', 'grep CT2 /var/log/archive/pacs.log | tail -n 3')).toContain(
		'CT2',
	);
}

/** Registers the scanner with the rights it needs and no more, in the form of the archive's console. */
export async function registerScanner(workbench: Workbench): Promise<void> {
	await workbench.openTab('Console');
	await workbench.openPart('Operations');
	await workbench.console.getByRole('button', { name: 'Add node …' }).click();
	const form = workbench.page.getByRole('dialog', { name: 'Add node' });
	await form.getByLabel('AE title').fill('CT2');
	await form.getByLabel('Host name or address').fill('ct2');
	await form.getByLabel('Port').fill('104');
	await form.getByRole('switch', { name: 'May store' }).check();
	await form.getByRole('switch', { name: 'May query and retrieve' }).uncheck();
	await form.getByLabel('Comment (optional)').fill('CT 2, emergency');
	await workbench.act(() => form.getByRole('button', { name: 'Add node' }).click());
	await expect(form).toBeHidden();
	await expect(workbench.console.getByRole('status')).toContainText('Node CT2 added.');
}

/** Has the scanner prove the repair and send what is stuck, and waits until it has arrived. */
export async function proveRepair(workbench: Workbench): Promise<void> {
	expect(await workbench.ask('Tomas Quill', 'Please press Verify for the archive.')).toContain(
		'PASSED',
	);
	await workbench.ask('Tomas Quill', 'Please send all failed studies again.');
	await workbench.wait(5);
	await workbench.openTab('Console');
	await workbench.tools.getByLabel('Device').selectOption('Archive');
	await workbench.act(() => workbench.console.getByRole('button', { name: /^Look again/ }).click());
}

/** States the cause, tells those who wait and closes the ticket. */
export async function conclude(workbench: Workbench): Promise<void> {
	await workbench.diagnose('Archive', 'Calling AE title is not registered at the acceptor', 95);
	await workbench.tell(
		'Tomas Quill',
		'CT 2 may send again; your waiting studies are on their way.',
	);
	await workbench.tell('Dr. Owen Tarn', 'The head CT of this morning can be read now.');
	await workbench.close({
		cause:
			'The archive had no entry for the AE title CT2, so it rejected every association (1/1/3).',
		action: 'Registered CT2 with host, port and the right to store; verified and resent from CT 2.',
		prevention: 'Remove nodes by change request only, and verify from each modality afterwards.',
	});
}
