/**
 * `npm run simulate-learners [-- --quick] [-- --seed=NAME]`: what the psychometrics promise, tried on simulated
 * learners whose true ability is known. Prints the calibration of the pass probability, the precision of adaptive
 * tests and the convergence of Elo difficulties, and ends with 1 when a bound is missed. Learners do not learn
 * during a run and have one ability only; real practice will be worse.
 */
import { simulateAdaptivePrecision } from './simulate-learners/adaptive-precision.ts';
import { boundLine, missedBy, type Bound } from './simulate-learners/bounds.ts';
import { simulateEloConvergence } from './simulate-learners/elo-convergence.ts';
import { simulatePassCalibration } from './simulate-learners/pass-calibration.ts';

const quick = process.argv.includes('--quick');
const seed =
	process.argv.find((argument) => argument.startsWith('--seed='))?.slice('--seed='.length) ??
	'learners';

const bounds: Bound[] = [];
const parts = [
	() => simulatePassCalibration(seed, quick ? 1_000 : 3_000),
	() => simulateAdaptivePrecision(seed, quick ? [200] : [200, 600], 600),
	() => simulateEloConvergence(seed, quick ? 1 : 3),
];
for (const part of parts) {
	const { lines, bounds: own } = part();
	for (const line of lines) console.log(line);
	bounds.push(...own);
}

console.log('\nbound'.padEnd(71) + 'limit'.padEnd(11) + 'measured');
for (const bound of bounds) console.log(boundLine(bound));
const { user, system } = process.cpuUsage();
console.log(`\nseed ${seed}, ${((user + system) / 1e6).toFixed(0)} s of CPU`);
const missed = bounds.filter((bound) => missedBy(bound) > 0);
if (missed.length > 0) {
	console.error(`${missed.length} of ${bounds.length} bounds missed:`);
	for (const bound of missed) console.error(boundLine(bound));
	process.exit(1);
}
