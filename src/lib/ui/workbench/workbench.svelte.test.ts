import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { workbenchFixture } from '../../../../tests/support/workbench-fixture.ts';
import '../tokens.css';
import '../base.css';
import type { ActionRequest } from '../page-data.ts';
import type { Reply } from './post-action.ts';
import Workbench from './Workbench.svelte';

/** Opens the workbench on a server that answers everything with `reply`, and remembers what it was sent. */
async function open(reply: (request: ActionRequest) => Reply = answered) {
	localStorage.clear();
	await page.viewport(1280, 800);
	const sent: ActionRequest[] = [];
	const screen = await render(Workbench, {
		attemptId: 'a1',
		view: workbenchFixture(),
		transport: (request: ActionRequest) => {
			sent.push(request);
			return Promise.resolve(reply(request));
		},
		onclosed: () => {},
	});
	return { screen, actions: () => sent.map((request) => request.action) };
}

function answered({ sequence, action }: ActionRequest): Reply {
	const { history: _, ...view } = workbenchFixture();
	const { nowUs } = view.clock;
	const observation = {
		place: 'desk',
		startedUs: nowUs,
		endedUs: nowUs,
		outcome: 'done' as const,
		text: 'as you say',
	};
	return { kind: 'done', response: { entry: { sequence, action, observation }, view } };
}

test('nothing scrolls but the panes', async () => {
	await open();
	expect(document.documentElement.scrollHeight).toBeLessThanOrEqual(window.innerHeight);
	expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
});

test('a setting is applied by itself, with its typed value', async () => {
	const { screen, actions } = await open();
	await screen.getByRole('tab', { name: 'Console' }).click();
	await screen.getByRole('combobox', { name: 'Device' }).selectOptions('pacs');
	await screen.getByRole('tab', { name: 'Settings' }).click();
	const port = screen.getByRole('spinbutton', { name: 'Port' });
	await port.fill('70000');
	await expect.element(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
	await port.fill('11112');
	await screen.getByRole('button', { name: 'Apply' }).click();
	await expect
		.poll(actions)
		.toEqual([{ kind: 'configure', device: 'pacs', setting: 'port', value: 11_112 }]);
});

test('a row operation with a question asks before it acts', async () => {
	const { screen, actions } = await open();
	await screen.getByRole('tab', { name: 'Console' }).click();
	await screen.getByRole('combobox', { name: 'Device' }).selectOptions('pacs');
	await screen.getByRole('tab', { name: /Known nodes/ }).click();
	await screen.getByRole('button', { name: 'Delete CT1' }).click();
	const dialog = screen.getByRole('dialog');
	await expect.element(dialog).toMatchTextContent(/Delete this node\?/);
	expect(actions()).toEqual([]);
	await dialog.getByRole('button', { name: 'Delete' }).click();
	await expect
		.poll(actions)
		.toEqual([
			{ kind: 'operate', device: 'pacs', operation: 'delete-node', fields: {}, row: 'CT1' },
		]);
});

test('the plain shell runs a line and shows the answer', async () => {
	const { screen, actions } = await open();
	await screen.getByRole('checkbox', { name: 'Plain text' }).click();
	await screen.getByRole('textbox', { name: 'Command line of desk' }).fill('ping ris');
	await userEvent.keyboard('{Enter}');
	await expect.poll(actions).toEqual([{ kind: 'command', place: 'desk', line: 'ping ris' }]);
	await expect.element(screen.getByRole('log')).toMatchTextContent(/as you say/);
});

test('what could not be sent stays typed and can be sent again', async () => {
	let reachable = false;
	const { screen, actions } = await open((request) =>
		reachable ? answered(request) : { kind: 'later', message: 'No line.' },
	);
	await screen.getByRole('tab', { name: /Notebook/ }).click();
	const note = screen.getByRole('textbox', { name: 'Note' });
	await note.fill('it is the title');
	await screen.getByRole('button', { name: 'Write down' }).click();
	await expect.element(screen.getByRole('alert')).toMatchTextContent(/Your step is kept/);
	await expect.element(note).toHaveValue('it is the title');
	reachable = true;
	await screen.getByRole('button', { name: 'Try again' }).click();
	await expect.element(note).toHaveValue('');
	expect(actions().length).toBe(2);
});

test('the question mark opens the help, Alt and a digit a tab', async () => {
	const { screen } = await open();
	await userEvent.keyboard('?');
	await expect.element(screen.getByRole('dialog')).toMatchTextContent(/echoscu/);
	await userEvent.keyboard('{Escape}');
	await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
	await userEvent.keyboard('{Alt>}3{/Alt}');
	await expect
		.element(screen.getByRole('tab', { name: 'Phone' }))
		.toHaveAttribute('aria-selected', 'true');
});
