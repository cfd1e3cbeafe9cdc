import type { Attempt } from '../attempt.ts';
import type { Content } from '../content.ts';
import type { Certificate, Claim, ProofOptions } from './certificate.ts';
import { leaksIn } from './leaks.ts';
import { ProofRuns } from './proof-runs.ts';
import { wrongRepairs } from './wrong-repairs.ts';

/** Claims about how things are found, before any repair, are looked at on this many seeds at most. */
const ARRIVAL_SEEDS_MAX = 5;
const STUCK_AFTER_US = 600_000_000;

/** What a step of the proof works with. */
interface Proof {
	runs: ProofRuns;
	seeds: readonly string[];
	firstSeed: string;
	claim(title: string, holds: boolean, detail: string): void;
}

/** Proves what a scenario must keep before it is released; every claim comes with what was measured. */
export function prove(content: Content, scenarioId: string, options: ProofOptions): Certificate {
	const scenario = content.scenarios.get(scenarioId);
	if (!scenario) throw new RangeError(`no scenario "${scenarioId}"`);
	if (options.seeds < 1) throw new RangeError('a proof needs at least one seed');
	const seeds = Array.from({ length: options.seeds }, (_, i) => `proof-${i + 1}`);
	const claims: Claim[] = [];
	const proof: Proof = {
		runs: new ProofRuns(content, scenario, options.score),
		seeds,
		firstSeed: 'proof-1',
		claim(title, holds, detail) {
			claims.push({ title, holds, detail });
			options.progress?.(`${holds ? 'ok  ' : 'FAIL'} ${title}: ${detail}`);
		},
	};
	proveHealthy(proof);
	proveArrival(proof);
	const idle = proof.runs.finish(proof.firstSeed, []);
	proof.claim('Doing nothing fails', !idle.score.passed, `total ${idle.score.total}`);
	const fingerprint = proveSolutions(proof);
	proveWrong(proof);
	proveChecks(proof);
	const { patients, foreignPatients } = proof.runs;
	proof.claim(
		'Only synthetic identities',
		foreignPatients.size === 0,
		foreignPatients.size === 0
			? `${patients} patients, all from the reserved range`
			: [...foreignPatients].join(', '),
	);
	return {
		scenario: scenario.id,
		version: scenario.version,
		claims,
		holds: claims.every((claim) => claim.holds),
		fingerprint,
	};
}

/** Without the faults nothing fails: every study arrives, no association is rejected. */
function proveHealthy({ runs, seeds, claim }: Proof): void {
	const problems: string[] = [];
	const looked = seeds.slice(0, ARRIVAL_SEEDS_MAX);
	for (const seed of looked) {
		const { world } = runs.play(seed, [], { healthy: true, capture: false });
		const bad = world.kernel.trace.events.filter(
			({ kind }) => kind === 'association-rejected' || kind === 'store-refused',
		);
		if (bad.length > 0) problems.push(`${seed}: ${bad.length} refusals`);
		const stuck = world.records.orders.filter(
			({ acquiredUs, archivedUs }) =>
				acquiredUs !== undefined &&
				archivedUs === undefined &&
				world.kernel.nowUs - acquiredUs > STUCK_AFTER_US,
		);
		if (stuck.length > 0) problems.push(`${seed}: ${stuck.length} studies stuck`);
	}
	claim(
		'The hospital is healthy without the faults',
		problems.length === 0,
		problems.join('; ') || `no refusal, no study stuck, ${seedsText(looked.length)}`,
	);
}

