import { minutes } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { run, quietWorld } from '../../../../tests/simulation/community-world.ts';
import { placeOrder as place } from '../../../../tests/support/place-order.ts';
import type { World } from '../world.ts';
import { queryWorklist, type WorklistOutcome } from './modality/worklist-query.ts';
import type { Modality } from './modality/modality.ts';
import type { Ris } from './ris/ris.ts';

function query(world: World, stationAeTitle: string, date: string, called = 'RISMWL') {
	const ct1 = world.device('ct1') as Modality;
	const target = { ...ct1.target('worklist'), calledAeTitle: called };
	return run(
		world,
		queryWorklist(ct1, { target, stationAeTitle, modality: 'CT', date }),
	) as WorklistOutcome;
}

const accessions = (outcome: WorklistOutcome): string[] =>
	outcome.ok ? outcome.entries.map((entry) => entry.accessionNumber) : [outcome.fact];

test('the worklist is that of the station and the day asked for', () => {
	const world = quietWorld();
	const first = place(world, 'ct1', 10);
	place(world, 'ct2', 20);
	place(world, 'ct1', 30);
	place(world, 'ct1', 24 * 60);
	expect(accessions(query(world, 'CT1', '20260309'))).toEqual(['A1', 'A3']);
	expect(accessions(query(world, 'CT2', '20260309'))).toEqual(['A2']);
	expect(accessions(query(world, 'CT1', '20260310'))).toEqual(['A4']);
	expect(accessions(query(world, 'CT1', '20260309-20260310'))).toEqual(['A1', 'A3', 'A4']);
	expect(accessions(query(world, '', ''))).toEqual(['A1', 'A2', 'A3', 'A4']);
	expect(accessions(query(world, 'CT9', '20260309'))).toEqual([]);
	const outcome = query(world, 'CT1', '20260309');
	expect(outcome.ok && outcome.entries[0]).toMatchObject({
		accessionNumber: 'A1',
		patientId: first.patient.id,
		patientName: first.patient.name,
		description: 'CT Head without contrast',
		scheduledTime: '071000',
		priority: 'ROUTINE',
	});
});

test('a station that the RIS has under another AE title finds nothing', () => {
	const world = quietWorld();
	place(world, 'ct1', 10);
	(world.device('ris') as Ris).config.stations['ct1'] = 'CT1OLD';
	expect(accessions(query(world, 'CT1', '20260309'))).toEqual([]);
	expect(accessions(query(world, 'CT1OLD', '20260309'))).toEqual(['A1']);
});

test('a query that fails leaves the last list on the screen and says so', () => {
	const world = quietWorld();
	const ct1 = world.device('ct1') as Modality;
	place(world, 'ct1', 10);
	run(world, ct1.refreshWorklist());
	expect(ct1.worklist.map((entry) => entry.accessionNumber)).toEqual(['A1']);
	expect(accessions(query(world, 'CT1', '20260309', 'WRONG'))).toEqual(['rejected 1/1/7']);
	world.device('ris').stop();
	run(world, ct1.refreshWorklist());
	expect(ct1.worklist.length).toBe(1);
	expect(ct1.worklistStatus).toMatch(/^failed at \d\d:\d\d:\d\d: connection refused$/);
	expect(ct1.logFile.lines.at(-1)).toContain('worklist query failed: connection refused');
});

test('a patient is examined, and the study arrives at the archive whole', () => {
	const world = quietWorld();
	const ct1 = world.device('ct1') as Modality;
	const order = place(world, 'ct1', 0);
	run(world, ct1.examine(order));
	expect([order.status, order.instances.length, order.archivedUs]).toEqual([
		'acquired',
		10,
		undefined,
	]);
	world.kernel.runUntil(world.kernel.nowUs + minutes(1));
	expect(order.archivedUs).toBeGreaterThan(order.acquiredUs ?? Infinity);
	expect(ct1.queue.map((job) => [job.state, job.attempts, job.sentUids.size])).toEqual([
		['sent', 1, 10],
	]);
});

test('a send job is tried a few times, then left for a person, who sends it again', () => {
	const world = quietWorld();
	const ct1 = world.device('ct1') as Modality;
	const pacs = world.device('pacs');
	const order = place(world, 'ct1', 0);
	pacs.stop();
	run(world, ct1.examine(order));
	world.kernel.runUntil(world.kernel.nowUs + minutes(10));
	expect(ct1.queue).toMatchObject([
		{ state: 'failed', attempts: 3, lastError: 'connection refused' },
	]);
	pacs.start();
	world.kernel.runUntil(world.kernel.nowUs + minutes(10));
	expect(order.archivedUs).toBeUndefined();
	expect([ct1.sendAgain('nonsense'), ct1.sendAgain('ct1-1')]).toEqual([false, true]);
	world.kernel.runUntil(world.kernel.nowUs + minutes(1));
	expect(ct1.queue).toMatchObject([{ state: 'sent', lastError: '' }]);
	expect(order.archivedUs).toBeDefined();
});

test('deleting an unsent job loses images, and the trace says so', () => {
	const world = quietWorld();
	const ct1 = world.device('ct1') as Modality;
	const order = place(world, 'ct1', 0);
	world.device('pacs').stop();
	run(world, ct1.examine(order));
	world.kernel.runUntil(world.kernel.nowUs + minutes(10));
	expect(ct1.deleteJob('ct1-1')?.id).toBe('ct1-1');
	expect(world.kernel.trace.events.at(-1)).toMatchObject({
		kind: 'instances-deleted',
		sopInstanceUids: order.instances,
		hasOtherCopy: false,
	});
	expect(ct1.deleteJob('ct1-1')).toBeUndefined();
});
