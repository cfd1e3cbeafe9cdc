import { filesAt } from '#lib/hospital/desk.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import type { Task } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { Action } from './action.ts';
import type { Content } from './content.ts';
import { deskCapture } from './desk-capture.ts';
import { deskFiles } from './desk-files.ts';
import type { CaseFile } from './case-file.ts';
import type { ActionRecord } from './evidence.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import type { Facts, Observation } from './observation.ts';
import { performAction, type Performed } from './perform-action.ts';
import { Whereabouts } from './reach.ts';
import type { Scenario, ScenarioFault } from './scenario-schema.ts';
import type { Uploads } from './upload.ts';
import { pickVariables, substitute } from './variables.ts';
import { viewWorkbench } from './view-workbench.ts';
import type { WorkbenchView } from './workbench-view.ts';

/** An action came at a moment when none can be taken. */
export class IllegalAction extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'IllegalAction';
	}
}

export interface AttemptOptions {
	/** Leave the faults out, to compare with what would have happened. Distractors stay. */
	healthy?: boolean;
	/** Keep frames for captures; true unless told otherwise. */
	capture?: boolean;
	/** Where uploaded files are found; nowhere unless given. */
	uploads?: Uploads;
}

/** How long the hospital is watched after the end, to see whether the repair holds. */
const HOLD_US = seconds(75 * 60);
const EVENT_BUDGET = 20_000_000;

/**
 * One trainee's run as a fold: (scenario version, seed, actions) determine everything. The hospital first
 * warms up to the moment the trainee arrives; then actions are performed one after the other. Work can be
 * advanced in slices so that a server never blocks for long.
 */
export class Attempt {
	readonly scenario: Scenario;
	readonly seed: string;
	readonly world: World;
	readonly records: ActionRecord[] = [];
	readonly arrivalUs: Micros;
	readonly hintsTaken: string[] = [];
	readonly #whereabouts: Whereabouts;
	readonly #uploads: Uploads;
	readonly #faults: { id: string; title: string; present(): boolean }[] = [];
	readonly #healthyConfiguration: ReadonlyMap<string, string>;
	readonly #healthyExposures: ReadonlySet<string>;
	#foundConfiguration: ReadonlyMap<string, string> = new Map();
	#arrived = false;
	#pending:
		| { action: Action; task: Task<Performed>; traceFrom: number; exposures: Set<string> }
		| undefined;
	#finished: { observation: Observation; facts: Facts } | undefined;
	#result: Performed | undefined;
	#closedUs: Micros | undefined;
	#watchedUntilUs: Micros | undefined;

	/** Throws a RangeError for an unknown scenario. The world is made at once, its warm-up is pending. */
	constructor(content: Content, scenarioId: string, seed: string, options: AttemptOptions = {}) {
		const scenario = content.scenarios.get(scenarioId);
		if (!scenario) throw new RangeError(`no scenario "${scenarioId}"`);
		const { hospital, ...rest } = scenario;
		this.scenario = { ...substitute(rest, pickVariables(scenario.vars, seed)), hospital };
		this.seed = seed;
		this.#uploads = options.uploads ?? (() => undefined);
		const faults = options.healthy ? [] : this.scenario.faults;
		const events = [...faults, ...this.scenario.distractors];
		this.arrivalUs = Math.max(scenario.warmUp, ...events.map((fault) => seconds(60) - fault.at));
		this.world = new World(hospital, DEVICE_DEFINITIONS, {
			seed,
			epochUs: scenario.start - this.arrivalUs,
			capture: options.capture ?? true,
			eventBudget: EVENT_BUDGET,
		});
		this.#whereabouts = new Whereabouts(this.world);
		for (const [path, bytes] of deskFiles(this.world)) {
			this.world.system(hospital.desk).files.set(path, bytes);
		}
		this.#healthyConfiguration = this.world.configuration();
		this.#healthyExposures = new Set(exposuresOf(this.world));
		this.world.start();
		startSchedule(this.world);
		for (const fault of faults) this.#schedule(fault, true);
		for (const fault of this.scenario.distractors) this.#schedule(fault, false);
	}

	get closed(): boolean {
		return this.#closedUs !== undefined;
	}

	get actions(): readonly Action[] {
		return this.records.map((record) => record.action);
	}

