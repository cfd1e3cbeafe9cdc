import { Attempt } from '#lib/lab/attempt.ts';
import { loadContent } from '#lib/lab/content.ts';
import type { Content } from '#lib/lab/content.ts';
import type { Uploads } from '#lib/lab/upload.ts';
import { debriefSteps } from '#lib/scoring/debrief.ts';
import type { Debrief } from '#lib/scoring/score.ts';
import type { AttemptEngine, Grade, RunInSlices, ScenarioInfo, World } from '../attempts/engine.ts';
import { logWarning } from '../log.ts';
import { readYamlFiles } from './read-files.ts';

/** An attempt of the lab layer that can grade itself. */
class GradedAttempt extends Attempt implements World {
	readonly #content: Content;

	constructor(content: Content, scenarioId: string, seed: string, uploads?: Uploads) {
		super(content, scenarioId, seed, uploads ? { uploads } : {});
		this.#content = content;
	}

	async grade(runInSlices: RunInSlices): Promise<Grade> {
		const steps = debriefSteps(this.#content, this);
		let debrief: Debrief | undefined;
		await runInSlices(() => {
			const step = steps.next();
			if (step.done) debrief = step.value;
			return step.done === true;
		});
		if (!debrief) throw new Error('The debrief ended without a result.');
		return { total: debrief.score.total, debrief };
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
	return { scenarios, open: (id, seed, uploads) => new GradedAttempt(content, id, seed, uploads) };
}
