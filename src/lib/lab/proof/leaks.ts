import { Attempt } from '../attempt.ts';
import type { Content } from '../content.ts';
import type { Scenario } from '../scenario-schema.ts';

/** The shortest author text that counts as a secret; shorter ones appear by chance. */
const SECRET_LENGTH_MIN = 12;

/** Author texts that must not reach the browser before the debrief, found in the view all the same. */
export function leaksIn(content: Content, scenario: Scenario, seed: string): string[] {
	const attempt = new Attempt(content, scenario.id, seed, { capture: false });
	attempt.advance();
	const sent = JSON.stringify(attempt.view());
	return secretsOf(scenario).filter((secret) => sent.includes(JSON.stringify(secret).slice(1, -1)));
}

/** Everything that gives the answer away: texts of the debrief, hints, wrong repairs, solutions. */
export function secretsOf(scenario: Scenario): string[] {
	const solutionTexts = [...scenario.solutions, ...scenario.wrong].flatMap(({ actions }) =>
		actions.flatMap((action) =>
			Object.values(action).filter((value): value is string => typeof value === 'string'),
		),
	);
	const known = JSON.stringify([scenario.hospital, scenario.ticket.text]);
	return [
		...scenario.debrief.split('\n'),
		...scenario.hints,
		...scenario.wrong.map(({ why }) => why),
		...scenario.references.map(({ detail }) => detail),
		...solutionTexts.filter((text) => !known.includes(text)),
	]
		.map((text) => text.trim())
		.filter((text) => text.length >= SECRET_LENGTH_MIN && !isKnownWord(text));
}

/** Ids such as topics and operations are part of every view. */
function isKnownWord(text: string): boolean {
	return /^[a-z0-9-]+$/.test(text);
}