	/** Runs a slice of the pending work; true when nothing is pending. */
	advance(maxEvents = Infinity): boolean {
		if (!this.#arrived) return this.#warmUp(maxEvents);
		if (!this.#pending) return true;
		if (!this.world.kernel.runTask(this.#pending.task, maxEvents)) return false;
		this.#finish(this.#pending);
		this.#pending = undefined;
		return true;
	}

	/** Begins an action; {@link advance} carries it out and {@link take} gives what it showed. */
	begin(action: Action): void {
		if (!this.#arrived) throw new IllegalAction('the hospital is still starting');
		if (this.#pending) throw new IllegalAction('another action is being carried out');
		if (this.closed) throw new IllegalAction('the ticket is closed');
		const stage = {
			world: this.world,
			scenario: this.scenario,
			whereabouts: this.#whereabouts,
			hintsTaken: this.hintsTaken,
			uploads: this.#uploads,
		};
		const traceFrom = this.world.kernel.trace.events.length;
		const exposures = new Set(exposuresOf(this.world));
		const sequence = this.records.length;
		this.world.kernel.record('action-begun', { sequence, action });
		const task = this.world.kernel.spawn(
			`trainee.${sequence}`,
			this.#keepResult(performAction(stage, action)),
		);
		this.#pending = { action, task, traceFrom, exposures };
	}

	/** What the action that has just ended showed. Throws {@link IllegalAction} when there is none. */
	take(): { observation: Observation; facts: Facts } {
		if (!this.#finished) throw new IllegalAction('no action has ended');
		const finished = this.#finished;
		this.#finished = undefined;
		return finished;
	}

	/** Begins, carries out and takes in one call. */
	perform(action: Action): { observation: Observation; facts: Facts } {
		this.advance();
		this.begin(action);
		this.advance();
		return this.take();
	}

	view(): WorkbenchView {
		return viewWorkbench({
			world: this.world,
			scenario: this.scenario,
			records: this.records,
			hintsTaken: this.hintsTaken,
			closed: this.closed,
			arrivalUs: this.arrivalUs,
		});
	}

	/** A file on the desk. */
	readFile(path: string): Uint8Array | undefined {
		return this.world.system(this.world.spec.desk).files.get(path);
	}

	/** A file on the desk, or all that lie below a folder, in order of path. */
	readFiles(path: string): [path: string, bytes: Uint8Array][] {
		return filesAt(this.world.system(this.world.spec.desk).files, path);
	}

	/** What the desk has sent and received since the trainee arrived; see {@link deskCapture}. */
	capture(): Generator<Uint8Array, number, undefined> {
		return deskCapture(this.world, this.records, this.arrivalUs);
	}

	/** SHA-256 over everything that has happened. */
	fingerprint(): string {
		return this.world.kernel.trace.digest();
	}

	/**
	 * Watches the hospital for the hold time after the end; true when done. Afterwards the attempt can be
	 * judged; it takes no more actions. Throws {@link IllegalAction} while something is still pending.
	 */
	watch(maxEvents = Infinity): boolean {
		if (!this.#arrived || this.#pending) throw new IllegalAction('the attempt is still under way');
		this.#closedUs ??= this.world.kernel.nowUs;
		const untilUs = this.#closedUs + HOLD_US;
		if (!this.world.kernel.runUntil(untilUs, maxEvents)) return false;
		this.#watchedUntilUs = untilUs;
		return true;
	}

	/** What checks and rubric judge. Throws {@link IllegalAction} before {@link watch} has ended. */
	evidence(): CaseFile {
		if (this.#watchedUntilUs === undefined || this.#closedUs === undefined) {
			throw new IllegalAction('the attempt has not been watched to its end');
		}
		return {
			scenario: this.scenario,
			world: this.world,
			records: this.records,
			arrivalUs: this.arrivalUs,
			endUs: this.#closedUs,
			watchedUntilUs: this.#watchedUntilUs,
			healthyConfiguration: this.#healthyConfiguration,
			foundConfiguration: this.#foundConfiguration,
			healthyExposures: this.#healthyExposures,
			faults: this.#faults.map(({ id, title, present }) => ({ id, title, present: present() })),
		};
	}

	#warmUp(maxEvents: number): boolean {
		if (!this.world.kernel.runUntil(this.arrivalUs, maxEvents)) return false;
		this.#arrived = true;
		this.#foundConfiguration = this.world.configuration();
		return true;
	}

	#schedule(fault: ScenarioFault, counts: boolean): void {
		const { id, kind, at, ...raw } = fault;
		const definition = FAULT_DEFINITIONS.get(kind);
		if (!definition) throw new RangeError(`no fault kind "${kind}"`);
		const parameters = definition.parameters.parse(raw);
		this.world.kernel.at(this.arrivalUs + at, () => {
			this.world.kernel.record('fault-injected', { id, fault: kind });
			definition.inject(this.world, parameters);
		});
		if (counts) {
			this.#faults.push({
				id,
				title: definition.title,
				present: () => definition.present(this.world, parameters),
			});
		}
	}

	*#keepResult(body: ReturnType<typeof performAction>): ReturnType<typeof performAction> {
		this.#result = yield* body;
		return this.#result;
	}

	#finish(pending: { action: Action; traceFrom: number; exposures: Set<string> }): void {
		const result = this.#result;
		if (!result) throw new IllegalAction('the action ended without a result');
		this.#result = undefined;
		const { observation, facts, changed } = result;
		const sequence = this.records.length;
		for (const exposure of exposuresOf(this.world)) {
			if (pending.exposures.has(exposure)) continue;
			this.world.kernel.record('exposure-opened', { exposure });
		}
		this.world.kernel.record('action-ended', { sequence, outcome: observation.outcome });
		this.records.push({
			sequence,
			action: pending.action,
			observation,
			facts,
			traceFrom: pending.traceFrom,
			traceTo: this.world.kernel.trace.events.length,
			changed,
		});
		this.#finished = { observation, facts };
		if (pending.action.kind === 'close') this.#closedUs = this.world.kernel.nowUs;
	}
}

/** Everything in a world that lets in more than it should. */
export function exposuresOf(world: World): string[] {
	return [...world.devices.values()].flatMap((device) => device.exposures());
}
