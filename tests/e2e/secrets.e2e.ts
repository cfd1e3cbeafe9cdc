import { expect, test } from '@playwright/test';
import type { Action } from '#lib/lab/action.ts';
import { Attempt } from '#lib/lab/attempt.ts';
import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import { secretsOf } from '#lib/lab/proof/leaks.ts';
import type { Scenario } from '#lib/lab/scenario-schema.ts';
import { readContent } from '../../scripts/read-content.ts';
import { recordResponses, spellings } from './record-responses.ts';
import { Workbench } from './workbench.ts';

const content = readContent();

/** Ids of checks that are ordinary words of the page as well. */
const PAGE_WORDS = new Set(['informed', 'closed']);

/** Author texts and machine words of the scenario that tell what is wrong or how it is judged. */
function answersOf(scenario: Scenario, actions: readonly Action[]): string[] {
	const asked = actions.flatMap((action) =>
		action.kind === 'call' ? [`${action.person} ${action.topic}`] : [],
	);
	const untold = Object.entries(scenario.people).flatMap(([person, { topics }]) =>
		topics.filter(({ asks }) => !asked.includes(`${person} ${asks}`)).map(({ says }) => says),
	);
	const faults = [...scenario.faults, ...scenario.distractors].flatMap(
		({ id: _id, kind, at: _at, ...parameters }) => {
			const definition = FAULT_DEFINITIONS.get(kind);
			if (definition === undefined) return [];
			return [kind, definition.title, definition.doc, definition.describe(parameters)];
		},
	);
	const checks = scenario.checks.flatMap(({ id, kind }) => [id, kind]);
	// Mechanisms are the vocabulary of every diagnosis; some share their words with a kind of fault.
	const vocabulary = [...FAULT_DEFINITIONS.values()].flatMap(({ mechanism }) => [
		mechanism.id,
		mechanism.title,
	]);
	return [...secretsOf(scenario), ...untold, ...faults, ...checks, ...scenario.mayChange].filter(
		(text) => !PAGE_WORDS.has(text) && !vocabulary.includes(text),
	);
}

/** The facts that the same actions give in a world of the same scenario; they stay on the server. */
function factsOf(scenario: Scenario, actions: readonly Action[]): string[] {
	const attempt = new Attempt(content, scenario.id, 'any', { capture: false });
	const shown: string[] = [];
	const facts = actions.flatMap((action) => {
		const performed = attempt.perform(action);
		shown.push(JSON.stringify(performed.observation));
		return performed.facts;
	});
	// A fact may be in the words of what was shown.
	return facts.filter((fact) => !shown.some((text) => text.includes(fact)));
}

/** Looks into every corner of the workbench, without stating or closing anything. */
async function lookAround(workbench: Workbench, scenario: Scenario): Promise<Action[]> {
	await workbench.type('admin', 'nc -zv pacs 104');
	await workbench.type('pacs', 'df');
	await workbench.type('pacs', 'tail -n 20 /var/log/archive/pacs.log');
	await workbench.openFreeConsole('Archive');
	await workbench.openFreeConsole('RIS');
	await workbench.host('CT 2').click();
	await workbench.act(() => workbench.console.getByRole('button', { name: /^Walk there/ }).click());
	await workbench.host('Firewall').click();
	await workbench.act(() => workbench.console.getByRole('button', { name: /^Ask for it/ }).click());
	await workbench.ask('Dr. Mira Solano', 'Has anything been changed recently?');
	await workbench.ask('Tomas Quill', 'Please press Verify for the archive.');
	const { people } = scenario.hospital;
	const owner = people.find(({ id }) => id === scenario.ticket.from);
	await workbench.tell(owner?.name ?? '', 'I am looking into it.');
	const { view } = await workbench.act(() =>
		workbench.bar.getByRole('button', { name: 'Wait 5 min', exact: true }).click(),
	);
	expect(view.status).toBe('open');
	await workbench.page.reload();
	await workbench.ready();
	await workbench.page.getByRole('button', { name: 'Show activity' }).click();
	return workbench.actions;
}

for (const scenario of content.scenarios.values()) {
	test(`nothing the browser receives gives away "${scenario.title}"`, async ({ page }) => {
		const recording = recordResponses(page);
		await page.goto('/');
		const workbench = await Workbench.take(page, scenario.title);
		const actions = await lookAround(workbench, scenario);
		const received = await recording.received();
		expect(received.filter(({ data }) => data).length).toBeGreaterThan(actions.length);

		const answers = answersOf(scenario, actions);
		const facts = factsOf(scenario, actions);
		expect(answers.length).toBeGreaterThan(20);
		expect(facts.length).toBeGreaterThan(0);
		const leaks = received.flatMap(({ url, data, body }) =>
			[...answers, ...(data ? facts : [])]
				.filter((secret) => spellings(secret).some((spelling) => body.includes(spelling)))
				.map((secret) => `${url}: ${secret}`),
		);
		expect(leaks).toEqual([]);
		for (const { url, body } of received.filter(({ data }) => data)) {
			// A mechanism bound to a component is the diagnosis; the plural is the vocabulary.
			expect(body, url).not.toMatch(/\b(mechanism|facts|faults|checks|solutions|debrief)["']?:/);
		}
	});
}
