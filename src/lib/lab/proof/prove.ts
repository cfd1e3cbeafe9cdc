import type { Action } from '../action.ts';
import { Attempt } from '../attempt.ts';
import type { Content } from '../content.ts';
import type { Scenario } from '../scenario-schema.ts';
import { leaksIn } from './leaks.ts';
import { wrongRepairs } from './wrong-repairs.ts';

/** What the prover needs of the layer above: the score of a finished attempt. */
export interface Scored {
	total: number;
	passed: boolean;
	/** Rule ids with points short of their maximum, of checks without the `check.` prefix. */
	failed: ReadonlySet<string>;
}

export interface ProofOptions {
	score(content: Content, attempt: Attempt): Scored;
	/** On how many seeds each solution is run, twice each. */
	seeds: number;
	progress?(text: string): void;
}

/** One thing that was proved or not. */
export interface Claim {
	title: string;
	holds: boolean;
	detail: string;
}

export interface Certificate {
	scenario: string;
	version: number;
	claims: Claim[];
	holds: boolean;
	/** The fingerprint of the first solution on the first seed. */
	fingerprint: string;
}

/** Plays actions to the end; an attempt that was not closed ends where its actions end. */
function play(
	content: Content,
	scenario: Scenario,
	seed: string,
	actions: readonly Action[],
): Attempt {
	const attempt = new Attempt(content, scenario.id, seed);
	attempt.advance();
	for (const action of actions) {
		if (attempt.closed) break;
		attempt.perform(action);
	}
	attempt.watch();
	return attempt;
}

/** Proves what a scenario must keep before it is released; every claim comes with what was measured. */
export function prove(content: Content, scenarioId: string, options: ProofOptions): Certificate {
	const scenario = content.scenarios.get(scenarioId);
	if (!scenario) throw new RangeError(`no scenario "${scenarioId}"`);
	const seeds = Array.from({ length: options.seeds }, (_, i) => `proof-${i + 1}`);
	const claims: Claim[] = [];
	const claim = (title: string, holds: boolean, detail: string): void => {
		claims.push({ title, holds, detail });
		options.progress?.(`${holds ? 'ok  ' : 'FAIL'} ${title}: ${detail}`);
	};
	proveHealthy(content, scenario, seeds, claim);
	proveSymptoms(content, scenario, seeds, claim);
	const idle = options.score(content, play(content, scenario, seeds[0] ?? '', []));
	claim('Doing nothing fails', !idle.passed, `total ${idle.total}`);
	const fingerprint = proveSolutions(content, scenario, seeds, options, claim);
	proveWrong(content, scenario, seeds[0] ?? '', options, claim);
	const leaks = leaksIn(content, scenario, seeds[0] ?? '');
	claim(
		'No answer leaks to the browser',
		leaks.length === 0,
		leaks.length === 0 ? 'no secret in the view' : leaks.join('; '),
	);
	return {
		scenario: scenario.id,
		version: scenario.version,
		claims,
		holds: claims.every((c) => c.holds),
		fingerprint,
	};
}

type Report = (title: string, holds: boolean, detail: string) => void;

/** Without the faults nothing fails: every study arrives, no association is rejected. */
function proveHealthy(content: Content, scenario: Scenario, seeds: string[], claim: Report): void {
	const problems: string[] = [];
	for (const seed of seeds.slice(0, 5)) {
		const attempt = new Attempt(content, scenario.id, seed, { healthy: true, capture: false });
		attempt.advance();
		attempt.watch();
		const { trace } = attempt.world.kernel;
		const bad = trace.events.filter(
			({ kind }) => kind === 'association-rejected' || kind === 'store-refused',
		);
		if (bad.length > 0) problems.push(`${seed}: ${bad.length} refusals`);
		const failed = attempt.world.records.orders.filter(
			(order) =>
				order.acquiredUs !== undefined &&
				order.archivedUs === undefined &&
				attempt.world.kernel.nowUs - order.acquiredUs > 600_000_000,
		);
		if (failed.length > 0) problems.push(`${seed}: ${failed.length} studies stuck`);
	}
	claim(
		'The hospital is healthy without the faults',
		problems.length === 0,
		problems.join('; ') || 'no refusal, no study stuck, 5 seeds',
	);
}

/** What the ticket tells can be seen with the faults; what it tells of failures cannot be seen without. */
function proveSymptoms(content: Content, scenario: Scenario, seeds: string[], claim: Report): void {
	for (const symptom of scenario.ticket.symptoms) {
		const seen = (seed: string, healthy: boolean): boolean => {
			const attempt = new Attempt(content, scenario.id, seed, { healthy, capture: false });
			attempt.advance();
			const { observation } = attempt.perform(symptom.action);
			return JSON.stringify(observation).includes(symptom.shows);
		};
		const shown = seeds.filter((seed) => seen(seed, false)).length;
		const alsoHealthy = seen(seeds[0] ?? '', true);
		claim(
			`The ticket is true: ${symptom.says}`,
			shown === seeds.length,
			`seen on ${shown} of ${seeds.length} seeds${alsoHealthy ? ', also in the healthy hospital' : ''}`,
		);
	}
}

function proveSolutions(
	content: Content,
	scenario: Scenario,
	seeds: string[],
	options: ProofOptions,
	claim: Report,
): string {
	let first = '';
	for (const solution of scenario.solutions) {
		const totals: number[] = [];
		let unequal = 0;
		const reasons = new Set<string>();
		for (const seed of seeds) {
			const runs = [0, 1].map(() => play(content, scenario, seed, solution.actions));
			const [a, b] = runs.map((attempt) => attempt.fingerprint());
			if (a !== b) unequal++;
			if (first === '') first = a ?? '';
			const score = options.score(content, runs[0] as Attempt);
			totals.push(score.passed ? score.total : Math.min(score.total, solution.minimum - 1));
			if (score.total < solution.minimum) for (const rule of score.failed) reasons.add(rule);
		}
		const lowest = Math.min(...totals);
		claim(
			`Solution “${solution.id}” reaches ${solution.minimum}`,
			lowest >= solution.minimum,
			`lowest ${lowest} on ${seeds.length} seeds${reasons.size > 0 ? `; lost at ${[...reasons].join(', ')}` : ''}`,
		);
		claim(
			`Solution “${solution.id}” is deterministic`,
			unequal === 0,
			`${unequal} of ${seeds.length} seeds with unequal fingerprints`,
		);
	}
	return first;
}

function proveWrong(
	content: Content,
	scenario: Scenario,
	seed: string,
	options: ProofOptions,
	claim: Report,
): void {
	for (const wrong of scenario.wrong) {
		const score = options.score(content, play(content, scenario, seed, wrong.actions));
		const missing = wrong.fails.filter((id) => !score.failed.has(id));
		claim(
			`Wrong repair “${wrong.id}” fails as stated`,
			missing.length === 0,
			missing.length === 0
				? `total ${score.total}, fails ${wrong.fails.join(', ')}`
				: `total ${score.total}, does not fail ${missing.join(', ')}`,
		);
	}
	for (const repair of wrongRepairs(content, scenario, seed)) {
		const score = options.score(content, play(content, scenario, seed, repair.actions));
		const worse = repair.mustFail ? !score.passed : score.total < 100;
		claim(
			`Generated wrong repair: ${repair.title}`,
			worse,
			`total ${score.total}${score.passed ? '' : ', not passed'}`,
		);
	}
}
