import type { World } from '#lib/hospital/world.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { Action } from './action.ts';
import type { Facts, Observation } from './observation.ts';

/** One action of an attempt with everything it showed. */
export interface ActionRecord {
	sequence: number;
	action: Action;
	observation: Observation;
	facts: Facts;
	/** Indices into the world's trace: what happened while it was carried out. */
	traceFrom: number;
	traceTo: number;
	/** Whether it changed a setting or operated on something; looking and asking do not. */
	changed: boolean;
}

/** What checks judge: the world after the hold time, its trace, and what the trainee did. */
export interface Evidence {
	world: World;
	records: readonly ActionRecord[];
	/** When the trainee arrived, when the attempt ended, and until when the world was watched afterwards. */
	arrivalUs: Micros;
	endUs: Micros;
	watchedUntilUs: Micros;
	/** The settings of the same hospital without faults. */
	healthyConfiguration: ReadonlyMap<string, string>;
	/** The settings as the trainee found them. */
	foundConfiguration: ReadonlyMap<string, string>;
	/** Ways in which the healthy hospital already lets in too much, in words. */
	healthyExposures: ReadonlySet<string>;
	/** The scenario's faults, in words, and whether each is still there. */
	faults: readonly { id: string; title: string; present: boolean }[];
}

/** The last action that changed something, or undefined. */
export function lastChange(evidence: Evidence): ActionRecord | undefined {
	return evidence.records.findLast((record) => record.changed);
}
