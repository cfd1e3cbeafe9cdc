import type { Action } from '#lib/lab/action.ts';
import type { Facts, Observation } from '#lib/lab/observation.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { Debrief } from '#lib/scoring/score.ts';
import type {
	AttemptEngine,
	Grade,
	RunInSlices,
	ScenarioInfo,
	World,
} from '#lib/server/attempts/engine.ts';

/** Stands in every fact and must never be found in what leaves the server. */
export const SECRET = 'secret-fact-of-the-counting-engine';

const SECOND_US = 1_000_000;

/** What a test can look at and change while worlds run. */
export interface CountingEngine extends AttemptEngine {
	scenarios: Map<string, ScenarioInfo>;
	/** How often a world was opened, an action begun, an attempt graded. */
	counts: { opened: number; begun: number; graded: number };
	/** Added to every observation: a changed simulator. */
	dialect: string;
	/** What grading throws, if anything. */
	gradingFailure: Error | undefined;
	/** How much of the service grading finds restored. */
	restoredPercent: number;
}

/**
 * The simplest simulator there can be: every action takes a second of virtual time and 5000 events, and what it
 * shows depends on the seed and on all actions before.
 */
export function createCountingEngine(): CountingEngine {
	const engine: CountingEngine = {
		scenarios: new Map([
			['count-up', scenarioInfo('count-up', 1)],
			['count-down', scenarioInfo('count-down', 2)],
		]),
		counts: { opened: 0, begun: 0, graded: 0 },
		dialect: '',
		gradingFailure: undefined,
		restoredPercent: 0,
		open: (scenarioId, seed) => {
			const info = engine.scenarios.get(scenarioId);
			if (!info) throw new Error(`No scenario ${scenarioId}`);
			engine.counts.opened += 1;
			return new CountingWorld(engine, info, seed);
		},
	};
	return engine;
}

function scenarioInfo(id: string, level: number): ScenarioInfo {
	return {
		...{ id, version: 1, title: `Title of ${id}`, summary: 'Counts.', level, minutes: 5 },
		...{ kind: 'drill', hospitalTitle: 'Counting house' },
		objectives: ['counting.one'],
		blueprint: [{ exam: 'CIIP', code: 'A.1' }],
	};
}

class CountingWorld implements World {
	closed = false;
	readonly #engine: CountingEngine;
	readonly #info: ScenarioInfo;
	readonly #seed: string;
	readonly #history: WorkbenchView['history'] = [];
	#pendingEvents = 5_000;
	#pending: Action | undefined;
	#sum = 0;

	constructor(engine: CountingEngine, info: ScenarioInfo, seed: string) {
		this.#engine = engine;
		this.#info = info;
		this.#seed = seed;
	}

	advance(maxEvents: number): boolean {
		this.#pendingEvents = Math.max(0, this.#pendingEvents - maxEvents);
		return this.#pendingEvents === 0;
	}

	begin(action: Action): void {
		if (this.#pending || this.#pendingEvents > 0) throw new Error('Something is pending.');
		if (this.closed) throw new Error('Closed.');
		this.#engine.counts.begun += 1;
		this.#pending = action;
		this.#pendingEvents = 5_000;
	}

	take(): { observation: Observation; facts: Facts } {
		const action = this.#pending;
		if (!action || this.#pendingEvents > 0) throw new Error('Nothing is finished.');
		this.#pending = undefined;
		for (const character of this.#seed + JSON.stringify(action)) {
			this.#sum = (this.#sum * 31 + character.charCodeAt(0)) % 1_000_003;
		}
		const sequence = this.#history.length;
		const observation: Observation = {
			place: 'desk',
			startedUs: sequence * SECOND_US,
			endedUs: (sequence + 1) * SECOND_US,
			outcome: 'done',
			text: `sum ${this.#sum}${this.#engine.dialect}`,
		};
		this.#history.push({ sequence, action, observation });
		this.closed = action.kind === 'close';
		return { observation, facts: [`${SECRET}: ${this.#sum}`] };
	}

	view(): WorkbenchView {
		const { id, version, title, level, minutes, hospitalTitle } = this.#info;
		const nowUs = this.#history.length * SECOND_US;
		return {
			scenario: { id, version, title, level, minutes, hospitalTitle },
			status: this.closed ? 'closed' : 'open',
			clock: { nowUs, wallTime: '2026-03-09T07:40:00' },
			ticket: {
				...{ number: 'T-1', from: 'Ada', fromRole: 'Counter', priority: 'routine' },
				...{ openedAt: '2026-03-09T07:40:00', text: 'Count.', informed: [] },
			},
			map: { networks: [], nodes: [], links: [] },
			...{ shells: [], people: [], commands: [] },
			vocabulary: { components: [], layers: [], mechanisms: [] },
			hints: { taken: [], left: 0, costPercentNext: 0 },
			files: [{ path: '/captures/sum.pcapng', sizeBytes: 3 }],
			history: [...this.#history],
		};
	}

	readFile(path: string): Uint8Array | undefined {
		return path === '/captures/sum.pcapng' ? new Uint8Array([1, 2, 3]) : undefined;
	}

	readFiles(path: string): [path: string, bytes: Uint8Array][] {
		const files: [string, Uint8Array][] = [['/captures/sum.pcapng', new Uint8Array([1, 2, 3])]];
		return files.filter(([file]) => file === path || file.startsWith(`${path}/`));
	}

	capture(): Iterable<Uint8Array> {
		return [new Uint8Array([1, 2]), new Uint8Array([3])];
	}

	async grade(runInSlices: RunInSlices): Promise<Grade> {
		this.#engine.counts.graded += 1;
		const { gradingFailure, restoredPercent } = this.#engine;
		this.#pendingEvents = 50_000;
		await runInSlices((maxEvents) => this.advance(maxEvents));
		if (gradingFailure) throw gradingFailure;
		const debrief = debriefWith(72.5, restoredPercent, `sum ${this.#sum}`);
		// Whoever uses this world afterwards would notice.
		this.#sum = 0;
		this.#history.length = 0;
		return { total: debrief.score.total, debrief };
	}
}

function debriefWith(total: number, restoredPercent: number, fingerprint: string): Debrief {
	const restored = {
		id: 'restored' as const,
		title: 'Restored',
		points: restoredPercent / 2,
		maximum: 50,
	};
	return {
		score: {
			...{ rubric: 'counting', total, hintFactor: 1, passed: false },
			gate: { factor: 1, reasons: [] },
			...{ dimensions: [restored], lines: [] },
		},
		...{ causes: [], stated: undefined, text: 'Counted.', references: [], solution: [] },
		impact: { delayedStudies: 0, patientMinutes: 0, lostInstances: 0 },
		...{ story: [], fingerprint },
	};
}
