import { communityHospital, workingDay } from './community-world.ts';

/** Prints what working days and their fingerprints cost in seconds of CPU, after one to warm up. */

function cpuSeconds(since: NodeJS.CpuUsage): number {
	const { user, system } = process.cpuUsage(since);
	return (user + system) / 1e6;
}

const spec = communityHospital();
workingDay(spec, 'warm-up').kernel.trace.digest();
const days: number[] = [];
const digests: number[] = [];
for (const seed of ['one', 'two', 'three']) {
	const start = process.cpuUsage();
	const { trace } = workingDay(spec, seed).kernel;
	days.push(cpuSeconds(start));
	const digestStart = process.cpuUsage();
	trace.digest();
	digests.push(cpuSeconds(digestStart));
}
console.log(JSON.stringify({ days, digests }));
