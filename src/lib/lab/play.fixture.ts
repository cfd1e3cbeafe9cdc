import { minutes } from '#lib/kernel/time.ts';
import type { Action } from './action.ts';
import { Attempt, type AttemptOptions } from './attempt.ts';
import type { Content } from './content.ts';
import type { Scenario } from './scenario-schema.ts';

/** The content with one scenario changed. */
export function withScenario(
	content: Content,
	id: string,
	change: (scenario: Scenario) => Partial<Scenario>,
): Content {
	const scenario = content.scenarios.get(id);
	if (!scenario) throw new RangeError(`no scenario "${id}"`);
	const scenarios = new Map(content.scenarios);
	scenarios.set(id, { ...scenario, ...change(scenario) });
	return { hospitals: content.hospitals, scenarios };
}

/** The same scenario with hardly anything before the trainee arrives, for tests of what actions do. */
export function withShortWarmUp(content: Content, id: string): Content {
	return withScenario(content, id, ({ faults }) => ({
		warmUp: minutes(3),
		faults: faults.map((fault) => ({ ...fault, at: -minutes(1) })),
	}));
}

/** An attempt at the moment the trainee arrives. */
export function arrive(
	content: Content,
	id: string,
	seed = 'test',
	options: AttemptOptions = { capture: false },
): Attempt {
	const attempt = new Attempt(content, id, seed, options);
	attempt.advance();
	return attempt;
}

/** Plays actions to the end and watches the hospital afterwards. */
export function playToEnd(
	content: Content,
	id: string,
	actions: readonly Action[],
	seed = 'test',
): Attempt {
	const attempt = arrive(content, id, seed);
	for (const action of actions) attempt.perform(action);
	attempt.watch();
	return attempt;
}
