/**
 * Runs fuzz cases in a thread of its own, so that a hang or exhausted memory ends this thread and not the
 * program. Tells the main thread before each case which one it is, in shared memory: a message would not
 * leave a thread that hangs.
 */
import { setFlagsFromString, getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '#lib/kernel/random.ts';
import { mutate } from './mutate.ts';
import { FUZZ_TARGETS } from './targets/catalogue.ts';

/** What the main thread asks for. */
export interface FuzzOrder {
	seed: string;
	seconds: number;
	/** Names; all of them when empty. */
	targets: readonly string[];
	/** One case only, to look at it again. */
	onlyCase: number | undefined;
	/** [target index, case number], the latter in two halves. */
	progress: Int32Array;
}

/** A case that went wrong. */
export interface FuzzFailure {
	target: string;
	case: number;
	problem: string;
	input: Uint8Array;
}

export type FuzzReport =
	| { kind: 'failure'; failure: FuzzFailure }
	| {
			kind: 'target';
			name: string;
			cases: number;
			seconds: number;
			longestMs: number;
			/** What was still held after the target's cases and a collection, in bytes. */
			keptBytes: number;
	  }
	| { kind: 'done' };

/** Cases between two looks at the clock. */
const CASES_A_LOOK = 64;
/** What one case may hold at its end. An input has 256 KB at most; copies and trees of it are fine. */
const MOST_BYTES_A_CASE = 128 * 1024 * 1024;

const order = workerData as FuzzOrder;
const report = (message: FuzzReport) => parentPort?.postMessage(message);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
	const { used_heap_size, external_memory } = getHeapStatistics();
	return used_heap_size + external_memory;
}

function runCase(index: number, number: number): { ms: number } | FuzzFailure {
	const target = FUZZ_TARGETS[index]!;
	order.progress[0] = index;
	order.progress[1] = number;
	const random = new Random(order.seed, `${target.name} ${number}`);
	const input = mutate(seedsOf(index), random);
	const before = heldBytes();
	const started = performance.now();
	try {
		target.run(input, random);
	} catch (error) {
		const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return { target: target.name, case: number, problem, input };
	}
	const ms = performance.now() - started;
	const grown = heldBytes() - before;
	if (grown > MOST_BYTES_A_CASE) {
		const problem = `${Math.round(grown / 2 ** 20)} MB allocated for an input of ${input.length} bytes`;
		return { target: target.name, case: number, problem, input };
	}
	return { ms };
}

const seeds = new Map<number, Uint8Array[]>();

function seedsOf(index: number): Uint8Array[] {
	const known = seeds.get(index);
	if (known) return known;
	const made = FUZZ_TARGETS[index]!.seeds();
	seeds.set(index, made);
	return made;
}

/** Runs cases for that long; the cases go on where the target's last turn ended. */
function runTarget(index: number, seconds: number): void {
	const target = FUZZ_TARGETS[index]!;
	for (const seed of seedsOf(index)) {
		if (target.understands(seed)) continue;
		const problem = 'a well-formed seed is not understood';
		report({ kind: 'failure', failure: { target: target.name, case: -1, problem, input: seed } });
		return;
	}
	collectGarbage();
	const before = heldBytes();
	const started = performance.now();
	let cases = 0;
	let longestMs = 0;
	while (performance.now() - started < seconds * 1e3) {
		for (let i = 0; i < CASES_A_LOOK; i++) {
			const outcome = runCase(index, cases++);
			if ('problem' in outcome) {
				report({ kind: 'failure', failure: outcome });
				return;
			}
			longestMs = Math.max(longestMs, outcome.ms);
		}
	}
	const took = (performance.now() - started) / 1e3;
	// The first collection lets buffers go, the second one takes them.
	collectGarbage();
	collectGarbage();
	report({
		...{ kind: 'target', name: target.name, cases, seconds: took, longestMs },
		keptBytes: Math.max(0, heldBytes() - before),
	});
}

const chosen = FUZZ_TARGETS.flatMap(({ name }, index) =>
	order.targets.length === 0 || order.targets.includes(name) ? [index] : [],
);
for (const index of chosen) {
	if (order.onlyCase === undefined) runTarget(index, order.seconds / chosen.length);
	else {
		const outcome = runCase(index, order.onlyCase);
		if ('problem' in outcome) report({ kind: 'failure', failure: outcome });
	}
}
report({ kind: 'done' });
