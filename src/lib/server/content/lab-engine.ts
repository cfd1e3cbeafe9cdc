import { Attempt } from '#lib/lab/attempt.ts';
import { loadContent } from '#lib/lab/content.ts';
import { debriefOf } from '#lib/scoring/debrief.ts';
import type { AttemptEngine, Grade, ScenarioInfo, World } from '../attempts/engine.ts';
import { logWarning } from '../log.ts';
import { readYamlFiles } from './read-files.ts';

/** An attempt of the lab layer that can grade itself. */
class GradedAttempt extends Attempt implements World {
	grade(): Grade {
		return debriefOf(this);
	}
}

/**
 * The simulator over the authored content of a folder, read once. Files with mistakes are reported with
 * their place and left out; the others can be used.
 */
export function openLabEngine(folder: string): AttemptEngine {
	const { content, problems } = loadContent(readYamlFiles(folder));
	for (const { path, line, column, message } of problems) {
		logWarning({
			kind: 'content-problem',
			message: `${folder}/${path}:${line}:${column} ${message}`,
		});
	}
	const scenarios = new Map<string, ScenarioInfo>();
	for (const [id, scenario] of content.scenarios) {
		const { version, title, summary, level, minutes, kind, objectives, blueprint } = scenario;
		const hospitalTitle = scenario.hospital.title;
		scenarios.set(id, {
			...{ id, version, title, summary, level, minutes, kind, hospitalTitle },
			objectives: [...objectives],
			blueprint: blueprint.map(({ exam, code }) => ({ exam, code })),
		});
	}
	return { scenarios, open: (id, seed) => new GradedAttempt(content, id, seed) };
}