/** What the ticket tells can be seen, one symptom after the other; what the browser gets gives nothing away. */
function proveArrival({ runs, seeds, firstSeed, claim }: Proof): void {
	const { scenario } = runs;
	const { symptoms } = scenario.ticket;
	const looked = seeds.slice(0, ARRIVAL_SEEDS_MAX);
	const showing = (attempt: Attempt): boolean[] =>
		symptoms.map(({ action, shows }) =>
			JSON.stringify(attempt.perform(action).observation).includes(shows),
		);
	const leaks = new Set<string>();
	const seen = looked.map((seed) => {
		const attempt = runs.arrive(seed, { capture: false });
		for (const leak of leaksIn(scenario, attempt.view())) leaks.add(leak);
		const shown = showing(attempt);
		for (const leak of leaksIn(scenario, attempt.view())) leaks.add(leak);
		return shown;
	});
	const healthy = showing(runs.arrive(firstSeed, { healthy: true, capture: false }));
	for (const [i, symptom] of symptoms.entries()) {
		const count = seen.filter((shown) => shown[i]).length;
		claim(
			`The ticket is true: ${symptom.says}`,
			count === looked.length,
			`seen on ${count} of ${seedsText(looked.length)}${healthy[i] ? ', also in the healthy hospital' : ''}`,
		);
	}
	claim(
		'The ticket tells of something wrong',
		healthy.includes(false),
		`${healthy.filter((shown) => !shown).length} of ${symptoms.length} symptoms come from the faults`,
	);
	claim(
		'No answer leaks to the browser',
		leaks.size === 0,
		leaks.size === 0 ? 'no secret in the view' : [...leaks].join('; '),
	);
}

function proveSolutions({ runs, seeds, claim }: Proof): string {
	let first = '';
	for (const solution of runs.scenario.solutions) {
		const totals: number[] = [];
		let unequal = 0;
		const reasons = new Set<string>();
		for (const seed of seeds) {
			const fingerprint = runs.play(seed, solution.actions).fingerprint();
			const { attempt, score, refused } = runs.judge(runs.play(seed, solution.actions));
			if (attempt.fingerprint() !== fingerprint) unequal++;
			if (first === '') first = fingerprint;
			totals.push(score.passed ? score.total : Math.min(score.total, solution.minimum - 1));
			for (const step of refused) reasons.add(step);
			if (score.total < solution.minimum) for (const rule of score.failed) reasons.add(rule);
		}
		const lowest = Math.min(...totals);
		claim(
			`Solution “${solution.id}” reaches ${solution.minimum}`,
			lowest >= solution.minimum && reasons.size === 0,
			`lowest ${lowest} on ${seedsText(seeds.length)}${reasons.size > 0 ? `; short at ${[...reasons].join(', ')}` : ''}`,
		);
		claim(
			`Solution “${solution.id}” is deterministic`,
			unequal === 0,
			`${unequal} of ${seedsText(seeds.length)} with unequal fingerprints`,
		);
	}
	return first;
}

function proveWrong({ runs, firstSeed, claim }: Proof): void {
	for (const wrong of runs.scenario.wrong) {
		const { score, refused } = runs.finish(firstSeed, wrong.actions);
		const missing = wrong.fails.filter((id) => !score.failed.has(id));
		const problems = [
			...(score.passed ? ['it passes'] : []),
			...(missing.length > 0 ? [`does not fail ${missing.join(', ')}`] : []),
			...refused.map((step) => `could not be tried, ${step}`),
		];
		claim(
			`Wrong repair “${wrong.id}” fails as stated`,
			problems.length === 0,
			`total ${score.total}, ${problems.join('; ') || `fails ${wrong.fails.join(', ')}`}`,
		);
	}
	const found = runs.arrive(firstSeed, { capture: false });
	for (const repair of wrongRepairs(runs.scenario, found.world)) {
		const { score } = runs.finish(firstSeed, repair.actions);
		const worse = repair.mustFail ? !score.passed : score.total < 100;
		claim(
			`Generated wrong repair: ${repair.title}`,
			worse,
			`total ${score.total}${score.passed ? '' : ', not passed'}`,
		);
	}
}

/** A check that always holds, or never, tells nothing. The runs made so far must show both of each. */
function proveChecks({ runs, claim }: Proof): void {
	const ids = runs.scenario.checks.map((check) => check.id);
	const problems = [
		...ids.filter((id) => !runs.held.has(id)).map((id) => `${id} never passed`),
		...ids.filter((id) => !runs.failed.has(id)).map((id) => `${id} never failed`),
	];
	claim(
		'Every check can pass and fail',
		problems.length === 0,
		problems.join('; ') || `${ids.length} checks, both seen of each`,
	);
}

function seedsText(count: number): string {
	return count === 1 ? '1 seed' : `${count} seeds`;
}
