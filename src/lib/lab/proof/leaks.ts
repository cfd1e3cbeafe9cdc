import type { Scenario } from '../scenario-schema.ts';
import type { WorkbenchView } from '../workbench-view.ts';

/** The shortest author text that counts as a secret; shorter ones appear by chance. */
const SECRET_LENGTH_MIN = 12;

const NO_HINTS = { taken: [], left: 0, costPercentNext: 0 };

/** Author texts that must not have reached the browser yet, found in the view all the same. */
export function leaksIn(scenario: Scenario, view: WorkbenchView): string[] {
	const sent = JSON.stringify(view);
	return secretsOf(scenario, view).filter((secret) =>
		sent.includes(JSON.stringify(secret).slice(1, -1)),
	);
}

/**
 * Everything that gives the answer away: texts of the debrief, of hints not taken, of people not asked yet, of
 * wrong repairs and solutions. Without a view: as at the start.
 */
export function secretsOf(
	scenario: Scenario,
	view: Pick<WorkbenchView, 'history' | 'hints'> = { history: [], hints: NO_HINTS },
): string[] {
	const solutionTexts = [...scenario.solutions, ...scenario.wrong].flatMap(({ actions }) =>
		actions.flatMap((action) =>
			Object.values(action).filter((value): value is string => typeof value === 'string'),
		),
	);
	const asked = new Set(
		view.history.flatMap(({ action }) => (action.kind === 'call' ? [action.person] : [])),
	);
	const answers = Object.entries(scenario.people)
		.filter(([person]) => !asked.has(person))
		.flatMap(([, { topics }]) => topics.map(({ says }) => says));
	const known = JSON.stringify([scenario.hospital, scenario.ticket.text, view.history]);
	return [
		...scenario.debrief.split('\n'),
		...scenario.hints.slice(view.hints.taken.length),
		...scenario.wrong.map(({ why }) => why),
		...scenario.references.map(({ detail }) => detail),
		...answers,
		...solutionTexts.filter((text) => !known.includes(JSON.stringify(text).slice(1, -1))),
	]
		.map((text) => text.trim())
		.filter((text) => text.length >= SECRET_LENGTH_MIN && !isKnownWord(text));
}

/** Ids such as topics and operations are part of every view. */
function isKnownWord(text: string): boolean {
	return /^[a-z0-9-]+$/.test(text);
}
