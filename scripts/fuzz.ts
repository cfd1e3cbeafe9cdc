/**
 * `npm run fuzz [-- --seconds 60] [--seed TEXT] [--target NAME]... [--case N]`: mutated input for every reader of
 * strangers' bytes. Each case follows from seed, target and number alone, so a failure can be run again. Ends
 * with 1 when a case throws, takes longer than the limit, or memory is not bounded; the input is kept in a file.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FUZZ_TARGETS } from './fuzz/targets/catalogue.ts';
import type { FuzzFailure, FuzzOrder, FuzzReport } from './fuzz/worker.ts';

/** A case that takes longer hangs, for all practical purposes. */
const LONGEST_CASE_MS = 10_000;
/** What a target may still hold after its cases: caches, and what the collector has not given back. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
const MOST_HEAP_MB = 1_024;
const LOOK_MS = 500;

const { values } = parseArgs({
	options: {
		seconds: { type: 'string', default: '60' },
		seed: { type: 'string', default: 'fuzz' },
		target: { type: 'string', multiple: true, default: [] },
		case: { type: 'string' },
	},
});
const seconds = Number(values.seconds);
const onlyCase = values.case === undefined ? undefined : Number(values.case);
const names = FUZZ_TARGETS.map(({ name }) => name);
const unknown = values.target.find((name) => !names.includes(name));
if (unknown !== undefined) refuse(`There is no target "${unknown}". Known: ${names.join('; ')}`);
if (!(seconds > 0)) refuse('--seconds: a number above 0');

function refuse(problem: string): never {
	console.error(problem);
	process.exit(1);
}

const problems: string[] = [];

function fail({ target, case: number, problem, input }: FuzzFailure): void {
	const file = join(mkdtempSync(join(tmpdir(), 'fuzz-')), 'input.bin');
	writeFileSync(file, input);
	problems.push(
		`${target}: ${problem}\n  input (${input.length} bytes): ${file}\n  again: npm run fuzz -- --seed ${JSON.stringify(values.seed)} --target ${JSON.stringify(target)} --case ${number}`,
	);
}

const progress = new Int32Array(new SharedArrayBuffer(8));
const workerData: FuzzOrder = {
	...{ seed: values.seed, seconds, targets: values.target, onlyCase, progress },
};
const worker = new Worker(new URL('fuzz/worker.ts', import.meta.url), {
	workerData,
	resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
});

let cases = 0;
let last = '';
let lastSinceMs = performance.now();
const watch = setInterval(() => {
	const now = progress.join('/');
	if (now !== last) {
		last = now;
		lastSinceMs = performance.now();
	} else if (performance.now() - lastSinceMs > LONGEST_CASE_MS) {
		const target = FUZZ_TARGETS[progress[0] ?? 0]?.name ?? '';
		fail({
			...{ target, case: progress[1] ?? 0, input: new Uint8Array() },
			problem: `no end after ${LONGEST_CASE_MS / 1e3} s`,
		});
		void worker.terminate();
	}
}, LOOK_MS);

worker.on('message', (message: FuzzReport) => {
	if (message.kind === 'failure') fail(message.failure);
	if (message.kind !== 'target') return;
	cases += message.cases;
	const kept = message.keptBytes / 2 ** 20;
	console.log(
		`${message.name.padEnd(28)}${String(message.cases).padStart(9)} cases ${Math.round(
			message.cases / message.seconds,
		)
			.toString()
			.padStart(
				7,
			)}/s   longest ${message.longestMs.toFixed(0).padStart(5)} ms   kept ${kept.toFixed(1)} MB`,
	);
	if (message.keptBytes > MOST_KEPT_BYTES) {
		problems.push(
			`${message.name}: ${kept.toFixed(0)} MB are still held after the run; the limit is ${MOST_KEPT_BYTES / 2 ** 20} MB`,
		);
	}
});
worker.on('error', (error) => {
	const target = FUZZ_TARGETS[progress[0] ?? 0]?.name ?? '';
	problems.push(`${target}, case ${progress[1] ?? 0}: the thread ended: ${error.message}`);
});
worker.on('exit', () => {
	clearInterval(watch);
	for (const problem of problems) console.error(`\nFAILED ${problem}`);
	console.log(`\n${cases} cases, ${problems.length} problems, seed ${JSON.stringify(values.seed)}`);
	process.exit(problems.length === 0 ? 0 : 1);
});
