import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One way of doing something, timed. `run` does it a fixed number of times and returns that number. */
export interface Contestant {
	id: string;
	title: string;
	run(): number | Promise<number>;
	/** Done before each round and not timed: wakes processes that have been idle for seconds. */
	warmUp?(): unknown;
	/** The work is done by other processes too, so this process's CPU time says nothing. */
	wallOnly?: boolean;
}

/** Contestants that are compared with each other, so that they take turns. */
export interface Group {
	title: string;
	contestants: readonly Contestant[];
	/** Rounds in a full run, and with `--quick`. */
	rounds: readonly [full: number, quick: number];
}

/**
 * `wall` is what a user waits for and the only clock for work in several processes; `cpu` is the CPU time
 * of this process with its collector threads, which hardly depends on what else the machine is doing.
 */
export type Clock = 'wall' | 'cpu';

/** Operations per second in one round, on both clocks. */
export type Sample = Record<Clock, number>;

/** The rounds of each contestant, by id; the same index is the same round within a group. */
export type Results = Map<string, Sample[]>;

export interface Spread {
	median: number;
	min: number;
	max: number;
}

// The forced collections below would take away compiled code that was not used for a while, and the next round
// would time the compiler.
setFlagsFromString('--no-flush-bytecode');
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Runs the rounds of a group: a first one that does not count, then each contestant once a round. */
export async function measureGroup(group: Group, rounds: number, results: Results): Promise<void> {
	const { contestants } = group;
	for (let round = -1; round < rounds; round++) {
		for (let turn = 0; turn < contestants.length; turn++) {
			// Another one begins each round, and every other round goes backwards, so that no one always follows the
			// same neighbour and has its leavings swept beside it.
			const place = round % 2 === 0 ? turn : contestants.length - 1 - turn;
			const contestant = contestants[(place + round + 1) % contestants.length] as Contestant;
			const sample = await measureOnce(contestant);
			if (round < 0) continue;
			const samples = results.get(contestant.id);
			if (samples) samples.push(sample);
			else results.set(contestant.id, [sample]);
		}
	}
}

async function measureOnce(contestant: Contestant): Promise<Sample> {
	// What the one before left behind is not this one's work.
	collectGarbage();
	await contestant.warmUp?.();
	const cpu = process.cpuUsage();
	const startMs = performance.now();
	const count = await contestant.run();
	const wallS = (performance.now() - startMs) / 1e3;
	const used = process.cpuUsage(cpu);
	const cpuS = (used.user + used.system) / 1e6;
	return { wall: count / wallS, cpu: contestant.wallOnly ? NaN : count / cpuS };
}

/** Median, least and greatest. Throws a RangeError for an empty list. */
export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle];
	const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
	if (lower === undefined || upper === undefined) throw new RangeError('nothing was measured');
	return { median: (lower + upper) / 2, min: sorted[0] as number, max: sorted.at(-1) as number };
}
