import { isSyntheticPatientId } from '#lib/hospital/patients.ts';
import type { Action } from '../action.ts';
import { Attempt, type AttemptOptions } from '../attempt.ts';
import type { Content } from '../content.ts';
import type { Scenario } from '../scenario-schema.ts';
import type { Scored } from './certificate.ts';

/** A run to its end, judged. */
export interface FinishedRun {
	attempt: Attempt;
	score: Scored;
	/** Steps that could not be taken, with what was said. */
	refused: string[];
}

/** The runs of one proof, and what is learned from all of them together. */
export class ProofRuns {
	readonly scenario: Scenario;
	/** Ids of checks that held, and that failed, in some run. */
	readonly held = new Set<string>();
	readonly failed = new Set<string>();
	/** Patient ids seen that are not synthetic. */
	readonly foreignPatients = new Set<string>();
	patients = 0;
	readonly #content: Content;
	readonly #score: (attempt: Attempt) => Scored;

	constructor(content: Content, scenario: Scenario, score: (attempt: Attempt) => Scored) {
		this.scenario = scenario;
		this.#content = content;
		this.#score = score;
	}

	/** The moment the trainee arrives. */
	arrive(seed: string, options: AttemptOptions = {}): Attempt {
		const attempt = new Attempt(this.#content, this.scenario.id, seed, options);
		attempt.advance();
		return attempt;
	}

	/** Plays actions; an attempt that was not closed ends where its actions end. */
	play(seed: string, actions: readonly Action[], options: AttemptOptions = {}): Attempt {
		const attempt = this.arrive(seed, options);
		for (const action of actions) {
			if (attempt.closed) break;
			attempt.perform(action);
		}
		attempt.watch();
		this.#notePatients(attempt);
		return attempt;
	}

	/** Judges a run that was played to its end. */
	judge(attempt: Attempt): FinishedRun {
		const score = this.#score(attempt);
		for (const [id, holds] of score.checks) (holds ? this.held : this.failed).add(id);
		const refused = attempt.records
			.filter(({ observation }) => observation.outcome === 'refused')
			.map(({ sequence, observation }) => `step ${sequence + 1}: ${observation.text}`);
		return { attempt, score, refused };
	}

	/** Plays and judges. Frames are kept only where a command could look at them. */
	finish(seed: string, actions: readonly Action[]): FinishedRun {
		const capture = actions.some((action) => action.kind === 'command');
		return this.judge(this.play(seed, actions, { capture }));
	}

	#notePatients(attempt: Attempt): void {
		for (const { patient } of attempt.world.records.orders) {
			this.patients++;
			if (!isSyntheticPatientId(patient.id)) this.foreignPatients.add(patient.id);
		}
	}
}
