import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { readFileSync } from 'node:fs';

const FILE = new URL('../../scenarios/hospitals/community.yaml', import.meta.url);
const START_US = parseIsoLocal('2026-03-09T07:00') ?? NaN;

/** The community hospital as its file describes it. */
export function communityHospital(): HospitalSpec {
	const loaded = loadHospital('community.yaml', readFileSync(FILE, 'utf8'));
	if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
	return loaded.hospital;
}

/** Its devices are running; nobody is there yet. Monday, 9 March 2026, 07:00. */
export function quietWorld(spec: HospitalSpec = communityHospital(), seed = 'quiet'): World {
	const world = new World(spec, DEVICE_DEFINITIONS, { seed, epochUs: START_US });
	world.start();
	return world;
}

/** A working day of ten hours, 07:00 to 17:00. */
export function workingDay(spec: HospitalSpec, seed: string): World {
	const world = quietWorld(spec, seed);
	startSchedule(world);
	world.kernel.runUntil(hours(10));
	return world;
}

/** Runs a process to its end and returns what it returns. */
export function run<T>(world: World, body: Process<T>): T {
	const results: T[] = [];
	function* kept(): Process {
		results.push(yield* body);
	}
	if (!world.kernel.runTask(world.kernel.spawn('test', kept()))) throw new Error('did not end');
	return results[0] as T;
}
