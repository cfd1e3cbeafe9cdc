/**
 * `npm run bench [-- --quick]`: rates of the simulator beside those of its peers, measured in turns in the
 * same run. Prints medians with the least and greatest round, and ends with 1 when a target of
 * `bench/targets.ts` is missed. The contestants share the machine with whatever else runs: only ratios
 * and CPU times can be compared between runs.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { codecGroup } from './bench/codec-rates.ts';
import { startDcmtk } from './bench/dcmtk.ts';
import { kernelGroup } from './bench/kernel-rates.ts';
import { startAcceptor } from './bench/loopback.ts';
import { measureGroup, type Results } from './bench/measure.ts';
import { groupLines, targetLines } from './bench/report.ts';
import { startDcmjsDimse } from './bench/start-dcmjs-dimse.ts';
import { TARGETS } from './bench/targets.ts';
import { associationGroup, storeGroup } from './bench/transfer-rates.ts';
import { workingDayGroup } from './bench/working-day.ts';

const quick = process.argv.includes('--quick');
const started = performance.now();
const dcmtkStart = await startDcmtk();
const dcmtk = 'missing' in dcmtkStart ? undefined : dcmtkStart;
const own = await startAcceptor();
const ownForStorescu = await startAcceptor();
const dcmjsDimse = await startDcmjsDimse();
const peers = { own, ownForStorescu, dcmjsDimse, dcmtk };

console.log(
	`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, load ${loadavg()[0]?.toFixed(1)}`,
);
if (dcmtk) {
	console.log(
		`DCMTK ${dcmtk.version}, TCP_NODELAY=1: one storescu sends one file from memory 200 times; its start is part of the time.`,
	);
	if ('missing' in dcmtk.orthanc) {
		console.log(`skipped: comparison with Orthanc: ${dcmtk.orthanc.missing}`);
	}
} else if ('missing' in dcmtkStart) {
	console.log(`skipped: comparison with DCMTK: ${dcmtkStart.missing}`);
}

const results: Results = new Map();
// The day comes last: what it teaches the compiler about every kind of device slows the others down.
const groups = [
	kernelGroup,
	associationGroup(peers),
	storeGroup(peers),
	codecGroup,
	workingDayGroup,
];
try {
	for (const group of groups) {
		await measureGroup(group, group.rounds[quick ? 1 : 0], results);
		for (const line of groupLines(group, results)) console.log(line);
	}
} finally {
	dcmtk?.stop();
	own.stop();
	ownForStorescu.stop();
	dcmjsDimse.stop();
}

const { lines, missed } = targetLines(TARGETS, results);
for (const line of lines) console.log(line);
console.log(`\n${((performance.now() - started) / 1e3).toFixed(0)} s in all`);
if (missed > 0) {
	console.error(`${missed} of the targets ${missed === 1 ? 'is' : 'are'} missed.`);
	process.exit(1);
}
