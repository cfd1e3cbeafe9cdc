import { minutes } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { communityHospital, quietWorld } from '../../../tests/simulation/community-world.ts';
import { startSchedule } from './schedule.ts';

test('two healthy worlds of one file have one configuration, whatever the seed and the hour', () => {
	const spec = communityHospital();
	const before = quietWorld(spec, 'one').configuration();
	const busy = quietWorld(spec, 'two');
	startSchedule(busy);
	busy.kernel.runUntil(minutes(60));
	expect(busy.configuration()).toEqual(before);
	expect(before.get('pacs.ae-title')).toBe('PACS1');
	expect(before.get('pacs.nodes/CT1')).toContain('host=ct1');
	expect([...before.keys()].filter((key) => key.startsWith('fw1.')).length).toBeGreaterThan(5);
});

test('a world does not write into the file it was built from', () => {
	const spec = communityHospital();
	const world = quietWorld(spec);
	const archive = world.device('pacs');
	world.configure(archive, 'ae-title', 'OTHER');
	world.system('pacs').allocate('images', 1e9);
	world.host('fw1').firewall.defaultAction = 'allow';
	expect(spec).toEqual(communityHospital());
	expect(quietWorld(spec).configuration()).toEqual(quietWorld().configuration());
});

test('every console can be looked at, and shows plain data', () => {
	const world = quietWorld();
	startSchedule(world);
	world.kernel.runUntil(minutes(90));
	for (const device of world.devices.values()) {
		const view = world.console(device);
		expect(JSON.parse(JSON.stringify(view))).toEqual(view);
		expect(view.status.length).toBeGreaterThan(0);
		for (const table of view.tables) {
			const ids = table.rows.map((row) => row.id);
			expect(new Set(ids).size).toBe(ids.length);
			for (const row of table.rows) {
				for (const { id } of table.columns) expect(row.cells[id]).toBeTypeOf('string');
			}
		}
	}
});

test('a stopped service has no processes left, and a restart brings it back', () => {
	const world = quietWorld();
	for (const device of world.devices.values()) device.stop();
	world.kernel.runUntil(minutes(1));
	expect(world.kernel.nextEventUs).toBeUndefined();
	for (const device of world.devices.values()) device.start();
	for (const device of world.devices.values()) expect(device.state).toBe('running');
	expect(world.kernel.nextEventUs).toBeDefined();
});

test('a clock that is wrong shows in the stamps of its own log only', () => {
	const world = quietWorld();
	expect(world.device('ct2').logFile.lines[0]).toMatch(/^2026-03-09 06:59:57\.000 INFO /);
	expect(world.device('pacs').logFile.lines[0]).toMatch(/^2026-03-09 07:00:00\.000 INFO /);
});

test('what is not there is a RangeError', () => {
	const world = quietWorld();
	expect(() => world.device('x')).toThrow(RangeError);
	expect(() => world.host('x')).toThrow(RangeError);
	expect(() => world.system('x')).toThrow(RangeError);
	expect(() => world.definition('x')).toThrow(RangeError);
});
