import { expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { milliseconds, minutes, seconds } from '#lib/kernel/time.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { quietWorld } from './community-world.ts';

test('a scanner stopped while it sends leaves no association behind', () => {
	const world = quietWorld(undefined, 'stopped-scanner');
	startSchedule(world);
	const { kernel } = world;
	const scanner = world.device('ct1') as Modality;
	const archive = world.device('pacs') as Archive;
	const sending = (): boolean =>
		scanner.queue.some((job) => job.state === 'sending' && job.sentUids.size > 2);
	while (!sending() && kernel.nowUs < minutes(120)) {
		kernel.runUntil(kernel.nowUs + milliseconds(2));
	}
	expect(sending()).toBe(true);
	expect(archive.provider.associationsInUse).toBe(1);
	scanner.stop();
	kernel.runUntil(kernel.nowUs + seconds(2));
	expect(archive.provider.associationsInUse).toBe(0);
	// An association that it had released itself just before may still linger (RFC 9293, 3.3.2).
	const open = scanner.host.sockets().filter(({ state }) => state !== 'TIME_WAIT');
	expect(open).toEqual([]);
});
