import { readFileSync } from 'node:fs';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import type { Group } from './measure.ts';

const FILE = 'scenarios/hospitals/community.yaml';
const OPENS = '2026-03-09T07:00';
const LENGTH_US = hours(10);

const loaded = loadHospital(FILE, readFileSync(FILE, 'utf8'));

/** The community hospital from 07:00 to 17:00, built and run, with every frame in the trace. */
function workingDay(): number {
	if (!('hospital' in loaded)) throw new Error(`${FILE} cannot be loaded`);
	const epochUs = parseIsoLocal(OPENS);
	if (epochUs === undefined) throw new Error(`${OPENS} is no time`);
	const world = new World(loaded.hospital, DEVICE_DEFINITIONS, {
		seed: 'bench',
		epochUs,
		capture: true,
	});
	world.start();
	startSchedule(world);
	world.kernel.runUntil(LENGTH_US);
	return 1;
}

export const workingDayGroup: Group = {
	title: 'Community hospital, 07:00 to 17:00 with capture (days)',
	rounds: [5, 2],
	contestants: [{ id: 'working-day', title: 'simulated working day', run: workingDay }],
};
