import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import { hours, minutes } from '#lib/kernel/time.ts';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { communityHospital, quietWorld, workingDay } from './community-world.ts';
import { illnessesOf } from './healthy-day.ts';

const spec = communityHospital();

test('the same seed gives the same day, here and in another process', { timeout: 120_000 }, () => {
	const digest = workingDay(spec, 'same').kernel.trace.digest();
	expect(workingDay(spec, 'same').kernel.trace.digest()).toBe(digest);
	const script = fileURLToPath(new URL('day-digest.ts', import.meta.url));
	const child = spawnSync(process.execPath, [script, 'same'], { encoding: 'utf8' });
	expect(child.stdout.trim(), child.stderr).toBe(digest);
	expect(workingDay(spec, 'other').kernel.trace.digest()).not.toBe(digest);
});

test('a day in small steps is the same day', { timeout: 60_000 }, () => {
	const whole = quietWorld(spec, 'steps');
	const stepped = quietWorld(spec, 'steps');
	for (const world of [whole, stepped]) startSchedule(world);
	whole.kernel.runUntil(hours(2));
	for (let at = 0; at <= 120; at += 7) while (!stepped.kernel.runUntil(minutes(at), 101));
	while (!stepped.kernel.runUntil(hours(2), 1));
	expect(stepped.kernel.trace.digest()).toBe(whole.kernel.trace.digest());
});

test('looking at consoles changes nothing', { timeout: 60_000 }, () => {
	const seen = quietWorld(spec, 'look');
	const unseen = quietWorld(spec, 'look');
	for (const world of [seen, unseen]) startSchedule(world);
	for (let at = 10; at <= 120; at += 10) {
		seen.kernel.runUntil(minutes(at));
		for (const device of seen.devices.values()) seen.console(device);
		seen.configuration();
	}
	unseen.kernel.runUntil(hours(2));
	expect(seen.kernel.trace.digest()).toBe(unseen.kernel.trace.digest());
});

test('without capture everything else happens as with it', { timeout: 60_000 }, () => {
	const withCapture = workingDay(spec, 'capture');
	const without = new World(spec, DEVICE_DEFINITIONS, {
		seed: 'capture',
		epochUs: withCapture.epochUs,
		capture: false,
	});
	without.start();
	startSchedule(without);
	without.kernel.runUntil(hours(10));
	const kinds = new Set(['frame', 'segment-frame', 'arp-frame']);
	const other = withCapture.kernel.trace.events.filter((event) => !kinds.has(event.kind));
	expect(without.kernel.trace.events).toEqual(other);
});

test.each(['s1', 's2', 's3', 's4', 's5'])(
	'the day of seed %s is healthy',
	{ timeout: 60_000 },
	(seed) => {
		const world = workingDay(spec, seed);
		expect(illnessesOf(world)).toEqual([]);
		const read = world.records.orders.filter((order) => order.status === 'read');
		expect(read.length).toBeGreaterThan(80);
		for (const device of ['ct1', 'ct2', 'dr1']) {
			expect(read.filter((order) => order.device === device).length).toBeGreaterThan(15);
		}
	},
);

test('the checks of a healthy day can fail', { timeout: 60_000 }, () => {
	const sick = quietWorld(spec, 'sick');
	startSchedule(sick);
	const { nodes } = (sick.device('pacs') as Archive).config;
	nodes.splice(
		nodes.findIndex((node) => node.aeTitle === 'CT2'),
		1,
	);
	sick.kernel.runUntil(hours(2));
	const illnesses = illnessesOf(sick).join('\n');
	expect(illnesses).toMatch(/was acquired but is not archived/);
	expect(illnesses).toMatch(/job ct2-1 failed: association rejected/);
	expect(illnesses).toMatch(/association-rejected at \d+ µs/);
	const blind = quietWorld(spec, 'blind');
	startSchedule(blind);
	blind.device('ws1').stop();
	blind.kernel.runUntil(hours(3));
	expect(illnessesOf(blind).join('\n')).toMatch(/is archived but was not read/);
});
