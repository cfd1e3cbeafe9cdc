import type { Action } from '#lib/lab/action.ts';
import type { Facts, Observation } from '#lib/lab/observation.ts';
import type { Uploads } from '#lib/lab/upload.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { Debrief } from '#lib/scoring/score.ts';

/** What the catalogue tells of a scenario. Holds nothing that gives the fault away. */
export interface ScenarioInfo {
	id: string;
	version: number;
	title: string;
	summary: string;
	level: number;
	minutes: number;
	kind: 'lab' | 'drill' | 'shift';
	hospitalTitle: string;
	objectives: string[];
	blueprint: { exam: string; code: string }[];
}

export interface Grade {
	/** 0..100. */
	total: number;
	debrief: Debrief;
}

/** Calls `advance` with a number of events until it returns true, leaving room for others in between. */
export type RunInSlices = (advance: (maxEvents: number) => boolean) => Promise<void>;

/** One attempt in memory. Work is begun and then advanced in slices, so that nothing blocks for long. */
export interface World {
	/** Works off at most this many events; true when nothing is pending. A new world has its warm-up pending. */
	advance(maxEvents: number): boolean;
	/** Begins an action. Throws when one is pending or the attempt is closed. */
	begin(action: Action): void;
	/** The result of the action that has just been finished. */
	take(): { observation: Observation; facts: Facts };
	view(): WorkbenchView;
	readonly closed: boolean;
	/** A file on the desk. */
	readFile(path: string): Uint8Array | undefined;
	/** A file on the desk, or all that lie below a folder, by absolute path. */
	readFiles(path: string): [path: string, bytes: Uint8Array][];
	/** What the desk has sent and received, as a pcapng file in pieces that are made when asked for. */
	capture(): Iterable<Uint8Array>;
	/**
	 * Judges a closed attempt; everything that takes time goes through `runInSlices`. May let the hospital live
	 * on to see whether the repair holds, so the world is of no use afterwards.
	 */
	grade(runInSlices: RunInSlices): Promise<Grade>;
}

/**
 * What the attempt service needs of the simulator: the same scenario, seed and actions always give the
 * same observations, so a world can be rebuilt at any time.
 */
export interface AttemptEngine {
	readonly scenarios: ReadonlyMap<string, ScenarioInfo>;
	open(scenarioId: string, seed: string, uploads?: Uploads): World;
}
